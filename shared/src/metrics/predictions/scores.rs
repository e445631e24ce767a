//! From option scores to a prediction: softmax, arg-max, margin, entropy.
//!
//! Scores are log-likelihoods s(o) in nats under the protocol of arXiv 2602.06652. Every function takes at least
//! one score, all of them finite, unless it says otherwise; it gives NaN or nothing for others, and does not panic.

/// Index of the highest score; the first one on a tie; 0 for an empty slice.
pub fn arg_max(scores: &[f64]) -> usize {
    let mut best = 0;
    for (index, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = index;
        }
    }
    best
}

/// exp(s_i) / sum_j exp(s_j), each in [0, 1], summing to 1.
pub fn softmax(scores: &[f64]) -> Vec<f64> {
    let top = scores.iter().fold(f64::NEG_INFINITY, |top, score| top.max(*score));
    let weights: Vec<f64> = scores.iter().map(|score| libm::exp(score - top)).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

/// s(chosen) - max over the others, in nats: negative when another option scores higher.
/// Infinite when there is no other option, NaN when `chosen` is none of them.
///
/// For a yes-or-no question with `chosen` the yes this is POPE's s(Yes) - s(No).
/// With `chosen` the clean prediction this is the margin of arXiv 2602.06652.
pub fn margin_of(scores: &[f64], chosen: usize) -> f64 {
    let rival = scores
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != chosen)
        .fold(f64::NEG_INFINITY, |top, (_, score)| top.max(*score));
    scores.get(chosen).map_or(f64::NAN, |score| score - rival)
}

/// -sum p ln p, in nats, between 0 and ln(number of options); zero probabilities add nothing.
pub fn entropy(probabilities: &[f64]) -> f64 {
    -probabilities.iter().filter(|p| **p > 0.0).map(|p| p * libm::log(*p)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_equal_scores_share() {
        assert_eq!(softmax(&[-3.0, -3.0]), vec![0.5, 0.5]);
        assert!((entropy(&[0.5, 0.5]) - core::f64::consts::LN_2).abs() < 1e-15);
        assert_eq!(margin_of(&[-3.0, -3.0], 0), 0.0);
    }

    #[test]
    fn hand_computed_case() {
        let scores = [-1.0, -2.0, -4.0];
        let total = 1.0 + (-1.0f64).exp() + (-3.0f64).exp();
        let p = softmax(&scores);
        assert!((p[0] - 1.0 / total).abs() < 1e-15);
        assert!((p[2] - (-3.0f64).exp() / total).abs() < 1e-15);
        assert_eq!(margin_of(&scores, 0), 1.0);
        assert_eq!(margin_of(&scores, 1), -1.0);
        assert!(margin_of(&scores, 3).is_nan());
        assert_eq!(arg_max(&scores), 0);
    }

    #[test]
    fn hugely_negative_scores_do_not_underflow() {
        assert_eq!(softmax(&[-5000.0, -5000.0]), vec![0.5, 0.5]);
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_one(scores in prop::collection::vec(-200.0f64..0.0, 2..12)) {
            let p = softmax(&scores);
            prop_assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert_eq!(arg_max(&p), arg_max(&scores));
            let h = entropy(&p);
            prop_assert!(h >= -1e-12 && h <= libm::log(scores.len() as f64) + 1e-12);
            prop_assert!(margin_of(&scores, arg_max(&scores)) >= 0.0);
        }
    }
}
