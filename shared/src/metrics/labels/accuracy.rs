//! Accuracy, and the strict kind that asks for every trial of an item to be right.

use super::Label;
use crate::metrics::error::{MetricError, in_range, not_empty, same_length};

/// Trials per item in the evaluation of arXiv 2602.22227: a sample counts only if 3 of 3 are right.
pub const STRICT_TRIALS: usize = 3;

/// The share of predictions that agree with the truth, in [0, 1].
///
/// # Errors
/// No predictions, or lengths that differ.
pub fn accuracy(truth: &[Label], predicted: &[Label]) -> Result<f64, MetricError> {
    same_length(truth, predicted)?;
    let right: Vec<bool> = truth.iter().zip(predicted).map(|(truth, predicted)| truth == predicted).collect();
    strict_accuracy(&right, 1)
}

/// The share of items of which all `trials` trials are right, in [0, 1] (arXiv 2602.22227 with
/// [`STRICT_TRIALS`]). `right` holds the trials of the first item, then those of the second, and so on.
///
/// # Errors
/// No trials, or a last item with fewer than the others.
pub fn strict_accuracy(right: &[bool], trials: usize) -> Result<f64, MetricError> {
    not_empty(right)?;
    in_range(trials > 0 && right.len().is_multiple_of(trials), "the number of trials per item")?;
    let items = right.chunks_exact(trials);
    let count = items.len();
    Ok(items.filter(|item| item.iter().all(|right| *right)).count() as f64 / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hand_counted() {
        assert_eq!(accuracy(&[0, 1, 2, 3], &[0, 1, 3, super::super::NO_ANSWER]), Ok(0.5));
        let trials = [true, true, true, true, false, true];
        assert_eq!(strict_accuracy(&trials, STRICT_TRIALS), Ok(0.5));
    }

    #[test]
    fn unusable_input_is_told() {
        assert_eq!(accuracy(&[], &[]), Err(MetricError::Empty));
        assert_eq!(accuracy(&[1], &[]), Err(MetricError::LengthsDiffer { left: 1, right: 0 }));
        for trials in [0, 3] {
            assert!(matches!(strict_accuracy(&[true; 4], trials), Err(MetricError::OutOfRange { .. })));
        }
    }

    proptest! {
        #[test]
        fn strictness_never_helps(right in prop::collection::vec(any::<bool>(), 1..20)) {
            let tripled: Vec<bool> = right.iter().flat_map(|right| [*right, true, *right]).collect();
            prop_assert_eq!(strict_accuracy(&tripled, 3), strict_accuracy(&right, 1));
            prop_assert!(strict_accuracy(&tripled, 3).unwrap() <= strict_accuracy(&tripled, 1).unwrap());
        }
    }
}
