//! The samples that can be chosen: those that every run has, with what every model does to them side by side.

use super::{error::BenchError, evidence::Evidence, manifest::LeftOut};
use crate::jobs::evaluate::SampleEntry;
use flipside_shared::metrics::bench_c::{discrimination::UnderCorruption, marginal_relevance::unit};
use std::collections::BTreeSet;

/// A sample that can be chosen.
pub struct Candidate<'a> {
    /// As the first run has it.
    pub sample: &'a SampleEntry,
    /// Each selection model under corruption.
    pub selection: Vec<UnderCorruption>,
    /// Each ranked model under corruption.
    pub ranked: Vec<UnderCorruption>,
}

/// The candidates, in the order of the data set, and how many samples are none.
///
/// # Errors
/// When runs are of different samples, one is unfinished, or nothing is left.
pub fn candidates<'a>(
    selection: &'a [Evidence],
    ranked: &'a [Evidence],
) -> Result<(Vec<Candidate<'a>>, LeftOut), BenchError> {
    let runs = || selection.iter().chain(ranked);
    let numbers: BTreeSet<u64> =
        runs().flat_map(|run| run.samples.keys().chain(&run.skipped)).copied().collect();
    let (mut found, mut left_out) = (Vec::new(), LeftOut::default());
    for number in &numbers {
        if runs().any(|run| run.skipped.contains(number)) {
            left_out.skipped += 1;
            continue;
        }
        // Skipped nowhere, so some run has it.
        let Some(sample) = runs().find_map(|run| run.samples.get(number)).map(|one| &one.sample) else {
            continue;
        };
        for run in runs() {
            let folder = || run.folder.clone();
            match run.samples.get(number) {
                None => {
                    let (id, what) = (sample.id.clone(), "any prediction".to_owned());
                    return Err(BenchError::Unfinished { folder: folder(), id, what });
                }
                Some(own) if !own.sample.asks_the_same(sample) => {
                    return Err(BenchError::AnotherSample { folder: folder(), id: sample.id.clone() });
                }
                Some(_) => {}
            }
        }
        let of = |runs: &[Evidence]| -> Option<Vec<UnderCorruption>> {
            runs.iter().map(|run| run.samples.get(number)?.under_corruption).collect()
        };
        match (of(selection), of(ranked)) {
            (Some(selection), Some(ranked)) => found.push(Candidate { sample, selection, ranked }),
            _ if sample.right.is_none() => left_out.without_answer += 1,
            _ => left_out.impossible += 1,
        }
    }
    if found.is_empty() {
        let LeftOut { skipped, without_answer, impossible } = left_out;
        let samples = numbers.len() as u64;
        return Err(BenchError::NoCandidates { samples, skipped, without_answer, impossible });
    }
    Ok((found, left_out))
}

/// One embedding per candidate: for each selection model its mean vision token and its last prompt token's state, each at
/// length 1, laid end to end. The cosine of two embeddings is the mean of their parts' cosines.
pub fn embeddings(selection: &[Evidence], candidates: &[Candidate<'_>]) -> Vec<Vec<f32>> {
    let one = |candidate: &Candidate<'_>| {
        let states = selection.iter().filter_map(|run| run.samples.get(&candidate.sample.sample));
        let parts = states.flat_map(|own| [&own.sample.state.vision.0, &own.sample.state.context.0]);
        parts.flat_map(|part| unit(part)).collect()
    };
    candidates.iter().map(one).collect()
}
