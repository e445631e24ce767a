//! The choice itself: scores, the greedy set, and what it is worth.

use super::{
    candidates::{candidates, embeddings},
    comparison::compare,
    error::BenchError,
    evidence::Evidence,
    manifest::{BenchC, ModelFacts, ScoredSample, Settings},
};
use flipside_shared::metrics::bench_c::{
    discrimination::discrimination,
    marginal_relevance::{Picking, maximal_marginal_relevance},
};

/// Chooses with the `selection` models and judges with the `ranked` ones; with the selection's own where there are none.
///
/// # Errors
/// When the runs do not fit together, fewer samples flip than are wanted, or no sample tells the models apart.
pub fn build(selection: &[Evidence], ranked: &[Evidence], settings: Settings) -> Result<BenchC, BenchError> {
    let ranked = if ranked.is_empty() { selection } else { ranked };
    for runs in [selection, ranked] {
        if runs.len() < 2 {
            let model = runs.first().map(|run| run.manifest.model.name.clone()).unwrap_or_default();
            return Err(BenchError::OneModel { model });
        }
    }
    let first = &selection[0];
    for other in ranked {
        if let Some(field) = first.manifest.difference_but_model(&other.manifest) {
            let (folder, first) = (other.folder.clone(), first.folder.clone());
            return Err(BenchError::OtherSettings { folder, first, field });
        }
    }
    let (candidates, left_out) = candidates(selection, ranked)?;
    let scores = discrimination(&candidates.iter().map(|one| one.selection.clone()).collect::<Vec<_>>())?;
    let flipping: Vec<usize> = (0..scores.len()).filter(|index| scores[*index].inconsistency > 0.0).collect();
    if settings.size > flipping.len() {
        let (candidates, flipping) = (candidates.len(), flipping.len());
        return Err(BenchError::TooLarge { size: settings.size, candidates, flipping });
    }
    if scores.iter().all(|one| one.score == 0.0) {
        return Err(BenchError::AllAlike);
    }
    let mut embeddings = embeddings(selection, &candidates);
    let relevance: Vec<f64> = flipping.iter().map(|index| scores[*index].score).collect();
    let vectors: Vec<Vec<f32>> =
        flipping.iter().map(|index| std::mem::take(&mut embeddings[*index])).collect();
    let picking = Picking { size: settings.size, balance: settings.balance };
    let picks = maximal_marginal_relevance(&relevance, &vectors, picking)?;
    let mut samples: Vec<ScoredSample> = candidates
        .iter()
        .zip(&scores)
        .map(|(one, score)| ScoredSample {
            sample: one.sample.sample,
            id: one.sample.id.clone(),
            categories: one.sample.categories.clone(),
            question: one.sample.question.clone(),
            inconsistency: score.inconsistency,
            variability: score.variability,
            discrimination: score.score,
            rank: None,
            similarity: None,
        })
        .collect();
    for (rank, pick) in (1..).zip(&picks) {
        let sample = &mut samples[flipping[pick.index]];
        (sample.rank, sample.similarity) = (Some(rank), pick.similarity);
    }
    let mut chosen: Vec<usize> = picks.iter().map(|pick| flipping[pick.index]).collect();
    chosen.sort_unstable();
    let models = |runs: &[Evidence]| ModelFacts::labelled(runs.iter().map(|run| &run.manifest.model));
    let (selection_models, ranked_models) = (models(selection), models(ranked));
    let chose = |model: &ModelFacts| selection_models.iter().any(|other| other.identity == model.identity);
    let ranked_chose = ranked_models.iter().any(chose);
    let comparison = compare(&candidates, &chosen, &ranked_models, &settings)?;
    Ok(BenchC {
        format: BenchC::FORMAT,
        flipside: env!("CARGO_PKG_VERSION").to_owned(),
        source: (&first.manifest).into(),
        settings,
        selection_models,
        ranked_chose,
        left_out,
        comparison,
        samples,
    })
}
