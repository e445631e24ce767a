//! Two runs over the same samples, difference by difference: two models under the same perturbations.

use super::table::{self, Row};
use crate::jobs::evaluate::{Run, SampleEntry};
use flipside_shared::metrics::{
    MetricError,
    statistics::{
        clusters::Clusters,
        mcnemar::mcnemar_test,
        sign_flip::{SignDraws, sign_flip_test},
    },
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Sign patterns that a paired test draws.
const DRAWS: u32 = 10_000;

/// What two runs differ in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Samples of both.
    pub samples: u64,
    /// Names of the two models.
    pub models: [String; 2],
    /// Right answers on clean pictures.
    pub clean: Option<CleanDifference>,
    /// Family by family.
    pub families: Vec<FamilyDifference>,
}

/// Right answers of two models on the same clean pictures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CleanDifference {
    /// Accuracies.
    pub accuracy: [f64; 2],
    /// Samples that only the first has right, and only the second.
    pub only: [u64; 2],
    /// Two-sided p of McNemar's exact test.
    pub p_value: f64,
}

/// A family under two models; each difference is the first less the second, with the two-sided p of a paired sign-flip
/// test over pictures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FamilyDifference {
    /// Its name.
    pub family: String,
    /// Perturbed pictures in both runs.
    pub instances: u64,
    /// Flip rate.
    pub flips: Difference,
    /// Accuracy.
    pub accuracy: Option<Difference>,
    /// RAS.
    pub ras: Option<Difference>,
}

/// A paired difference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// In the two runs.
    pub values: [f64; 2],
    /// First less second.
    pub difference: f64,
    /// Two-sided p.
    pub p_value: f64,
}

/// Why two runs cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// The runs are of other samples.
    #[error("the runs have no sample in common: were they made from the same data set?")]
    NothingInCommon,
    /// A sample of the same name is another one.
    #[error("sample {id} has another question or picture in the second run: the data sets differ")]
    AnotherSample {
        /// Its name.
        id: String,
    },
}

/// Compares two runs over what both have; `seed` is of the draws of the tests.
///
/// # Errors
/// When the runs are not of the same samples.
pub fn compare(first: &Run, second: &Run, seed: u64) -> Result<Comparison, CompareError> {
    let common: Vec<(&SampleEntry, &SampleEntry)> = first
        .samples
        .iter()
        .filter_map(|(number, sample)| Some((sample, second.samples.get(number)?)))
        .collect();
    if common.is_empty() {
        return Err(CompareError::NothingInCommon);
    }
    if let Some((other, _)) = common.iter().find(|(a, b)| !a.asks_the_same(b)) {
        return Err(CompareError::AnotherSample { id: other.id.clone() });
    }
    let right = |sample: &SampleEntry| Some(sample.right? == sample.answer);
    let rights: (Vec<bool>, Vec<bool>) =
        common.iter().filter_map(|(a, b)| Some((right(a)?, right(b)?))).unzip();
    let share = |rights: &[bool]| rights.iter().filter(|r| **r).count() as f64 / rights.len().max(1) as f64;
    let clean = mcnemar_test(&rights.0, &rights.1).ok().filter(|_| !rights.0.is_empty());
    let mut others: BTreeMap<String, Vec<Row<'_>>> = table::by_family(second).into_iter().collect();
    Ok(Comparison {
        samples: common.len() as u64,
        models: [first, second].map(|run| run.manifest.model.name.clone()),
        clean: clean.map(|test| CleanDifference {
            accuracy: [share(&rights.0), share(&rights.1)],
            only: [test.first_only, test.second_only],
            p_value: test.p_value,
        }),
        families: table::by_family(first)
            .into_iter()
            .filter_map(|(family, rows)| {
                let other = others.remove(&family)?;
                family_difference(family, &rows, &other, SignDraws { draws: DRAWS, seed })
            })
            .collect(),
    })
}

fn family_difference(
    family: String,
    first: &[Row<'_>],
    second: &[Row<'_>],
    draws: SignDraws,
) -> Option<FamilyDifference> {
    // Overlays name other labels where the clean answers differ: those instances have no partner.
    let partners: BTreeMap<(u64, &str), &Row<'_>> =
        second.iter().map(|row| ((row.entry.sample, row.entry.instance.as_str()), row)).collect();
    let pairs: Vec<(&Row<'_>, &Row<'_>)> = first
        .iter()
        .filter_map(|row| Some((row, *partners.get(&(row.entry.sample, row.entry.instance.as_str()))?)))
        .collect();
    let count = |hit: bool| f64::from(u8::from(hit));
    Some(FamilyDifference {
        family,
        instances: pairs.len() as u64,
        flips: difference(&pairs, draws, |row| Some(count(row.flipped()))).ok()?,
        accuracy: difference(&pairs, draws, |row| row.right().map(count)).ok(),
        ras: difference(&pairs, draws, |row| row.ras()).ok(),
    })
}

fn difference(
    pairs: &[(&Row<'_>, &Row<'_>)],
    draws: SignDraws,
    value: impl Fn(&Row<'_>) -> Option<f64>,
) -> Result<Difference, MetricError> {
    let known: Vec<(&str, f64, f64)> =
        pairs.iter().filter_map(|(a, b)| Some((a.sample.image_id.as_str(), value(a)?, value(b)?))).collect();
    let pictures: Vec<&str> = known.iter().map(|(picture, ..)| *picture).collect();
    let differences: Vec<f64> = known.iter().map(|(_, a, b)| a - b).collect();
    let test = sign_flip_test(&differences, &Clusters::by(&pictures), draws)?;
    let mean = |read: fn(&(&str, f64, f64)) -> f64| known.iter().map(read).sum::<f64>() / known.len() as f64;
    Ok(Difference {
        values: [mean(|known| known.1), mean(|known| known.2)],
        difference: test.mean_difference,
        p_value: test.p_value,
    })
}
