//! A row as its file has it: named cells, before anyone asks what they mean.
//!
//! Containers make rows, formats read them. NA parsing is off: text is text, and only an empty one is absent.

use crate::error::{DatasetError, Place};
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Absent,
    Text(String),
    Number(Number),
    Flag(bool),
    Bytes(Arc<Vec<u8>>),
    List(Vec<Cell>),
    Fields(Vec<(Arc<str>, Cell)>),
}

impl Cell {
    /// Whether nothing stands here: an empty text is nothing.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent) || matches!(self, Self::Text(text) if text.is_empty())
    }

    /// The cell as JSON; bytes have no place in it and become null.
    pub fn into_json(self) -> Value {
        match self {
            Self::Absent | Self::Bytes(_) => Value::Null,
            Self::Text(text) => Value::String(text),
            Self::Number(number) => Value::Number(number),
            Self::Flag(flag) => Value::Bool(flag),
            Self::List(cells) => cells.into_iter().map(Self::into_json).collect(),
            Self::Fields(fields) => {
                fields.into_iter().map(|(name, cell)| (name.to_string(), cell.into_json())).collect()
            }
        }
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Absent,
            Value::Bool(flag) => Self::Flag(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text),
            Value::Array(values) => Self::List(values.into_iter().map(Self::from).collect()),
            Value::Object(map) => {
                Self::Fields(map.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
            }
        }
    }
}

/// A row and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub place: Place,
    pub cells: Vec<(Arc<str>, Cell)>,
}

impl Row {
    /// The cell of a column; absent when there is no such column.
    pub fn cell(&self, column: &str) -> &Cell {
        self.cells.iter().find(|(name, _)| **name == *column).map_or(&Cell::Absent, |(_, cell)| cell)
    }

    /// The cell of a column, taken out of the row.
    pub fn take(&mut self, column: &str) -> Cell {
        let found = self.cells.iter_mut().find(|(name, _)| **name == *column);
        found.map_or(Cell::Absent, |(_, cell)| std::mem::replace(cell, Cell::Absent))
    }

    /// Text, or a number as text; none where nothing or an empty text stands.
    pub fn text(&self, column: &str) -> Result<Option<Cow<'_, str>>, DatasetError> {
        match self.cell(column) {
            Cell::Absent => Ok(None),
            Cell::Text(text) => Ok((!text.is_empty()).then_some(Cow::Borrowed(text))),
            Cell::Number(number) => Ok(Some(Cow::Owned(number.to_string()))),
            _ => Err(self.bad(column, "this is not text")),
        }
    }

    /// As [`Row::text`], owned.
    pub fn owned(&self, column: &str) -> Result<Option<String>, DatasetError> {
        Ok(self.text(column)?.map(Cow::into_owned))
    }

    /// Text that has to be there.
    pub fn required(&self, column: &str) -> Result<String, DatasetError> {
        self.owned(column)?.ok_or_else(|| self.bad(column, "this is absent or empty"))
    }

    /// The text of the first of these columns that has one.
    pub fn first_of(&self, columns: &[&'static str]) -> Result<Option<(&'static str, String)>, DatasetError> {
        for column in columns {
            if let Some(text) = self.owned(column)? {
                return Ok(Some((column, text)));
            }
        }
        Ok(None)
    }

    /// As [`Row::first_of`], for text that has to be there.
    pub fn required_of(&self, columns: &[&'static str]) -> Result<(&'static str, String), DatasetError> {
        self.first_of(columns)?.ok_or_else(|| self.bad(&columns.join(" or "), "this is absent or empty"))
    }

    /// A whole number, also where it is written as text.
    pub fn whole_number(&self, column: &str) -> Result<u32, DatasetError> {
        let text = self.required(column)?;
        text.trim().parse().map_err(|_| self.bad(column, format!("{text:?} is not a whole number")))
    }

    pub fn bad(&self, column: &str, reason: impl Into<String>) -> DatasetError {
        DatasetError::BadValue { place: self.place.clone(), column: column.into(), reason: reason.into() }
    }
}
