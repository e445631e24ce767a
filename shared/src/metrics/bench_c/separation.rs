//! How far a set of samples puts models apart under corruption, and how sure the order is.
//!
//! Models are ranked by their mean accuracy under corruption over the set. Samples are resampled, pictures drawn whole:
//! - spread: standard deviation (ddof 1) over models of that accuracy
//! - rank stability: mean Kendall tau_b between the order on a resample and the order on the set; a resample on which
//!   all models tie counts 0
//! - pairs apart: share of pairs of models whose difference has an interval without 0
//!
//! Our own: the paper reports that its set separates models, not by which number.

use crate::metrics::error::{MetricError, finite, in_range, not_empty, same_length};
use crate::metrics::statistics::bootstrap::{Interval, Resampling, for_each_resample, interval};
use crate::metrics::statistics::clusters::Clusters;
use crate::metrics::statistics::kendall::kendall;

/// How far apart models are on a set of samples.
#[derive(Clone, Debug, PartialEq)]
pub struct Separation {
    /// Accuracy under corruption of each model, with its percentile interval.
    pub accuracy: Vec<Interval>,
    /// Standard deviation over models, with its percentile interval.
    pub spread: Interval,
    /// Mean tau over resamples, in [-1, 1], with the quantiles of tau itself.
    pub rank_stability: Interval,
    /// Share of pairs apart, in [0, 1].
    pub pairs_apart: f64,
}

/// The separation of models by samples: one row per sample, one accuracy per model, models in the same order. Intervals
/// are percentiles, whatever the settings' method.
///
/// # Errors
/// No samples, fewer than two models, lengths that differ, a value that is not finite, settings out of range.
pub fn separation(
    accuracies: &[Vec<f64>],
    clusters: &Clusters,
    settings: Resampling,
) -> Result<Separation, MetricError> {
    not_empty(accuracies)?;
    let models = accuracies[0].len();
    in_range(models > 1, "the number of models")?;
    in_range(clusters.rows() == accuracies.len(), "the number of clustered rows")?;
    for row in accuracies {
        same_length(row, &accuracies[0])?;
        finite(row)?;
    }
    let means = |rows: &mut dyn Iterator<Item = usize>| {
        let (mut sums, mut count) = (vec![0.0; models], 0.0);
        for row in rows {
            sums.iter_mut().zip(&accuracies[row]).for_each(|(sum, value)| *sum += value);
            count += 1.0;
        }
        sums.iter_mut().for_each(|sum| *sum /= count);
        sums
    };
    let whole = means(&mut (0..accuracies.len()));
    let mut drawn = Vec::new();
    for_each_resample(clusters, settings, |rows| drawn.push(means(&mut rows.iter().copied())))?;
    let taus: Vec<f64> = drawn.iter().map(|means| kendall(means, &whole).unwrap_or(0.0)).collect();
    let stability = taus.iter().sum::<f64>() / taus.len() as f64;
    let of_model = |model: usize| drawn.iter().map(|means| means[model]).collect::<Vec<f64>>();
    let (mut pairs, mut apart) = (0.0, 0.0);
    for second in 0..models {
        for first in 0..second {
            let differences = drawn.iter().map(|means| means[first] - means[second]).collect();
            let found = interval(whole[first] - whole[second], differences, &[], settings.level)?;
            pairs += 1.0;
            apart += f64::from(u8::from(found.low > 0.0 || found.high < 0.0));
        }
    }
    Ok(Separation {
        accuracy: (0..models)
            .map(|model| interval(whole[model], of_model(model), &[], settings.level))
            .collect::<Result<_, _>>()?,
        spread: interval(
            deviation(&whole),
            drawn.iter().map(|m| deviation(m)).collect(),
            &[],
            settings.level,
        )?,
        rank_stability: interval(stability, taus, &[], settings.level)?,
        pairs_apart: apart / pairs,
    })
}

/// Standard deviation with ddof 1 of at least two values.
fn deviation(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(rows: &[[f64; 2]]) -> Separation {
        let rows: Vec<Vec<f64>> = rows.iter().map(|row| row.to_vec()).collect();
        let settings = Resampling { resamples: 400, ..Resampling::default() };
        separation(&rows, &Clusters::singles(rows.len()), settings).unwrap()
    }

    /// On every sample the first is better: however they are drawn, the order stays.
    #[test]
    fn what_holds_everywhere_is_stable() {
        let found = of(&[[1.0, 0.0]; 6]);
        assert_eq!((found.rank_stability.estimate, found.pairs_apart), (1.0, 1.0));
        assert_eq!((found.accuracy[0].estimate, found.accuracy[1].high), (1.0, 0.0));
        assert!((found.spread.estimate - 0.5f64.sqrt()).abs() < 1e-15);
    }

    /// Two samples that contradict each other: a draw is both (tie, 0) half of the time, else one of them alone. The
    /// whole is a tie, with which nothing agrees.
    #[test]
    fn what_contradicts_itself_is_not() {
        let found = of(&[[1.0, 0.0], [0.0, 1.0]]);
        assert_eq!(
            (found.rank_stability.estimate, found.pairs_apart, found.spread.estimate),
            (0.0, 0.0, 0.0)
        );
    }

    /// Three of four for the first. Of 256 equally likely draws 189 have it ahead, 54 tie, 13 have it behind:
    /// tau = (189 - 13)/256, and 0 is not outside 95 %.
    #[test]
    fn by_hand() {
        let found = of(&[[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]);
        assert!((found.rank_stability.estimate - 176.0 / 256.0).abs() < 0.08, "{found:?}");
        assert_eq!(found.pairs_apart, 0.0);
    }

    #[test]
    fn unusable_input_is_told() {
        let run = |rows: &[Vec<f64>]| separation(rows, &Clusters::singles(rows.len()), Resampling::default());
        assert_eq!(run(&[]), Err(MetricError::Empty));
        assert!(matches!(run(&[vec![1.0]]), Err(MetricError::OutOfRange { .. })));
        assert!(matches!(run(&[vec![1.0; 2], vec![1.0; 3]]), Err(MetricError::LengthsDiffer { .. })));
        assert_eq!(run(&[vec![1.0, f64::NAN]]), Err(MetricError::NotFinite { index: 1 }));
        let none = Resampling { resamples: 0, ..Resampling::default() };
        assert!(separation(&[vec![1.0; 2]], &Clusters::singles(1), none).is_err());
        let other = separation(&[vec![1.0; 2]], &Clusters::singles(2), Resampling::default());
        assert!(matches!(other, Err(MetricError::OutOfRange { .. })));
    }

    proptest! {
        #[test]
        fn in_range_and_reproducible(rows in prop::collection::vec(prop::collection::vec(0.0f64..1.0, 3), 1..15), seed: u64) {
            let settings = Resampling { resamples: 50, seed, ..Resampling::default() };
            let run = || separation(&rows, &Clusters::singles(rows.len()), settings).unwrap();
            let found = run();
            prop_assert!((-1.0..=1.0).contains(&found.rank_stability.estimate));
            prop_assert!((0.0..=1.0).contains(&found.pairs_apart) && found.spread.low <= found.spread.high);
            prop_assert_eq!(found, run());
        }
    }
}
