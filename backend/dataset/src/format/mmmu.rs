//! MMMU as Parquet: up to seven images, which the question and options name as `<image n>`.

use super::answer::{ask_openly, choose, in_order};
use super::{Surroundings, categorise, plain};
use crate::error::DatasetError;
use crate::literal;
use crate::row::{Cell, Row};
use crate::sample::Sample;

pub(super) fn sample(mut row: Row, surroundings: &Surroundings) -> Result<Sample, DatasetError> {
    let mut images = Vec::new();
    for number in 1..=7 {
        for mut image in surroundings.root.images(&mut row, &format!("image_{number}"))? {
            image.number = Some(number);
            images.push(image);
        }
    }
    let id = row.required("id")?;
    let mut sample = plain(&row, id, row.required("question")?);
    sample.images = images;
    // `validation_Accounting_1`: split, subject, number.
    if let Some((split, rest)) = sample.id.clone().split_once('_') {
        sample.split = Some(split.to_owned());
        if let Some((subject, _)) = rest.rsplit_once('_') {
            sample.categories.insert("category".to_owned(), vec![subject.to_owned()]);
        }
    }
    categorise(&mut sample, &row, &["subfield", "topic_difficulty", "question_type"])?;
    if let Some(kinds) = row.owned("img_type")? {
        let kinds = literal::list(&kinds).unwrap_or_else(|| vec![kinds]);
        sample.categories.insert("img_type".to_owned(), kinds);
    }
    let options = options(&mut row)?;
    // The test split keeps its answers to itself and writes a question mark.
    let answer = row.owned("answer")?.filter(|answer| answer != "?");
    if options.is_empty() {
        ask_openly(&mut sample, answer.map(|text| literal::list(&text).unwrap_or_else(|| vec![text])));
    } else {
        choose(&mut sample, in_order(options), answer, "answer")?;
    }
    Ok(sample)
}

/// The options: a list, or a text that holds a Python list.
fn options(row: &mut Row) -> Result<Vec<String>, DatasetError> {
    let bad = row.bad("options", "this is no list of texts");
    match row.take("options") {
        cell if cell.is_absent() => Ok(Vec::new()),
        Cell::Text(text) => literal::list(&text).ok_or(bad),
        Cell::List(cells) => texts(cells).ok_or(bad),
        _ => Err(bad),
    }
}

/// A list of texts and numbers as texts.
pub(super) fn texts(cells: Vec<Cell>) -> Option<Vec<String>> {
    let text = |cell| match cell {
        Cell::Text(text) => Some(text),
        Cell::Number(number) => Some(number.to_string()),
        Cell::Absent => Some(String::new()),
        _ => None,
    };
    cells.into_iter().map(text).collect()
}
