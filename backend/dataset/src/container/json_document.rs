//! JSON documents: a list of objects, SEED-Bench's object with its list of questions, or V*'s one object.
//!
//! A document is read whole: these are texts of some megabytes, their images lie beside them.

use super::{Rows, io, place};
use crate::error::{DatasetError, RowNumber};
use crate::row::{Cell, Row};
use serde_json::{Map, Value};
use std::path::Path;
use std::sync::Arc;

/// The entries of a document.
pub(super) struct Entries {
    columns: Vec<Arc<str>>,
    total: u64,
    rows: std::vec::IntoIter<Result<Row, DatasetError>>,
    videos: u64,
}

/// Reads a document.
pub(super) fn open(path: &Path) -> Result<Entries, DatasetError> {
    let text = std::fs::read(path).map_err(|source| io(path, source))?;
    let (entries, kinds) = match parse(path, &text)? {
        Value::Array(entries) => (entries, Map::new()),
        Value::Object(mut object) if object.get("questions").is_some_and(Value::is_array) => {
            let kinds = object.remove("question_type");
            let entries = object.remove("questions").and_then(|list| list.as_array().cloned());
            (
                entries.unwrap_or_default(),
                kinds.and_then(|kinds| kinds.as_object().cloned()).unwrap_or_default(),
            )
        }
        other => (vec![other], Map::new()),
    };
    let file: Arc<Path> = path.into();
    let mut videos = 0;
    let mut rows = Vec::with_capacity(entries.len());
    for (number, entry) in (1..).zip(entries) {
        if entry.get("data_type").is_some_and(|kind| kind == "video") {
            videos += 1;
            continue;
        }
        let place = place(&file, RowNumber::Entry(number));
        rows.push(match entry {
            Value::Object(mut fields) => {
                if let Some(name) = kind_name(&kinds, fields.get("question_type_id")) {
                    fields.insert("question_type".to_owned(), name.into());
                }
                let cells =
                    fields.into_iter().map(|(name, value)| (name.into(), Cell::from(value))).collect();
                Ok(Row { place, cells })
            }
            _ => Err(DatasetError::BadRow { place, reason: "the entry is not a JSON object".to_owned() }),
        });
    }
    let columns = match rows.iter().flatten().next() {
        Some(row) => row.cells.iter().map(|(name, _)| name.clone()).collect(),
        None => Vec::new(),
    };
    Ok(Entries { columns, total: rows.len() as u64, rows: rows.into_iter(), videos })
}

pub(super) fn parse(path: &Path, text: &[u8]) -> Result<Value, DatasetError> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if text.trim_ascii().is_empty() {
        return Err(DatasetError::Empty { file: path.to_owned() });
    }
    serde_json::from_slice(text).map_err(|error| {
        let place = place(&path.into(), RowNumber::Line(error.line() as u64));
        let reason = match error.is_eof() {
            true => "the file ends in the middle of its JSON".to_owned(),
            false => format!("this is not JSON: {error}"),
        };
        DatasetError::Damaged { place, reason }
    })
}

/// The name of a question type, from SEED-Bench's table of names and numbers.
fn kind_name(kinds: &Map<String, Value>, id: Option<&Value>) -> Option<String> {
    kinds.iter().find(|(_, number)| Some(*number) == id).map(|(name, _)| name.clone())
}

impl Rows for Entries {
    fn columns(&self) -> &[Arc<str>] {
        &self.columns
    }

    fn next_row(&mut self) -> Option<Result<Row, DatasetError>> {
        self.rows.next()
    }

    fn total(&self) -> Option<u64> {
        Some(self.total)
    }

    fn set_aside(&self) -> Option<(&'static str, u64)> {
        (self.videos > 0).then_some(("questions about videos", self.videos))
    }
}
