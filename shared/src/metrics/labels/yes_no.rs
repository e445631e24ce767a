//! POPE's scores of yes-or-no questions, with yes as the positive class (arXiv 2305.10355, arXiv 2602.06652).

use crate::metrics::error::{MetricError, same_length};
use crate::metrics::mean::share;

/// The confusion matrix, from which all scores follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct YesNo {
    /// Yes, and rightly.
    pub true_positives: u64,
    /// Yes, but the answer is no.
    pub false_positives: u64,
    /// No, but the answer is yes.
    pub false_negatives: u64,
    /// No, and rightly.
    pub true_negatives: u64,
}

impl YesNo {
    /// Counts; each value says whether the answer is yes. An answer that is neither is the caller's to read; POPE
    /// itself takes everything without a "no" or "not" for yes.
    ///
    /// # Errors
    /// Lengths that differ.
    pub fn of(truth: &[bool], predicted: &[bool]) -> Result<Self, MetricError> {
        same_length(truth, predicted)?;
        let mut counts = Self::default();
        for (truth, predicted) in truth.iter().zip(predicted) {
            *match (truth, predicted) {
                (true, true) => &mut counts.true_positives,
                (false, true) => &mut counts.false_positives,
                (true, false) => &mut counts.false_negatives,
                (false, false) => &mut counts.true_negatives,
            } += 1;
        }
        Ok(counts)
    }

    /// All questions.
    pub fn questions(&self) -> u64 {
        self.true_positives + self.false_positives + self.false_negatives + self.true_negatives
    }

    /// (TP + TN) / all.
    pub fn accuracy(&self) -> Option<f64> {
        share(self.true_positives + self.true_negatives, self.questions())
    }

    /// TP / (TP + FP); none when nothing was answered yes.
    pub fn precision(&self) -> Option<f64> {
        share(self.true_positives, self.true_positives + self.false_positives)
    }

    /// TP / (TP + FN); none when nothing is yes.
    pub fn recall(&self) -> Option<f64> {
        share(self.true_positives, self.true_positives + self.false_negatives)
    }

    /// 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall.
    pub fn f1(&self) -> Option<f64> {
        let twice = 2 * self.true_positives;
        share(twice, twice + self.false_positives + self.false_negatives)
    }

    /// FP / (FP + TN); none when nothing is no.
    pub fn false_positive_rate(&self) -> Option<f64> {
        share(self.false_positives, self.false_positives + self.true_negatives)
    }

    /// (TP + FP) / all.
    pub fn yes_rate(&self) -> Option<f64> {
        share(self.true_positives + self.false_positives, self.questions())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_computed() {
        let truth = [true, true, true, false, false, false, false, false];
        let found = YesNo::of(&truth, &[true, true, false, true, false, false, false, false]).unwrap();
        assert_eq!(found.accuracy(), Some(0.75));
        assert_eq!((found.precision(), found.recall()), (Some(2.0 / 3.0), Some(2.0 / 3.0)));
        assert_eq!(found.f1(), Some(2.0 / 3.0));
        assert_eq!((found.false_positive_rate(), found.yes_rate()), (Some(0.2), Some(0.375)));
    }

    #[test]
    fn what_divides_by_nothing_is_none() {
        let never = YesNo::of(&[false], &[false]).unwrap();
        assert_eq!((never.precision(), never.recall(), never.f1()), (None, None, None));
        assert_eq!(YesNo::default().accuracy(), None);
        assert!(YesNo::of(&[true], &[]).is_err());
    }
}
