//! V*: an image's question, its options with the right one first, and the boxes of what it asks about.
//!
//! The question is put alone, as published: options behind letters would always have A right.

use super::mmmu::texts;
use super::{Surroundings, categorise, plain};
use crate::error::DatasetError;
use crate::row::{Cell, Row};
use crate::sample::{Answer, Regime, Sample, TargetBox};

pub(super) fn sample(mut row: Row, surroundings: &Surroundings) -> Result<Sample, DatasetError> {
    let images = surroundings.root.images(&mut row, "image")?;
    let id = row.owned("id")?.unwrap_or_else(|| surroundings.stem.clone());
    let mut sample = plain(&row, id, row.required("question")?);
    sample.images = images;
    sample.regime = Regime::Plain;
    categorise(&mut sample, &row, &["category"])?;
    sample.boxes = boxes(&mut row)?;
    let bad = row.bad("options", "this is no list of at least two texts");
    sample.options = match row.take("options") {
        Cell::List(cells) => texts(cells).filter(|options| options.len() > 1).ok_or(bad)?,
        _ => return Err(bad),
    };
    sample.answer = Some(Answer::Option(0));
    Ok(sample)
}

/// The boxes [x, y, width, height] with the names of what is in them; some folders have none.
fn boxes(row: &mut Row) -> Result<Vec<TargetBox>, DatasetError> {
    let bad = row.bad("bbox", "this is no list of boxes [x, y, width, height], one per target_object");
    let objects = match row.take("target_object") {
        Cell::List(cells) => texts(cells),
        Cell::Text(object) => Some(vec![object]),
        Cell::Absent => Some(Vec::new()),
        _ => None,
    };
    let boxes = match row.take("bbox") {
        Cell::List(cells) => cells,
        Cell::Absent => return Ok(Vec::new()),
        _ => return Err(bad),
    };
    let sides: Option<Vec<[f64; 4]>> = boxes.into_iter().map(sides).collect();
    match (objects, sides) {
        (Some(objects), Some(sides)) if objects.len() == sides.len() => {
            let named = objects.into_iter().zip(sides);
            Ok(named
                .map(|(object, [x_px, y_px, width_px, height_px])| TargetBox {
                    object,
                    x_px,
                    y_px,
                    width_px,
                    height_px,
                })
                .collect())
        }
        _ => Err(bad),
    }
}

fn sides(cell: Cell) -> Option<[f64; 4]> {
    let Cell::List(cells) = cell else { return None };
    let numbers = cells.into_iter().map(|cell| match cell {
        Cell::Number(number) => number.as_f64(),
        _ => None,
    });
    numbers.collect::<Option<Vec<f64>>>()?.try_into().ok()
}
