//! Whether paired numbers differ, by ranks: Wilcoxon's signed-rank test (Wilcoxon 1945), for differences that a mean
//! represents badly.
//!
//! Differences of 0 are left out; |d| are ranked, ties sharing their mean rank; W+ and W- are the rank sums of the
//! positive and the negative ones. Up to [`EXACT_PAIRS`] pairs p is exact over all sign patterns, given the ties;
//! beyond it is normal: z = (W+ - n(n+1)/4)/sqrt(n(n+1)(2n+1)/24 - sum(t^3 - t)/48), t the sizes of ties.

use super::{normal, ranks::doubled_ranks};
use crate::metrics::error::{MetricError, finite};

/// Up to this many pairs that differ, p is exact.
pub const EXACT_PAIRS: usize = 50;

/// The outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WilcoxonTest {
    /// Rank sum of the positive differences.
    pub positive_ranks: f64,
    /// Rank sum of the negative differences.
    pub negative_ranks: f64,
    /// Two-sided p, in [0, 1]; 1 when no pair differs.
    pub p_value: f64,
    /// Whether p is exact.
    pub exact: bool,
}

/// Tests the differences of pairs, first less second.
///
/// # Errors
/// No pairs, or a difference that is not finite.
pub fn wilcoxon_test(differences: &[f64]) -> Result<WilcoxonTest, MetricError> {
    finite(differences)?;
    let differing: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
    let ranks = doubled_ranks(&differing.iter().map(|d| d.abs()).collect::<Vec<_>>());
    let sum = |positive: bool| -> u64 {
        let signed = differing.iter().zip(&ranks).filter(|(d, _)| (**d > 0.0) == positive);
        signed.map(|(_, rank)| rank).sum()
    };
    let (positive, negative) = (sum(true), sum(false));
    let exact = differing.len() <= EXACT_PAIRS;
    let p_value = if exact {
        exact_p(&ranks, positive.min(negative) as usize)
    } else {
        normal_p(&ranks, positive as f64 / 2.0)
    };
    Ok(WilcoxonTest {
        positive_ranks: positive as f64 / 2.0,
        negative_ranks: negative as f64 / 2.0,
        p_value,
        exact,
    })
}

/// min(1, 2 P(W <= smaller)) over all sign patterns; the counts are whole and below 2^51, exact in f64.
fn exact_p(doubled_ranks: &[u64], smaller: usize) -> f64 {
    let mut patterns = vec![0.0; smaller + 1];
    patterns[0] = 1.0;
    for rank in doubled_ranks {
        for sum in (*rank as usize..=smaller).rev() {
            patterns[sum] += patterns[sum - *rank as usize];
        }
    }
    let all = (1u64 << doubled_ranks.len()) as f64;
    (2.0 * patterns.iter().sum::<f64>() / all).min(1.0)
}

fn normal_p(doubled_ranks: &[u64], positive: f64) -> f64 {
    let n = doubled_ranks.len() as f64;
    let mut sorted = doubled_ranks.to_vec();
    sorted.sort_unstable();
    let ties = sorted.chunk_by(|a, b| a == b).map(|tie| tie.len() as f64);
    let tied: f64 = ties.map(|t| t * t * t - t).sum();
    let variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - tied / 48.0;
    let z = (positive - n * (n + 1.0) / 4.0) / variance.sqrt();
    2.0 * normal::cumulative(-z.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ranks 1 2 3 4 with rank 1 negative: W- = 1, reached by two of 16 patterns (0 and 1): p = 4/16.
    #[test]
    fn hand_computed() {
        let found = wilcoxon_test(&[-0.5, 2.0, 0.0, 3.0, 8.0]).unwrap();
        assert_eq!((found.positive_ranks, found.negative_ranks, found.p_value), (9.0, 1.0, 0.25));
        // All tied at rank 2: the sums are 0 2 4 6 by 1 3 3 1 patterns, and W- = 2 gives 2 x 4/8.
        let tied = wilcoxon_test(&[1.0, 1.0, -1.0]).unwrap();
        assert_eq!((tied.negative_ranks, tied.p_value), (2.0, 1.0));
        assert_eq!(wilcoxon_test(&[0.0]).unwrap().p_value, 1.0);
        assert_eq!(wilcoxon_test(&[]), Err(MetricError::Empty));
        assert_eq!(wilcoxon_test(&[f64::NAN]), Err(MetricError::NotFinite { index: 0 }));
    }

    proptest! {
        #[test]
        fn exact_and_normal_agree_on_many(differences in prop::collection::vec(-9.0f64..12.0, 40..50)) {
            let found = wilcoxon_test(&differences).unwrap();
            let ranks = doubled_ranks(&differences.iter().map(|d| d.abs()).collect::<Vec<_>>());
            prop_assert!(found.exact);
            prop_assert!((found.p_value - normal_p(&ranks, found.positive_ranks)).abs() < 0.015);
        }

        #[test]
        fn blind_to_monotone_scale_and_sign(differences in prop::collection::vec(-9.0f64..9.0, 1..60)) {
            let found = wilcoxon_test(&differences).unwrap();
            let turned: Vec<f64> = differences.iter().map(|d| -d * d.abs()).collect();
            let other = wilcoxon_test(&turned).unwrap();
            prop_assert_eq!((found.positive_ranks, found.negative_ranks), (other.negative_ranks, other.positive_ranks));
            prop_assert!((found.p_value - other.p_value).abs() < 1e-12);
        }
    }
}
