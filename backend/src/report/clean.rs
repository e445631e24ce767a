//! How good the model is before anything is done to a picture, and the data set's own scores.

use super::table::{Row, Trials, probabilities, ratio};
use crate::jobs::evaluate::{Run, SampleEntry};
use flipside_shared::api::{CategoryRow, CleanScores, NamedScore};
use flipside_shared::metrics::{
    labels::{
        hallusion_bench::{FigureAnswer, figure_scores},
        hr_bench::{CycleAnswer, cycle_scores},
        yes_no::YesNo,
    },
    mean::mean,
    predictions::{brier::brier, calibration::calibration, margin_of},
    statistics::bootstrap::Resampling,
};
use serde_json::Value;
use std::collections::BTreeMap;

const CALIBRATION_BINS: usize = 15;

/// The scores on clean pictures; `rows` are all perturbed predictions, for flip rates by category.
pub fn clean_scores(run: &Run, rows: &[Row<'_>], resampling: Resampling) -> CleanScores {
    let scoring = run.manifest.scoring;
    let samples: Vec<&SampleEntry> = run.samples.values().collect();
    let known: Vec<(&SampleEntry, usize)> =
        samples.iter().filter_map(|sample| Some((*sample, sample.right?))).collect();
    let right = |(sample, right): &(&SampleEntry, usize)| sample.answer == *right;
    let hits =
        known.iter().map(|one| (one.0.image_id.clone(), Trials { hits: f64::from(right(one)), trials: 1.0 }));
    let distributions: Vec<Vec<f64>> =
        known.iter().map(|(sample, _)| probabilities(sample, scoring)).collect();
    let confidence: Vec<f64> =
        distributions.iter().zip(&known).map(|(p, (sample, _))| p[sample.answer]).collect();
    let rights: Vec<bool> = known.iter().map(right).collect();
    let truths: Vec<usize> = known.iter().map(|(_, right)| *right).collect();
    let margins: Vec<f64> = samples
        .iter()
        .map(|s| margin_of(&scoring.scores(&s.log_likelihoods, &s.token_counts), s.answer))
        .collect();
    CleanScores {
        accuracy: ratio(hits, resampling),
        majority_accuracy: majority(&known),
        ece: calibration(&confidence, &rights, CALIBRATION_BINS).ok().map(|found| found.ece),
        brier: brier(&distributions.iter().map(Vec::as_slice).collect::<Vec<_>>(), &truths).ok(),
        margin: mean(&margins).unwrap_or(0.0),
        categories: categories(&known, rows),
        own: own_scores(&known),
    }
}

/// The share of the most frequent right answer, by its text.
fn majority(known: &[(&SampleEntry, usize)]) -> Option<f64> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (sample, right) in known {
        *counts.entry(sample.options.get(*right)?.as_str()).or_default() += 1;
    }
    let most = counts.into_values().max()?;
    Some(most as f64 / known.len() as f64)
}

fn categories(known: &[(&SampleEntry, usize)], rows: &[Row<'_>]) -> Vec<CategoryRow> {
    let mut found: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for (sample, right) in known {
        for category in &sample.categories {
            let (samples, rights) = found.entry(category).or_default();
            *samples += 1;
            *rights += u64::from(sample.answer == *right);
        }
    }
    let mut flips: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for row in rows {
        for category in &row.sample.categories {
            let (instances, flipped) = flips.entry(category).or_default();
            *instances += 1;
            *flipped += u64::from(row.flipped());
        }
    }
    let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
    found
        .into_iter()
        .map(|(category, (samples, rights))| CategoryRow {
            category: category.to_owned(),
            samples,
            accuracy: share(rights, samples),
            flip_rate: flips.get(category).map(|(instances, flipped)| share(*flipped, *instances)),
        })
        .collect()
}

/// The scores that the data set's own paper reports, from what its samples carry.
fn own_scores(known: &[(&SampleEntry, usize)]) -> Vec<NamedScore> {
    let named =
        |name: &str, value: Option<f64>| value.map(|value| NamedScore { name: name.to_owned(), value });
    let of = |score: &str| -> Vec<&(&SampleEntry, usize)> {
        let is = |sample: &SampleEntry| sample.marks.get("score").and_then(Value::as_str) == Some(score);
        known.iter().filter(|(sample, _)| is(sample)).collect()
    };
    let text =
        |sample: &SampleEntry, key: &str| sample.marks.get(key).and_then(Value::as_str).map(str::to_owned);
    let number = |sample: &SampleEntry, key: &str| {
        sample.marks.get(key).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
    };
    let mut scores = Vec::new();
    let yes_no = of("yes_no");
    let predicted: Vec<bool> = yes_no.iter().map(|(sample, _)| sample.answer == 0).collect();
    let truth: Vec<bool> = yes_no.iter().map(|(_, right)| *right == 0).collect();
    if !yes_no.is_empty()
        && let Ok(counts) = YesNo::of(&truth, &predicted)
    {
        scores.extend(named("precision", counts.precision()));
        scores.extend(named("recall", counts.recall()));
        scores.extend(named("F1", counts.f1()));
        scores.extend(named("false positive rate", counts.false_positive_rate()));
        scores.extend(named("yes-rate", counts.yes_rate()));
    }
    let cycles: Vec<(String, String, bool)> = of("cycles")
        .into_iter()
        .filter_map(|(s, right)| {
            Some((text(s, "cycle")?, s.categories.first().cloned().unwrap_or_default(), s.answer == *right))
        })
        .collect();
    let answers: Vec<CycleAnswer<'_>> = cycles
        .iter()
        .map(|(cycle, category, right)| CycleAnswer { cycle, category, right: *right })
        .collect();
    scores.extend(named("mean over cycles", cycle_scores(&answers).ok().map(|found| found.mean)));
    let figures: Vec<(String, String, &(&SampleEntry, usize))> = of("figures")
        .into_iter()
        .filter_map(|one| Some((text(one.0, "category")?, text(one.0, "subcategory")?, one)))
        .collect();
    let answers: Vec<FigureAnswer<'_>> = figures
        .iter()
        .map(|(category, subcategory, (s, right))| FigureAnswer {
            category,
            subcategory,
            set_id: number(s, "set_id"),
            figure_id: number(s, "figure_id"),
            question_id: number(s, "question_id"),
            right: s.answer == *right,
        })
        .collect();
    if let Ok(found) = figure_scores(&answers) {
        scores.extend(named("aAcc", Some(found.all)));
        scores.extend(named("fAcc", found.per_figure));
        scores.extend(named("qAcc", Some(found.per_question)));
    }
    scores
}
