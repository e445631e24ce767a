//! POPE: yes or no, is the object in the picture?
//!
//! JSON lines {question_id, image, text, label}, sometimes with image_id for image, one file per set of negatives; or
//! Parquet {id, question_id, question, answer, image_source, image, category}.

use super::answer::{ask_yes_or_no, yes_or_no};
use super::{Surroundings, plain};
use crate::error::DatasetError;
use crate::row::{Cell, Row};
use crate::sample::Sample;

/// Where the picture may stand.
pub(super) const IMAGES: &[&str] = &["image", "image_id", "image_source"];
/// The sets of negatives, which name the files.
const SETS: [&str; 3] = ["random", "popular", "adversarial"];

pub(super) fn sample(mut row: Row, surroundings: &Surroundings) -> Result<Sample, DatasetError> {
    if row.cell("image").is_absent() {
        let file = file_name(&row)?;
        row.cells.push(("image_path".into(), Cell::Text(file)));
    }
    let images = surroundings.root.images(&mut row, "image")?;
    // In the Parquet file each set counts its questions anew; `id` is unique.
    let (_, id) = row.required_of(&["id", "question_id"])?;
    let (_, question) = row.required_of(&["text", "question"])?;
    let mut sample = plain(&row, id, question);
    sample.images = images;
    let (column, label) = row.required_of(&["label", "answer"])?;
    let is_yes = yes_or_no(&label).ok_or_else(|| DatasetError::AnswerNotAnOption {
        place: row.place.clone(),
        column,
        answer: label,
        options: "yes; no".to_owned(),
    })?;
    ask_yes_or_no(&mut sample, Some(is_yes));
    let sets: Vec<String> = match row.owned("category")? {
        Some(category) => category.split(',').map(|set| set.trim().to_owned()).collect(),
        None => {
            SETS.iter().filter(|set| surroundings.stem.contains(*set)).map(|set| (*set).to_owned()).collect()
        }
    };
    if !sets.is_empty() {
        sample.categories.insert("category".to_owned(), sets);
    }
    Ok(sample)
}

/// The file of a row that names its picture by source or number alone.
fn file_name(row: &Row) -> Result<String, DatasetError> {
    let (_, name) = row.required_of(&["image_source", "image_id"])?;
    Ok(match name.parse::<u64>() {
        Ok(number) => format!("COCO_val2014_{number:012}.jpg"),
        Err(_) if name.contains('.') => name,
        Err(_) => format!("{name}.jpg"),
    })
}
