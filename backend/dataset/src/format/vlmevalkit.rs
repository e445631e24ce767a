//! VLMEvalKit tables: index, image or image_path, question, hint, A to Z, answer, category, l2-category, split.
//!
//! One layout for many benchmarks, so each row tells by itself what it asks: with options multiple choice, without them
//! yes or no, options inside the question (RealWorldQA), or an open answer.

use super::hallusion_bench;
use super::{Surroundings, answer, categorise, plain, real_world_qa};
use crate::error::DatasetError;
use crate::row::Row;
use crate::sample::Sample;

/// POPE's sets of negatives: a row that is in several has them joined by commas.
const POPE_SETS: [&str; 3] = ["random", "popular", "adversarial"];

pub(super) fn sample(mut row: Row, surroundings: &Surroundings) -> Result<Sample, DatasetError> {
    let images = surroundings.root.images(&mut row, "image")?;
    let mut sample = plain(&row, row.required("index")?, row.required("question")?);
    sample.images = images;
    // A row of several images (MMMU) names them in its question.
    for (number, image) in (1..).zip(&mut sample.images) {
        image.number = Some(number);
    }
    sample.hint = row.owned("hint")?;
    sample.split = row.owned("split")?;
    categorise(&mut sample, &row, &["category", "l2-category"])?;
    explode(&mut sample);
    let options = answer::lettered(&row)?;
    let right = row.owned("answer")?;
    if !options.is_empty() {
        answer::choose(&mut sample, options, right, "answer")?;
        return Ok(sample);
    }
    real_world_qa::ask(&mut sample, right)?;
    if let Some(figures) = hallusion_bench::from_index(&sample.id) {
        sample.scoring = figures;
    }
    Ok(sample)
}

/// Takes POPE's joined categories apart; other categories may have commas in their names.
fn explode(sample: &mut Sample) {
    if let Some(values) = sample.categories.get_mut("category") {
        let parts: Vec<String> =
            values.iter().flat_map(|value| value.split(',')).map(|part| part.trim().to_owned()).collect();
        if parts.iter().all(|part| POPE_SETS.contains(&part.as_str())) {
            *values = parts;
        }
    }
}
