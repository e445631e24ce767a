//! Bootstrap confidence intervals of any statistic over rows (Efron and Tibshirani 1993), clusters drawn whole.
//!
//! Percentile: the quantiles (1 -+ level)/2 of the statistic over resamples. BCa: the same at levels corrected for
//! bias, z_0 = Phi^-1(share of resamples below the estimate, ties by half), and skew, a = sum d^3 / (6 (sum d^2)^1.5)
//! with d the mean of the leave-one-cluster-out estimates less each: Phi(z_0 + (z_0 + z)/(1 - a (z_0 + z))).

use super::clusters::Clusters;
use super::normal;
use super::quantile::quantile;
use crate::metrics::error::{MetricError, finite, in_range, not_empty};
use crate::rng::{Rng, stream};

/// How an interval is read off the resamples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntervalMethod {
    /// Plain quantiles.
    Percentile,
    /// Bias-corrected and accelerated: asks for the statistic once more per cluster, without it.
    Bca,
}

/// How to resample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resampling {
    /// Number of resamples, 1 to 1,000,000.
    pub resamples: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Confidence level, inside (0, 1).
    pub level: f64,
    /// How the interval is read.
    pub method: IntervalMethod,
}

impl Default for Resampling {
    /// 2,000 resamples, seed 0, 95 %, BCa.
    fn default() -> Self {
        Self { resamples: 2000, seed: 0, level: 0.95, method: IntervalMethod::Bca }
    }
}

/// An estimate and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The statistic over all rows.
    pub estimate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Standard deviation over the resamples, ddof 1; 0 for one resample.
    pub standard_error: f64,
    /// Resamples for which the statistic is defined: all of them, or the interval is to be read with care.
    pub resamples: u32,
}

/// The interval of `statistic`, which gets the indices of the rows it is to look at (some repeatedly) and gives none
/// where it is undefined. The same seed gives the same interval.
///
/// # Errors
/// No clusters, settings out of range, or a statistic that is undefined over all rows or in every resample.
pub fn bootstrap(
    clusters: &Clusters,
    settings: Resampling,
    statistic: impl Fn(&[usize]) -> Option<f64>,
) -> Result<Interval, MetricError> {
    let members = clusters.members();
    not_empty(members)?;
    let undefined = MetricError::Undefined { why: "the statistic has no value over these rows" };
    let defined = |rows: &[usize]| statistic(rows).filter(|value| value.is_finite());
    let estimate = defined(&members.concat()).ok_or(undefined)?;
    let mut distribution = Vec::new();
    for_each_resample(clusters, settings, |rows| distribution.extend(defined(rows)))?;
    not_empty(&distribution).map_err(|_| undefined)?;
    let left_out = match settings.method {
        IntervalMethod::Percentile => Vec::new(),
        IntervalMethod::Bca => (0..members.len())
            .filter_map(|out| defined(&[&members[..out], &members[out + 1..]].concat().concat()))
            .collect(),
    };
    interval(estimate, distribution, &left_out, settings.level)
}

/// Shows `each` the rows of every resample: as many clusters as there are, drawn whole and with repetition.
///
/// # Errors
/// No clusters, or a number of resamples out of range.
pub(in crate::metrics) fn for_each_resample(
    clusters: &Clusters,
    settings: Resampling,
    mut each: impl FnMut(&[usize]),
) -> Result<(), MetricError> {
    let members = clusters.members();
    not_empty(members)?;
    in_range(members.len() <= u32::MAX as usize, "the number of clusters")?;
    in_range((1..=1_000_000).contains(&settings.resamples), "the number of resamples")?;
    let mut rng = Rng::new(settings.seed, stream::BOOTSTRAP);
    let mut rows = Vec::with_capacity(clusters.rows());
    for _ in 0..settings.resamples {
        rows.clear();
        for _ in members {
            rows.extend_from_slice(&members[rng.below(members.len() as u32) as usize]);
        }
        each(&rows);
    }
    Ok(())
}

/// The interval from the statistic's values over resamples, in any order, and over all clusters but one in turn;
/// without the latter it is the percentile interval.
///
/// # Errors
/// No resamples, a value that is not finite, or a level outside (0, 1).
pub fn interval(
    estimate: f64,
    mut distribution: Vec<f64>,
    left_out: &[f64],
    level: f64,
) -> Result<Interval, MetricError> {
    finite(&[estimate])?;
    finite(&distribution)?;
    in_range(level > 0.0 && level < 1.0, "the confidence level")?;
    distribution.sort_by(f64::total_cmp);
    let count = distribution.len() as f64;
    let mean = distribution.iter().sum::<f64>() / count;
    let squares: f64 = distribution.iter().map(|value| (value - mean) * (value - mean)).sum();
    let tail = 0.5 * (1.0 - level);
    let correct =
        |p: f64| if left_out.is_empty() { p } else { corrected(p, estimate, &distribution, left_out) };
    let at = |place: usize| distribution.get(place).copied();
    Ok(Interval {
        estimate,
        low: quantile(distribution.len(), at, correct(tail)),
        high: quantile(distribution.len(), at, correct(1.0 - tail)),
        standard_error: if count > 1.0 { (squares / (count - 1.0)).sqrt() } else { 0.0 },
        resamples: distribution.len() as u32,
    })
}

