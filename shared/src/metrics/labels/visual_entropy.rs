//! Visual entropy: how spread the answers to one question are over all versions of its image (arXiv 2602.06652).
//!
//! H = -sum_c p_c ln p_c, with p_c the share of label c among the clean image and all its perturbed versions.

use super::Label;
use crate::metrics::error::{MetricError, not_empty};

/// H in nats, between 0 (one answer throughout) and ln(number of labels). The clean prediction is one of `labels`.
///
/// # Errors
/// No labels.
pub fn visual_entropy(labels: &[Label]) -> Result<f64, MetricError> {
    not_empty(labels)?;
    // By label, so that the sum does not depend on the order; a question has too few answers for a tree.
    let mut counts: Vec<(Label, u32)> = Vec::new();
    for label in labels {
        match counts.binary_search_by_key(label, |(known, _)| *known) {
            Ok(place) => counts[place].1 += 1,
            Err(place) => counts.insert(place, (*label, 1)),
        }
    }
    let shares = counts.iter().map(|(_, count)| f64::from(*count) / labels.len() as f64);
    Ok(shares.map(|share| share * libm::log(1.0 / share)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Shares 1/2, 1/4, 1/4: H = 1.5 ln 2.
    #[test]
    fn hand_computed() {
        let found = visual_entropy(&[3, 0, 3, 1]).unwrap();
        assert!((found - 1.5 * core::f64::consts::LN_2).abs() < 1e-15);
        assert_eq!(visual_entropy(&[2; 25]), Ok(0.0));
        assert_eq!(visual_entropy(&[]), Err(MetricError::Empty));
    }

    proptest! {
        #[test]
        fn bounded_and_blind_to_order(mut labels in prop::collection::vec(0u32..5, 1..40)) {
            let forward = visual_entropy(&labels).unwrap();
            labels.reverse();
            prop_assert_eq!(forward, visual_entropy(&labels).unwrap());
            prop_assert!((0.0..=libm::log(5.0) + 1e-12).contains(&forward));
        }
    }
}
