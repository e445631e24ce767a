//! A run as rows that metrics can be taken of: each prediction beside its sample.

use crate::jobs::evaluate::{PredictionEntry, Run, SampleEntry, Scoring};
use flipside_shared::api::Estimate;
use flipside_shared::metrics::{
    drift_to_prior::{AgainstBlank, margin_to_prior},
    labels::Label,
    predictions::{
        margin_of,
        ras::{RasShift, RasVariant},
        softmax,
    },
    statistics::{
        bootstrap::{IntervalMethod, Resampling, bootstrap},
        clusters::Clusters,
    },
};
use std::collections::BTreeMap;

/// The variant of RAS in reports.
pub const RAS: RasVariant = RasVariant::TrueOption;

/// A prediction and its sample.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The sample.
    pub sample: &'a SampleEntry,
    /// The prediction.
    pub entry: &'a PredictionEntry,
    scoring: Scoring,
}

impl Row<'_> {
    /// Whether the answer is another than on the clean picture.
    pub fn flipped(&self) -> bool {
        self.entry.answer != self.sample.answer
    }

    /// Whether the answer is right, where that is known.
    pub fn right(&self) -> Option<bool> {
        self.sample.right.map(|right| right == self.entry.answer)
    }

    /// Margin of the clean answer on the perturbed picture, nats.
    pub fn margin(&self) -> f64 {
        margin_of(
            &self.scoring.scores(&self.entry.log_likelihoods, &self.sample.token_counts),
            self.sample.answer,
        )
    }

    /// How far the margin goes towards the blank picture's; none where that is undefined or not logged.
    pub fn margin_to_prior(&self) -> Option<f64> {
        let of = |scores: &[f64]| {
            margin_of(&self.scoring.scores(scores, &self.sample.token_counts), self.sample.answer)
        };
        let blank = of(&self.sample.prior.as_ref()?.log_likelihoods);
        let clean = of(&self.sample.log_likelihoods);
        margin_to_prior(AgainstBlank { clean, perturbed: self.margin(), blank }).ok()
    }

    /// Change of log p of the clean answer.
    pub fn log_probability_change(&self) -> f64 {
        let of = |scores: &[f64]| {
            let p = softmax(&self.scoring.scores(scores, &self.sample.token_counts));
            p.get(self.sample.answer).map_or(0.0, |p| p.max(f64::MIN_POSITIVE).ln())
        };
        of(&self.entry.log_likelihoods) - of(&self.sample.log_likelihoods)
    }

    /// The shift that RAS is taken of; none where the right answer is unknown.
    pub fn ras_shift(&self) -> Option<RasShift> {
        let clean = probabilities(self.sample, self.scoring);
        let scores = self.scoring.scores(&self.entry.log_likelihoods, &self.sample.token_counts);
        RasShift::of(&clean, &softmax(&scores), self.sample.right?).ok()
    }

    /// RAS of this one prediction; none where the right answer is unknown.
    pub fn ras(&self) -> Option<f64> {
        Some(self.ras_shift()?.score(RAS))
    }

    /// The instance's name without its family.
    pub fn member(&self) -> &str {
        self.entry.instance.split_once('/').map_or(self.entry.instance.as_str(), |(_, member)| member)
    }
}

/// An option's index as a label of the metrics.
pub fn label(index: usize) -> Label {
    Label::try_from(index).unwrap_or(Label::MAX)
}

/// The probabilities of a sample's options on the clean picture.
pub fn probabilities(sample: &SampleEntry, scoring: Scoring) -> Vec<f64> {
    softmax(&scoring.scores(&sample.log_likelihoods, &sample.token_counts))
}

/// The rows of each family, in the run's order.
pub fn by_family(run: &Run) -> Vec<(String, Vec<Row<'_>>)> {
    let mut families: BTreeMap<&str, Vec<Row<'_>>> = BTreeMap::new();
    for entry in run.predictions.values() {
        if let Some(sample) = run.samples.get(&entry.sample) {
            let row = Row { sample, entry, scoring: run.manifest.scoring };
            families.entry(&entry.family).or_default().push(row);
        }
    }
    run.manifest
        .families
        .iter()
        .filter_map(|name| Some((name.clone(), families.remove(name.as_str())?)))
        .collect()
}

/// What each picture adds to a share: hits out of trials.
#[derive(Clone, Copy, Default)]
pub struct Trials {
    /// What counts.
    pub hits: f64,
    /// Out of how much.
    pub trials: f64,
}

/// A ratio of sums over pictures with its interval, resampling pictures; none without trials.
pub fn ratio(keyed: impl Iterator<Item = (String, Trials)>, resampling: Resampling) -> Option<Estimate> {
    let mut pictures: BTreeMap<String, Trials> = BTreeMap::new();
    for (picture, one) in keyed {
        let sum = pictures.entry(picture).or_default();
        sum.hits += one.hits;
        sum.trials += one.trials;
    }
    let pictures: Vec<Trials> = pictures.into_values().collect();
    let statistic = |rows: &[usize]| {
        let (hits, trials) = rows
            .iter()
            .map(|row| pictures[*row])
            .fold((0.0, 0.0), |(h, t), one| (h + one.hits, t + one.trials));
        (trials > 0.0).then(|| hits / trials)
    };
    let interval = bootstrap(&Clusters::singles(pictures.len()), resampling, statistic).ok()?;
    Some(Estimate { value: interval.estimate, low: interval.low, high: interval.high })
}

/// How intervals are made: percentiles of resamples, which are quick and enough for shares of many pictures.
pub fn resampling(resamples: u32, seed: u64) -> Resampling {
    Resampling { resamples, seed, level: 0.95, method: IntervalMethod::Percentile }
}
