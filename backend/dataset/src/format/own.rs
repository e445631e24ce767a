//! Our own files: every sample as it is, so that what is written is what is read.
//!
//! JSON lines: one object per sample, `{"flipside": 1, "id": .., "question": .., "images": [..], ..}`; an image is
//! `{"data": base64}`, `{"path": ..}` or `{"scene": {"seed": .., "size_px": ..}}`. Parquet: columns id, question,
//! options, images (a list of {bytes, path}) and `details`, a JSON object of everything else.

use super::Surroundings;
use crate::base64_text;
use crate::error::DatasetError;
use crate::image::{ImageSource, SampleImage, ScenePicture};
use crate::row::{Cell, Row};
use crate::sample::{Answer, Regime, Sample, Scoring, TargetBox};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The version of the layout; a reader refuses later ones.
pub(crate) const VERSION: u32 = 1;

/// A sample on its line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    pub flipside: u32,
    pub id: String,
    pub question: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    #[serde(default)]
    pub options: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    pub images: Vec<ImageRecord>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub categories: BTreeMap<String, Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<TargetBox>,
    #[serde(default = "accuracy")]
    pub scoring: Scoring,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    #[serde(default = "mcq")]
    pub regime: Regime,
}

/// An image of a sample on its line.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImageRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<ScenePicture>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
}

fn accuracy() -> Scoring {
    Scoring::Accuracy
}

fn mcq() -> Regime {
    Regime::Mcq
}

pub(super) fn sample(mut row: Row, surroundings: &Surroundings) -> Result<Sample, DatasetError> {
    let mut bytes = match row.take("images") {
        Cell::List(images) => images,
        _ => return Err(row.bad("images", "this is no list of images")),
    };
    let mut fields = match row.take("details") {
        Cell::Absent => Map::new(),
        Cell::Text(text) => {
            serde_json::from_str(&text).map_err(|error| row.bad("details", error.to_string()))?
        }
        _ => return Err(row.bad("details", "this is not a JSON text")),
    };
    // In a table the images' bytes have a column of their own; what else is known of them is among the details.
    if !fields.contains_key("images") {
        fields.insert("images".to_owned(), Cell::List(std::mem::take(&mut bytes)).into_json());
    }
    let place = row.place.clone();
    for (name, cell) in std::mem::take(&mut row.cells) {
        if !matches!(&*name, "images" | "details") && !fields.contains_key(&*name) {
            fields.insert(name.to_string(), cell.into_json());
        }
    }
    if let Some(version) = fields.get("flipside").and_then(Value::as_u64).filter(|v| *v > VERSION.into()) {
        let reason = format!(
            "this is version {version} of the format, and {VERSION} is the latest that is known; update flipside"
        );
        return Err(row.bad("flipside", reason));
    }
    let record: Record = serde_json::from_value(Value::Object(fields))
        .map_err(|error| DatasetError::BadRow { place: place.clone(), reason: error.to_string() })?;
    let mut images = Vec::with_capacity(record.images.len());
    let mut bytes = bytes.into_iter();
    for image in record.images {
        images.push(self::image(&row, image, bytes.next(), surroundings)?);
    }
    let sample = Sample {
        id: record.id,
        place,
        images,
        question: record.question,
        hint: record.hint,
        options: record.options,
        answer: record.answer,
        categories: record.categories,
        boxes: record.boxes,
        scoring: record.scoring,
        split: record.split,
        regime: record.regime,
    };
    match sample.right_option() {
        Some(index) if index >= sample.options.len() => Err(DatasetError::AnswerNotAnOption {
            place: sample.place,
            column: "answer",
            answer: index.to_string(),
            options: sample.options.join("; "),
        }),
        _ => Ok(sample),
    }
}

fn image(
    row: &Row,
    record: ImageRecord,
    cell: Option<Cell>,
    surroundings: &Surroundings,
) -> Result<SampleImage, DatasetError> {
    let stored = cell.and_then(|cell| match cell {
        Cell::Fields(fields) => {
            fields.into_iter().find(|(name, _)| **name == *"bytes").map(|(_, bytes)| bytes)
        }
        _ => None,
    });
    Ok(match (record, stored) {
        (ImageRecord { scene: Some(scene), key, number, .. }, _) => {
            SampleImage { source: ImageSource::Scene(scene), stated_key: key, number }
        }
        (ImageRecord { key, number, .. }, Some(Cell::Bytes(bytes))) => {
            SampleImage { source: ImageSource::Encoded(bytes), stated_key: key, number }
        }
        (ImageRecord { data: Some(data), key, number, .. }, _) => {
            let bytes = base64_text::decode(data.as_bytes()).map_err(|reason| row.bad("images", reason))?;
            SampleImage { source: ImageSource::Encoded(Arc::new(bytes)), stated_key: key, number }
        }
        (ImageRecord { path: Some(path), key, number, .. }, _) => {
            let image = surroundings.root.file(&row.place, "images", &path)?;
            SampleImage { stated_key: key.or(image.stated_key), number, ..image }
        }
        _ => return Err(row.bad("images", "an image has neither data, path nor scene")),
    })
}
