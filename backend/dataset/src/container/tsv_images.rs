//! The column `image` of a VLMEvalKit table: base64, the index of another row that holds the image, or a list of either.
//!
//! Of earlier rows only their offsets are kept, and their images are read again when a row refers to them.

use super::tsv::{TsvReader, damaged, reader};
use crate::base64_text;
use crate::error::{DatasetError, Place};
use crate::literal;
use crate::row::Cell;
use csv::{ByteRecord, Position};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// Text no longer than this is a reference, as in VLMEvalKit.
const LONGEST_REFERENCE: usize = 64;

/// Finds the images of rows.
pub(super) struct RowImages {
    file: Arc<Path>,
    image: usize,
    index: usize,
    /// Where rows begin, by their index; of two with one index the first.
    offsets: HashMap<Box<[u8]>, u64>,
    knows_all_rows: bool,
    lookup: Option<TsvReader>,
    /// The image referred to last: rows that share one follow each other.
    last: Option<(Box<[u8]>, Cell)>,
}

impl RowImages {
    pub fn new(file: Arc<Path>, image: usize, index: usize) -> Self {
        let offsets = HashMap::new();
        Self { file, image, index, offsets, knows_all_rows: false, lookup: None, last: None }
    }

    /// Remembers where a row begins.
    pub fn note(&mut self, record: &ByteRecord, byte: u64) {
        if !self.knows_all_rows
            && let Some(index) = record.get(self.index)
        {
            self.offsets.entry(index.into()).or_insert(byte);
        }
    }

    /// The image or images of a field; `here` has just read the row.
    pub fn cell(&mut self, field: &[u8], here: &TsvReader, place: &Place) -> Result<Cell, DatasetError> {
        if field.len() > LONGEST_REFERENCE || field.starts_with(b"[") {
            return self.held(field, here, place);
        }
        match field {
            [] => Ok(Cell::Absent),
            reference => self.referred(reference, here, place),
        }
    }

    /// Images that stand in the field itself.
    fn held(&mut self, field: &[u8], here: &TsvReader, place: &Place) -> Result<Cell, DatasetError> {
        let bad =
            |reason| DatasetError::BadValue { place: place.clone(), column: "image".to_owned(), reason };
        if !field.starts_with(b"[") {
            return base64_text::decode(field).map(|bytes| Cell::Bytes(Arc::new(bytes))).map_err(bad);
        }
        let texts = std::str::from_utf8(field).ok().and_then(literal::list);
        let texts = texts.ok_or_else(|| bad("the list of images is not complete".to_owned()))?;
        let images = texts.iter().map(|text| match text.as_bytes() {
            long if long.len() > LONGEST_REFERENCE => {
                base64_text::decode(long).map(|bytes| Cell::Bytes(Arc::new(bytes))).map_err(bad)
            }
            reference => self.referred(reference, here, place),
        });
        images.collect::<Result<_, _>>().map(Cell::List)
    }

    /// The images of the row with this index.
    fn referred(&mut self, reference: &[u8], here: &TsvReader, place: &Place) -> Result<Cell, DatasetError> {
        if let Some((last, cell)) = &self.last
            && **last == *reference
        {
            return Ok(cell.clone());
        }
        if !self.offsets.contains_key(reference) && !self.knows_all_rows {
            self.read_ahead(here.position())?;
        }
        let nowhere = || {
            let reference = String::from_utf8_lossy(reference).into_owned();
            DatasetError::NoSuchReference { place: place.clone(), reference }
        };
        let byte = *self.offsets.get(reference).ok_or_else(nowhere)?;
        let mut position = Position::new();
        position.set_byte(byte);
        let record = self.record_at(position)?;
        let field = record.get(self.image).unwrap_or_default();
        if field.len() <= LONGEST_REFERENCE {
            return Err(nowhere());
        }
        let cell = self.held(field, here, place)?;
        self.last = Some((reference.into(), cell.clone()));
        Ok(cell)
    }

    fn lookup(&mut self) -> Result<&mut TsvReader, DatasetError> {
        Ok(match &mut self.lookup {
            Some(lookup) => lookup,
            none => none.insert(reader(&self.file)?),
        })
    }

    fn record_at(&mut self, position: Position) -> Result<ByteRecord, DatasetError> {
        let file = self.file.clone();
        let lookup = self.lookup()?;
        let mut record = ByteRecord::new();
        lookup
            .seek(position)
            .and_then(|()| lookup.read_byte_record(&mut record))
            .map_err(|error| damaged(&file, 1, &error))?;
        Ok(record)
    }

    /// Notes the rows that have not been read yet: a row refers to one after it. Happens once at most.
    fn read_ahead(&mut self, from: &Position) -> Result<(), DatasetError> {
        let file = self.file.clone();
        let failed = |error: &csv::Error| damaged(&file, from.line(), error);
        self.lookup()?.seek(from.clone()).map_err(|error| failed(&error))?;
        let mut record = ByteRecord::new();
        loop {
            let lookup = self.lookup()?;
            lookup.get_mut().begin_row();
            if !lookup.read_byte_record(&mut record).map_err(|error| failed(&error))? {
                break;
            }
            let byte = record.position().map_or(0, Position::byte);
            self.note(&record, byte);
        }
        self.knows_all_rows = true;
        Ok(())
    }
}
