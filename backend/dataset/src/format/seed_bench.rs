//! `SEED-Bench.json`: questions about pictures with four choices. Its questions about videos are left out, and counted.

use super::answer::{choose, in_order};
use super::{Surroundings, plain};
use crate::error::DatasetError;
use crate::row::{Cell, Row};
use crate::sample::Sample;

pub(super) fn sample(mut row: Row, surroundings: &Surroundings) -> Result<Sample, DatasetError> {
    let file = row.required("data_id")?;
    row.cells.push(("image_path".into(), Cell::Text(file)));
    let images = surroundings.root.images(&mut row, "image_path")?;
    let mut sample = plain(&row, row.required("question_id")?, row.required("question")?);
    sample.images = images;
    let mut options = Vec::new();
    for column in ["choice_a", "choice_b", "choice_c", "choice_d"] {
        options.extend(row.owned(column)?);
    }
    choose(&mut sample, in_order(options), row.owned("answer")?, "answer")?;
    // The document's table of question types has given the name; without it the number has to do.
    if let Some((_, kind)) = row.first_of(&["question_type", "question_type_id"])? {
        sample.categories.insert("category".to_owned(), vec![kind]);
    }
    Ok(sample)
}