/// The level that BCa reads in place of `p`.
fn corrected(p: f64, estimate: f64, ascending: &[f64], left_out: &[f64]) -> f64 {
    let below = ascending.partition_point(|value| *value < estimate);
    let up_to = ascending.partition_point(|value| *value <= estimate);
    let count = ascending.len() as f64;
    // Half a resample from the ends, where z would be infinite.
    let share = ((below + up_to) as f64 / (2.0 * count)).clamp(0.5 / count, 1.0 - 0.5 / count);
    let bias = normal::inverse(share);
    let mean = left_out.iter().sum::<f64>() / left_out.len() as f64;
    let (mut squares, mut cubes) = (0.0, 0.0);
    for value in left_out {
        let d = mean - value;
        squares += d * d;
        cubes += d * d * d;
    }
    let skew = if squares > 0.0 { cubes / (6.0 * squares * squares.sqrt()) } else { 0.0 };
    let shifted = bias + normal::inverse(p);
    normal::cumulative(bias + shifted / (1.0 - skew * shifted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mean_of(values: &[f64]) -> impl Fn(&[usize]) -> Option<f64> + '_ {
        |rows| {
            (!rows.is_empty()).then(|| rows.iter().map(|row| values[*row]).sum::<f64>() / rows.len() as f64)
        }
    }

    #[test]
    fn the_mean_of_many_has_its_known_error() {
        let values: Vec<f64> = (0..400).map(|index| f64::from(index * 7919 % 400) / 400.0).collect();
        for method in [IntervalMethod::Percentile, IntervalMethod::Bca] {
            let settings = Resampling { method, ..Resampling::default() };
            let found = bootstrap(&Clusters::singles(400), settings, mean_of(&values)).unwrap();
            // Uniform: deviation 1/sqrt(12), error 1/sqrt(12 x 400) = .01443.
            assert!((found.standard_error - 0.01443).abs() < 0.0008, "{found:?}");
            assert!((found.low - (found.estimate - 1.96 * 0.01443)).abs() < 0.003, "{found:?}");
            assert!((found.high - (found.estimate + 1.96 * 0.01443)).abs() < 0.003, "{found:?}");
        }
    }

    /// Rows that are copies within their cluster say no more than one of them.
    #[test]
    fn copies_do_not_narrow_a_clustered_interval() {
        let values: Vec<f64> = (0..40).map(|row| f64::from(row / 4 % 2)).collect();
        let keys: Vec<u32> = (0..40).map(|row| row / 4).collect();
        let width = |clusters: &Clusters| {
            let found = bootstrap(clusters, Resampling::default(), mean_of(&values)).unwrap();
            found.high - found.low
        };
        assert!(width(&Clusters::by(&keys)) > 1.7 * width(&Clusters::singles(40)));
    }

    #[test]
    fn by_hand() {
        let distribution = vec![4.0, 1.0, 3.0, 2.0, 5.0];
        let found = interval(3.0, distribution.clone(), &[], 0.5).unwrap();
        assert_eq!((found.low, found.high, found.resamples), (2.0, 4.0, 5));
        assert_eq!(found.standard_error, 2.5f64.sqrt());
        // Neither bias (two below, two above, one tie) nor skew: BCa agrees.
        let same = interval(3.0, distribution, &[2.0, 3.0, 4.0], 0.5).unwrap();
        assert!((same.low - 2.0).abs() < 1e-12 && (same.high - 4.0).abs() < 1e-12);
    }

    #[test]
    fn what_never_varies_has_no_width() {
        let found = bootstrap(&Clusters::singles(9), Resampling::default(), |_| Some(0.25)).unwrap();
        assert_eq!((found.low, found.high, found.standard_error), (0.25, 0.25, 0.0));
    }

    #[test]
    fn unusable_input_is_told() {
        let one = |settings, value: Option<f64>| bootstrap(&Clusters::singles(1), settings, |_| value);
        let undefined = |found| matches!(found, Err(MetricError::Undefined { .. }));
        assert!(undefined(one(Resampling::default(), None)));
        assert!(undefined(one(Resampling::default(), Some(f64::NAN))));
        let out = |found| matches!(found, Err(MetricError::OutOfRange { .. }));
        assert!(out(one(Resampling { resamples: 0, ..Resampling::default() }, Some(1.0))));
        assert!(out(one(Resampling { level: 1.0, ..Resampling::default() }, Some(1.0))));
        let none = bootstrap(&Clusters::singles(0), Resampling::default(), |_| Some(1.0));
        assert_eq!(none, Err(MetricError::Empty));
    }

    proptest! {
        #[test]
        fn ordered_and_reproducible(values in prop::collection::vec(-5.0f64..5.0, 2..20), seed in any::<u64>()) {
            let settings = Resampling { resamples: 200, seed, ..Resampling::default() };
            let run = || bootstrap(&Clusters::singles(values.len()), settings, mean_of(&values)).unwrap();
            let found = run();
            prop_assert!(found.low <= found.high);
            prop_assert_eq!(found, run());
        }
    }
}
