//! The Brier score: mean squared distance of the probabilities from the truth (Brier 1950).
//!
//! BS = (1/N) sum_i sum_k (p_ik - [k = y_i])^2, over all K options and hence between 0 and 2. The form for two
//! outcomes that looks at one of them only is half of it.

use super::ras::distribution;
use crate::metrics::error::{MetricError, in_range, not_empty, same_length};

/// The Brier score of questions, in [0, 2]: the probabilities of each one's options and its true option.
///
/// # Errors
/// No questions, lengths that differ, probabilities that are not a distribution, a truth that is no option.
pub fn brier(probabilities: &[&[f64]], truth: &[usize]) -> Result<f64, MetricError> {
    not_empty(truth)?;
    same_length(probabilities, truth)?;
    let mut sum = 0.0;
    for (probabilities, truth) in probabilities.iter().zip(truth) {
        distribution(probabilities)?;
        in_range(*truth < probabilities.len(), "the true option")?;
        for (option, probability) in probabilities.iter().enumerate() {
            let gap = probability - f64::from(u8::from(option == *truth));
            sum += gap * gap;
        }
    }
    Ok(sum / truth.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::predictions::softmax;
    use proptest::prelude::*;

    /// (.3^2 + .2^2 + .1^2) and a certain, wrong answer: (.14 + 2) / 2.
    #[test]
    fn hand_computed() {
        let found = brier(&[&[0.7, 0.2, 0.1], &[1.0, 0.0]], &[0, 1]).unwrap();
        assert!((found - 1.07).abs() < 1e-15);
    }

    #[test]
    fn unusable_input_is_told() {
        assert_eq!(brier(&[], &[]), Err(MetricError::Empty));
        for (probabilities, truth) in [(&[0.5, 0.4][..], 0), (&[0.5, 0.5], 2), (&[1.5, -0.5], 0), (&[], 0)] {
            assert!(brier(&[probabilities], &[truth]).is_err());
        }
    }

    proptest! {
        #[test]
        fn no_answer_is_worse_than_sure_and_wrong(
            scores in prop::collection::vec(-9.0f64..0.0, 2..8), truth in 0usize..2,
        ) {
            let found = brier(&[&softmax(&scores)], &[truth]).unwrap();
            prop_assert!((0.0..=2.0).contains(&found));
        }
    }
}
