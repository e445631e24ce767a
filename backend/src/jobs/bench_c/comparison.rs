//! What a choice is worth: how far the chosen set puts the ranked models apart, beside random sets of the same size.

use super::{
    candidates::Candidate,
    error::BenchError,
    manifest::{Comparison, Measure, ModelFacts, ModelRow, RandomSets, Settings},
};
use flipside_shared::{
    api::Estimate,
    metrics::{
        bench_c::separation::{Separation, separation},
        statistics::{
            bootstrap::{Interval, IntervalMethod, Resampling, interval},
            clusters::Clusters,
            kendall::kendall,
        },
    },
    rng::{Rng, stream},
};

/// Confidence level of all intervals.
const LEVEL: f64 = 0.95;

/// A measure's name and how it is read off a set, given all samples.
type Read = fn(&Separation, &Separation) -> f64;
const MEASURES: [(&str, Read); 4] = [
    ("rank stability", |set, _| set.rank_stability.estimate),
    ("pairs apart", |set, _| set.pairs_apart),
    ("spread", |set, _| set.spread.estimate),
    ("agreement with all", |set, whole| kendall(&accuracies(set), &accuracies(whole)).unwrap_or(0.0)),
];

/// Compares the `chosen` candidates (their indices) with random ones.
///
/// # Errors
/// When a setting is out of range.
pub fn compare(
    candidates: &[Candidate<'_>],
    chosen: &[usize],
    models: &[ModelFacts],
    settings: &Settings,
) -> Result<Comparison, BenchError> {
    let of = |rows: &[usize], seed: u64| {
        let accuracies: Vec<Vec<f64>> = rows
            .iter()
            .map(|row| candidates[*row].ranked.iter().map(|model| model.accuracy).collect())
            .collect();
        let pictures: Vec<&str> = rows.iter().map(|row| candidates[*row].sample.image_id.as_str()).collect();
        let (resamples, method) = (settings.resamples, IntervalMethod::Percentile);
        separation(
            &accuracies,
            &Clusters::by(&pictures),
            Resampling { resamples, seed, level: LEVEL, method },
        )
    };
    let whole = of(&(0..candidates.len()).collect::<Vec<_>>(), settings.seed)?;
    let set = of(chosen, settings.seed)?;
    let count = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
    let size = u32::try_from(chosen.len()).unwrap_or(u32::MAX);
    let random: Vec<Separation> = (0..settings.random_sets)
        .map(|number| {
            let mut rng = Rng::new(settings.seed, u64::from(number) << 32 | stream::RANDOM_SET);
            let rows: Vec<usize> = rng.subset(count, size).into_iter().map(|row| row as usize).collect();
            of(&rows, settings.seed)
        })
        .collect::<Result<_, _>>()?;
    let measures = MEASURES.iter().map(|(name, read)| {
        let (value, values) =
            (read(&set, &whole), random.iter().map(|one| read(one, &whole)).collect::<Vec<_>>());
        let as_good = values.iter().filter(|other| **other >= value).count() as f64;
        let p_value = (1.0 + as_good) / (1.0 + values.len() as f64);
        let random = over_sets(values)?;
        let RandomSets { mean, low, high } = random;
        let advantage = Estimate { value: value - mean, low: value - high, high: value - low };
        Ok(Measure {
            name: (*name).to_owned(),
            whole: read(&whole, &whole),
            chosen: value,
            random,
            advantage,
            p_value,
        })
    });
    let rows = models.iter().enumerate().map(|(index, model)| {
        let values = random.iter().map(|one| one.accuracy[index].estimate).collect();
        Ok(ModelRow {
            model: model.clone(),
            whole: estimate(whole.accuracy[index]),
            chosen: estimate(set.accuracy[index]),
            random: over_sets(values)?,
        })
    });
    Ok(Comparison {
        measures: measures.collect::<Result<_, BenchError>>()?,
        models: rows.collect::<Result<_, BenchError>>()?,
    })
}

fn accuracies(set: &Separation) -> Vec<f64> {
    set.accuracy.iter().map(|model| model.estimate).collect()
}

fn estimate(found: Interval) -> Estimate {
    Estimate { value: found.estimate, low: found.low, high: found.high }
}

/// Mean and percentiles of a number over random sets.
fn over_sets(values: Vec<f64>) -> Result<RandomSets, BenchError> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let Interval { low, high, .. } = interval(mean, values, &[], LEVEL)?;
    Ok(RandomSets { mean, low, high })
}
