//! The whole report of a run.

use super::{
    clean::clean_scores,
    family::{Controls, family_row},
    table::{self, Row},
    worst::worst_examples,
};
use crate::jobs::evaluate::{DataIdentity, Manifest, Run, SampleEntry, Scoring};
use flipside_shared::api::{AnyRow, Report, RunFacts};
use flipside_shared::metrics::{
    control::{PUBLISHED_CONTROLS, control_samples},
    drift::{DriftSummary, cosine_distance},
    labels::flips::{EIGHT_FAMILIES, FamilySet, Flips, Instance, SIX_FAMILIES},
};

/// Rows and samples of which a report says why they were left out; the run's folder says it of all.
const REASONS: usize = 100;

/// How a report is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Bootstrap resamples of every interval.
    pub resamples: u32,
    /// Seed of the resamples and of the control pairs.
    pub seed: u64,
    /// Examples of each kind.
    pub examples: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { resamples: 1000, seed: 0, examples: 12 }
    }
}

/// The report of a run.
pub fn summarise(run: &Run, settings: Settings) -> Report {
    let resampling = table::resampling(settings.resamples, settings.seed);
    let families = table::by_family(run);
    let rows: Vec<Row<'_>> = families.iter().flat_map(|(_, rows)| rows.iter().copied()).collect();
    let controls = controls(run, settings.seed);
    Report {
        run: facts(run),
        clean: clean_scores(run, &rows, resampling),
        families: families
            .iter()
            .filter_map(|(family, rows)| family_row(family, rows, &controls, resampling))
            .collect(),
        any: any_rows(&rows),
        worst: worst_examples(&rows, settings.examples),
    }
}

/// C(x) over the samples: the mean distance to 25 others, drawn for each.
fn controls(run: &Run, seed: u64) -> Controls {
    let samples: Vec<&SampleEntry> = run.samples.values().collect();
    let count = u32::try_from(samples.len()).unwrap_or(u32::MAX);
    let channels: [fn(&SampleEntry) -> &[f32]; 3] =
        [|s| &s.state.context.0, |s| &s.state.answer.0, |s| &s.state.vision.0];
    let pairs: Vec<(usize, Vec<u32>)> = (0..count)
        .map(|own| (own as usize, control_samples(own, count, PUBLISHED_CONTROLS, seed)))
        .filter(|(_, others)| !others.is_empty())
        .collect();
    channels.map(|channel| {
        let means: Vec<f64> = pairs
            .iter()
            .map(|(own, others)| {
                let distance =
                    |other: &u32| cosine_distance(channel(samples[*own]), channel(samples[*other as usize]));
                others.iter().map(distance).sum::<f64>() / others.len() as f64
            })
            .collect();
        DriftSummary::of(&means)
    })
}

fn any_rows(rows: &[Row<'_>]) -> Vec<AnyRow> {
    let instances: Vec<Instance<'_>> = rows
        .iter()
        .map(|row| Instance {
            image: row.sample.sample,
            family: &row.entry.family,
            clean: table::label(row.sample.answer),
            perturbed: table::label(row.entry.answer),
        })
        .collect();
    let mut all: Vec<&str> = instances.iter().map(|instance| instance.family).collect();
    all.sort_unstable();
    all.dedup();
    let own = FamilySet { name: "all of this run", families: &all };
    [SIX_FAMILIES, EIGHT_FAMILIES, own]
        .into_iter()
        .filter(|set| set.families.iter().all(|family| all.contains(family)))
        .filter_map(|set| {
            let flips = Flips::any(&instances, set);
            let (ifr, iv) = (flips.instance_flip_rate()?, flips.image_vulnerability()?);
            Some(AnyRow { set: set.name.to_owned(), ifr, iv })
        })
        .collect()
}

/// Why rows and samples were left out, in words.
fn left_out(run: &Run) -> Vec<String> {
    let rows = run.skipped_rows.iter().map(|row| row.reason.clone());
    let samples = run.skipped.values().filter(|entry| entry.instance.is_none());
    rows.chain(samples.map(|entry| format!("sample {}: {}", entry.id, entry.reason))).take(REASONS).collect()
}

fn facts(run: &Run) -> RunFacts {
    let Manifest { model, data, .. } = &run.manifest;
    let whole = |(_, instance): &&(u64, Option<String>)| instance.is_none();
    RunFacts {
        model: model.name.clone(),
        weights_sha256: model.weights_sha256.clone(),
        computed_in: format!("{} on {}", model.dtype, model.device),
        data: data_words(data),
        regime: match run.manifest.regime {
            None => "as the data set says".to_owned(),
            Some(regime) => format!("{regime:?}").to_lowercase(),
        },
        scoring: match run.manifest.scoring {
            Scoring::Sum => "sum of log-likelihoods".to_owned(),
            Scoring::PerToken => "log-likelihood per token".to_owned(),
            Scoring::Letter => "log-likelihood of the option's letter".to_owned(),
        },
        seed: run.manifest.seed,
        flipside: run.manifest.flipside.clone(),
        samples: run.samples.len() as u64,
        predictions: run.predictions.len() as u64,
        skipped_rows: run.skipped_rows.len() as u64,
        left_out: left_out(run),
        skipped_samples: run.skipped.keys().filter(whole).count() as u64,
        impossible: run.skipped.keys().filter(|key| !whole(key)).count() as u64,
    }
}

/// A data set in words.
pub fn data_words(data: &DataIdentity) -> String {
    match data {
        DataIdentity::World { scenes, seed, size_px } => {
            format!("scene world, {scenes} held-out scenes of seed {seed} at {size_px} px")
        }
        DataIdentity::File { name, format, sha256 } => {
            let shortened: String = sha256.chars().take(12).collect();
            format!("{name} ({format}, SHA-256 {shortened})")
        }
    }
}
