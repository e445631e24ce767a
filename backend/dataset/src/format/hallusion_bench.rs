//! HallusionBench: yes or no about figures that were left alone, edited, or are not shown at all.
//!
//! JSON {category VD|VS, subcategory, visual_input, set_id, figure_id, question_id, question, gt_answer 1|0, filename}.
//! The same as Parquet has the picture in `image`.

use super::answer::ask_yes_or_no;
use super::{Surroundings, categorise, plain};
use crate::error::DatasetError;
use crate::row::Row;
use crate::sample::{Sample, Scoring};

pub(super) fn sample(mut row: Row, surroundings: &Surroundings) -> Result<Sample, DatasetError> {
    let category = row.required("category")?;
    let subcategory = row.required("subcategory")?;
    let visual_input = row.whole_number("visual_input")?;
    let (set_id, figure_id) = (row.whole_number("set_id")?, row.whole_number("figure_id")?);
    let question_id = row.whole_number("question_id")?;
    let id = format!("{category}_{subcategory}_{visual_input}_{set_id}_{figure_id}_{question_id}");
    let column = if row.cell("image").is_absent() { "filename" } else { "image" };
    let images = match visual_input {
        0 => Vec::new(),
        _ => surroundings.root.images(&mut row, column)?,
    };
    if images.is_empty() && visual_input != 0 {
        return Err(row.bad(column, format!("visual_input is {visual_input}, and there is no picture")));
    }
    let mut sample = plain(&row, id, row.required("question")?);
    sample.images = images;
    categorise(&mut sample, &row, &["category", "subcategory"])?;
    let answer = row.required("gt_answer")?;
    let is_yes = match answer.as_str() {
        "1" => true,
        "0" => false,
        _ => {
            let (place, options) = (row.place.clone(), "1 (yes); 0 (no)".to_owned());
            return Err(DatasetError::AnswerNotAnOption { place, column: "gt_answer", answer, options });
        }
    };
    ask_yes_or_no(&mut sample, Some(is_yes));
    sample.scoring = Scoring::Figures { category, subcategory, visual_input, set_id, figure_id, question_id };
    Ok(sample)
}

/// The same keys from the index of a VLMEvalKit row: category, subcategory and the four numbers, joined by underscores.
pub(super) fn from_index(index: &str) -> Option<Scoring> {
    let (category, rest) = index.split_once('_').filter(|(category, _)| matches!(*category, "VD" | "VS"))?;
    let mut parts = rest.rsplitn(5, '_');
    let mut number = || parts.next()?.parse().ok();
    let (question_id, figure_id, set_id, visual_input) = (number()?, number()?, number()?, number()?);
    let (category, subcategory) = (category.to_owned(), parts.next()?.to_owned());
    Some(Scoring::Figures { category, subcategory, visual_input, set_id, figure_id, question_id })
}
