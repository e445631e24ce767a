//! From right to wrong and back, under a perturbation (arXiv 2602.06652).
//!
//! A semantic overlay names options other than the prediction, so that its W->R exceeds its R->W by construction.

use super::Label;
use crate::metrics::error::{MetricError, same_length};
use crate::metrics::mean::share;

/// Counts of the four transitions; W->W also holds changes from one wrong answer to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transitions {
    /// R->R.
    pub right_to_right: u64,
    /// R->W.
    pub right_to_wrong: u64,
    /// W->R.
    pub wrong_to_right: u64,
    /// W->W.
    pub wrong_to_wrong: u64,
}

impl Transitions {
    /// Counts over instances: the truth, the clean and the perturbed prediction of each.
    ///
    /// # Errors
    /// Lengths that differ.
    pub fn of(truth: &[Label], clean: &[Label], perturbed: &[Label]) -> Result<Self, MetricError> {
        same_length(truth, clean)?;
        same_length(truth, perturbed)?;
        let mut counts = Self::default();
        for ((truth, clean), perturbed) in truth.iter().zip(clean).zip(perturbed) {
            *match (clean == truth, perturbed == truth) {
                (true, true) => &mut counts.right_to_right,
                (true, false) => &mut counts.right_to_wrong,
                (false, true) => &mut counts.wrong_to_right,
                (false, false) => &mut counts.wrong_to_wrong,
            } += 1;
        }
        Ok(counts)
    }

    /// All instances.
    pub fn instances(&self) -> u64 {
        self.right_to_right + self.right_to_wrong + self.wrong_to_right + self.wrong_to_wrong
    }

    /// R->W / (R->W + R->R); none when nothing was right.
    pub fn right_to_wrong_rate(&self) -> Option<f64> {
        share(self.right_to_wrong, self.right_to_wrong + self.right_to_right)
    }

    /// W->R / (W->R + W->W); none when nothing was wrong.
    pub fn wrong_to_right_rate(&self) -> Option<f64> {
        share(self.wrong_to_right, self.wrong_to_right + self.wrong_to_wrong)
    }

    /// Accuracy of the clean predictions, each counted once per instance.
    pub fn clean_accuracy(&self) -> Option<f64> {
        share(self.right_to_right + self.right_to_wrong, self.instances())
    }

    /// Accuracy of the perturbed predictions.
    pub fn perturbed_accuracy(&self) -> Option<f64> {
        share(self.right_to_right + self.wrong_to_right, self.instances())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hand_counted() {
        let found = Transitions::of(&[0, 0, 0, 1, 1, 1], &[0, 0, 0, 1, 0, 2], &[0, 0, 3, 0, 1, 3]).unwrap();
        let expected =
            Transitions { right_to_right: 2, right_to_wrong: 2, wrong_to_right: 1, wrong_to_wrong: 1 };
        assert_eq!(found, expected);
        assert_eq!((found.right_to_wrong_rate(), found.wrong_to_right_rate()), (Some(0.5), Some(0.5)));
        assert_eq!((found.clean_accuracy(), found.perturbed_accuracy()), (Some(4.0 / 6.0), Some(0.5)));
    }

    #[test]
    fn unusable_input_is_told() {
        let lengths = Err(MetricError::LengthsDiffer { left: 1, right: 2 });
        assert_eq!(Transitions::of(&[1], &[1, 2], &[1]), lengths);
        assert_eq!(Transitions::of(&[1], &[1], &[1, 2]), lengths);
        assert_eq!(Transitions::of(&[], &[], &[]).unwrap().right_to_wrong_rate(), None);
    }

    proptest! {
        /// What accuracy gains is what was won less what was lost.
        #[test]
        fn accuracy_changes_by_the_balance(rows in prop::collection::vec((0u32..4, 0u32..4, 0u32..4), 1..50)) {
            let column = |pick: fn(&(u32, u32, u32)) -> u32| rows.iter().map(pick).collect::<Vec<_>>();
            let found = Transitions::of(&column(|r| r.0), &column(|r| r.1), &column(|r| r.2)).unwrap();
            let gain = found.perturbed_accuracy().unwrap() - found.clean_accuracy().unwrap();
            let balance = found.wrong_to_right as f64 - found.right_to_wrong as f64;
            prop_assert!((gain - balance / rows.len() as f64).abs() < 1e-12);
        }
    }
}
