//! Whether two models, or two perturbations, differ on the same samples: the paired permutation test by sign flips
//! (Fisher 1935).
//!
//! Where nothing differs, every cluster's difference might as well have the other sign. p is the share of sign
//! patterns with a mean at least as far from 0 as the one found: over all patterns up to [`EXACT_CLUSTERS`] clusters,
//! over seeded draws beyond, where the found one is counted too: (hits + 1)/(draws + 1).

use super::clusters::Clusters;
use crate::metrics::error::{MetricError, finite, in_range};
use crate::rng::{Rng, stream};

/// Up to this many clusters that differ, all patterns are tried.
pub const EXACT_CLUSTERS: usize = 16;

/// Sums closer than this, relatively, are equal: the order of summation must not decide.
const TIE: f64 = 1e-12;

/// How many patterns to draw when there are too many to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignDraws {
    /// Number of patterns, 1 to 1,000,000.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
}

/// The outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignFlipTest {
    /// Mean difference over rows, first less second.
    pub mean_difference: f64,
    /// Two-sided p, in (0, 1].
    pub p_value: f64,
    /// Whether all patterns were tried.
    pub exact: bool,
}

/// Tests the differences of paired rows, first less second.
///
/// # Errors
/// No rows, a value that is not finite, another number of rows in the clusters, a number of draws out of range.
pub fn sign_flip_test(
    differences: &[f64],
    clusters: &Clusters,
    settings: SignDraws,
) -> Result<SignFlipTest, MetricError> {
    finite(differences)?;
    if differences.len() != clusters.rows() {
        return Err(MetricError::LengthsDiffer { left: differences.len(), right: clusters.rows() });
    }
    in_range((1..=1_000_000).contains(&settings.draws), "the number of draws")?;
    let mut sums = clusters.sums(differences);
    let found: f64 = sums.iter().sum();
    let mean_difference = found / differences.len() as f64;
    // A sign in front of 0 changes nothing.
    sums.retain(|sum| *sum != 0.0);
    let least = found.abs() * (1.0 - TIE);
    let exact = sums.len() <= EXACT_CLUSTERS;
    let p_value = if exact {
        let patterns = 1u32 << sums.len();
        let hits = (0..patterns).filter(|pattern| flipped(&sums, |index| pattern >> index & 1 == 1) >= least);
        hits.count() as f64 / f64::from(patterns)
    } else {
        let mut rng = Rng::new(settings.seed, stream::PERMUTATION);
        let mut hits = 1;
        for _ in 0..settings.draws {
            let signs: Vec<u32> = (0..sums.len().div_ceil(32)).map(|_| rng.u32()).collect();
            hits += u32::from(flipped(&sums, |index| signs[index / 32] >> (index % 32) & 1 == 1) >= least);
        }
        f64::from(hits) / f64::from(settings.draws + 1)
    };
    Ok(SignFlipTest { mean_difference, p_value, exact })
}

/// The distance from 0 of the sum with some signs turned.
fn flipped(sums: &[f64], turned: impl Fn(usize) -> bool) -> f64 {
    let signed = sums.iter().enumerate().map(|(index, sum)| if turned(index) { -sum } else { *sum });
    signed.sum::<f64>().abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DRAWS: SignDraws = SignDraws { draws: 4000, seed: 1 };

    fn test(differences: &[f64]) -> SignFlipTest {
        sign_flip_test(differences, &Clusters::singles(differences.len()), DRAWS).unwrap()
    }

    /// 1, 2, 3: only +++ and --- reach 6, so p = 2/8. With -1: +-(-1 + 2 + 3) = 4 and the two beyond it, 4/8.
    #[test]
    fn hand_computed() {
        let found = test(&[1.0, 2.0, 3.0]);
        assert_eq!(found, SignFlipTest { mean_difference: 2.0, p_value: 0.25, exact: true });
        assert_eq!(test(&[-1.0, 2.0, 3.0]).p_value, 0.5);
        assert_eq!(test(&[0.0, 0.0]).p_value, 1.0);
        assert_eq!(test(&[0.0, 1.0, 2.0, 3.0]).p_value, 0.25);
    }

    #[test]
    fn clusters_flip_as_one() {
        let found = sign_flip_test(&[1.0, 1.0, 1.0, 1.0], &Clusters::by(&[1, 1, 2, 2]), DRAWS).unwrap();
        assert_eq!((found.mean_difference, found.p_value), (1.0, 0.5));
    }

    #[test]
    fn drawn_patterns_come_near_all_of_them() {
        // 17 differences of 1 and -1: 13 against 4. Two-sided binomial: 2 x P(X <= 4) = .0490.
        let differences: Vec<f64> = (0..17).map(|index| if index < 4 { -1.0 } else { 1.0 }).collect();
        let clusters = Clusters::singles(17);
        let test = |seed| sign_flip_test(&differences, &clusters, SignDraws { draws: 40_000, seed }).unwrap();
        for seed in 0..5 {
            assert!(!test(seed).exact && (test(seed).p_value - 0.049).abs() < 0.0035, "{:?}", test(seed));
        }
        assert_ne!(test(0).p_value, test(1).p_value);
    }

    #[test]
    fn unusable_input_is_told() {
        assert_eq!(sign_flip_test(&[], &Clusters::singles(0), DRAWS), Err(MetricError::Empty));
        let lengths = sign_flip_test(&[1.0], &Clusters::singles(2), DRAWS);
        assert_eq!(lengths, Err(MetricError::LengthsDiffer { left: 1, right: 2 }));
        let draws = sign_flip_test(&[1.0], &Clusters::singles(1), SignDraws { draws: 0, seed: 0 });
        assert!(matches!(draws, Err(MetricError::OutOfRange { .. })));
    }

    proptest! {
        #[test]
        fn swapping_the_two_changes_the_sign_alone(differences in prop::collection::vec(-5.0f64..5.0, 1..12)) {
            let turned: Vec<f64> = differences.iter().map(|difference| -difference).collect();
            let (a, b) = (test(&differences), test(&turned));
            prop_assert_eq!((a.p_value, a.mean_difference), (b.p_value, -b.mean_difference));
            prop_assert!(a.p_value > 0.0 && a.p_value <= 1.0);
        }
    }
}
