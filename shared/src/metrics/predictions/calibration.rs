//! Calibration: whether answers given with confidence p are right with frequency p (Naeini, Cooper and
//! Hauskrecht 2015; Guo et al. 2017).
//!
//! Confidences fall into B bins of equal width, (b/B, (b+1)/B], the first one closed below. With n_b answers in bin
//! b, acc_b their accuracy and conf_b their mean confidence:
//! ECE = sum_b (n_b/N) |acc_b - conf_b|, MCE = max_b |acc_b - conf_b|.

use crate::metrics::error::{MetricError, finite, in_range, same_length};

/// One bar of a reliability diagram.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CalibrationBin {
    /// Answers in the bin.
    pub answers: u64,
    /// Their accuracy; 0 for none.
    pub accuracy: f64,
    /// Their mean confidence; 0 for none.
    pub confidence: f64,
}

/// Calibration over a set of answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// Expected calibration error, in [0, 1].
    pub ece: f64,
    /// Maximum calibration error, in [0, 1].
    pub mce: f64,
    /// The bins from confidence 0 to 1, empty ones included.
    pub bins: Vec<CalibrationBin>,
}

/// Calibration from the confidence in each answer, in [0, 1], and whether it was right; 1 to 1000 bins.
///
/// # Errors
/// No answers, lengths that differ, a confidence that is not in [0, 1], a number of bins out of range.
pub fn calibration(confidence: &[f64], right: &[bool], bins: usize) -> Result<Calibration, MetricError> {
    finite(confidence)?;
    same_length(confidence, right)?;
    in_range(confidence.iter().all(|value| (0.0..=1.0).contains(value)), "a confidence")?;
    in_range((1..=1000).contains(&bins), "the number of bins")?;
    let edges: Vec<f64> = (1..bins).map(|edge| edge as f64 / bins as f64).collect();
    let mut filled = vec![CalibrationBin::default(); bins];
    for (confidence, right) in confidence.iter().zip(right) {
        let bin = &mut filled[edges.partition_point(|edge| edge < confidence)];
        bin.answers += 1;
        bin.accuracy += f64::from(u8::from(*right));
        bin.confidence += confidence;
    }
    let (mut ece, mut mce) = (0.0, 0.0f64);
    for bin in filled.iter_mut().filter(|bin| bin.answers > 0) {
        bin.accuracy /= bin.answers as f64;
        bin.confidence /= bin.answers as f64;
        let gap = (bin.accuracy - bin.confidence).abs();
        ece += gap * bin.answers as f64 / right.len() as f64;
        mce = mce.max(gap);
    }
    Ok(Calibration { ece, mce, bins: filled })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Bins (0, .5] with .5 (right) and .25 (wrong): |.5 - .375|; (.5, 1] with 1 (wrong): |0 - 1|.
    #[test]
    fn hand_computed() {
        let found = calibration(&[0.5, 1.0, 0.25], &[true, false, false], 2).unwrap();
        assert!((found.ece - (0.125 * 2.0 + 1.0) / 3.0).abs() < 1e-15);
        assert_eq!(found.mce, 1.0);
        assert_eq!(found.bins[0], CalibrationBin { answers: 2, accuracy: 0.5, confidence: 0.375 });
    }

    #[test]
    fn unusable_input_is_told() {
        assert_eq!(calibration(&[], &[], 10), Err(MetricError::Empty));
        assert!(matches!(calibration(&[0.5], &[], 10), Err(MetricError::LengthsDiffer { .. })));
        assert_eq!(calibration(&[f64::NAN], &[true], 10), Err(MetricError::NotFinite { index: 0 }));
        for (confidence, bins) in [(1.5, 10), (0.5, 0), (0.5, 1001)] {
            assert!(matches!(calibration(&[confidence], &[true], bins), Err(MetricError::OutOfRange { .. })));
        }
    }

    proptest! {
        #[test]
        fn bounded_and_no_answer_is_lost(
            answers in prop::collection::vec((0.0f64..=1.0, any::<bool>()), 1..80),
            bins in 1usize..30,
        ) {
            let (confidence, right): (Vec<f64>, Vec<bool>) = answers.into_iter().unzip();
            let found = calibration(&confidence, &right, bins).unwrap();
            prop_assert!(found.ece >= 0.0 && found.ece <= found.mce + 1e-12 && found.mce <= 1.0);
            prop_assert_eq!(found.bins.iter().map(|bin| bin.answers).sum::<u64>(), right.len() as u64);
            // One bin leaves the gap between accuracy and mean confidence, which no binning goes below.
            let coarse = calibration(&confidence, &right, 1).unwrap().ece;
            prop_assert!(found.ece >= coarse - 1e-12);
        }
    }
}
