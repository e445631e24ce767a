//! VLMEvalKit's tab-separated tables: one row in memory at a time, however long the file.
//!
//! As pandas writes them: quotes around a field with tabs, newlines or quotes, quotes doubled within. The column
//! `image` goes through `tsv_images`, everything else is text.

use super::row_limit::{LONGEST_ROW_BYTES, RowLimit};
use super::tsv_images::RowImages;
use super::{Rows, io, place};
use crate::error::{DatasetError, Place, RowNumber};
use crate::row::{Cell, Row};
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

/// Large enough that reading is not bound by calls to the system.
const BUFFER_BYTES: usize = 1 << 18;

pub(super) type TsvReader = Reader<RowLimit<File>>;

/// A reader that gives every line as it is, the header too.
pub(super) fn reader(path: &Path) -> Result<TsvReader, DatasetError> {
    let file = File::open(path).map_err(|source| io(path, source))?;
    let mut builder = ReaderBuilder::new();
    builder.delimiter(b'\t').flexible(true).has_headers(false).buffer_capacity(BUFFER_BYTES);
    Ok(builder.from_reader(RowLimit::new(file, LONGEST_ROW_BYTES)))
}

/// The rows of a table.
pub(super) struct TsvRows {
    file: Arc<Path>,
    length_bytes: u64,
    /// Whether lines end in CR LF: then the LF of the header is still to come when its record has been read, and so on.
    ends_in_crlf: bool,
    reader: TsvReader,
    columns: Vec<Arc<str>>,
    image: Option<usize>,
    images: Option<RowImages>,
    record: ByteRecord,
    /// Whether this is the last row and no end of line closes it.
    ends_open: bool,
    is_over: bool,
}

impl TsvRows {
    pub fn open(path: &Path) -> Result<Self, DatasetError> {
        let file: Arc<Path> = path.into();
        let length_bytes = std::fs::metadata(path).map_err(|source| io(path, source))?.len();
        let mut reader = reader(path)?;
        let mut record = ByteRecord::new();
        if !reader.read_byte_record(&mut record).map_err(|error| damaged(&file, 1, &error))? {
            return Err(DatasetError::Empty { file: path.to_owned() });
        }
        let ends_in_crlf = byte_at(path, reader.position().byte().saturating_sub(1))
            .map_err(|source| io(path, source))?
            == b'\r';
        let columns: Vec<Arc<str>> =
            record.iter().map(|name| String::from_utf8_lossy(name).trim().into()).collect();
        let position = |name: &str| columns.iter().position(|column| **column == *name);
        let (image, index) = (position("image"), position("index"));
        let images = match (image, index) {
            (Some(image), Some(index)) => Some(RowImages::new(file.clone(), image, index)),
            _ => None,
        };
        Ok(Self {
            file,
            length_bytes,
            ends_in_crlf,
            reader,
            columns,
            image,
            images,
            record,
            ends_open: false,
            is_over: false,
        })
    }

    /// Reads the next record and notes where it begins.
    fn advance(&mut self) -> Option<Result<Place, DatasetError>> {
        if self.is_over {
            return None;
        }
        let line = self.reader.position().line();
        self.reader.get_mut().begin_row();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => {
                self.is_over = true;
                return Some(Err(damaged(&self.file, line, &error)));
            }
        }
        let (byte, line) = self.record.position().map_or((0, line), |at| (at.byte(), at.line()));
        let place = place(&self.file, RowNumber::Line(line + u64::from(self.ends_in_crlf)));
        Some(self.check(byte, &place).map(|()| place))
    }

    fn check(&mut self, byte: u64, place: &Place) -> Result<(), DatasetError> {
        let (fields, columns) = (self.record.len(), self.columns.len());
        if self.reader.position().byte() >= self.length_bytes {
            let failed = |source| io(&self.file, source);
            if fields < columns || self.ends_in_quotes(byte).map_err(failed)? {
                return Err(DatasetError::CutOff { place: place.clone() });
            }
            self.ends_open = byte_at(&self.file, self.length_bytes - 1).map_err(failed)? != b'\n';
        }
        if fields != columns {
            let reason = format!("the row has {fields} fields where the header has {columns}");
            return Err(DatasetError::BadRow { place: place.clone(), reason });
        }
        if let Some(images) = &mut self.images {
            images.note(&self.record, byte);
        }
        Ok(())
    }

    /// Whether the last row, which begins at this byte, opens a quote and does not close it. The csv crate reads
    /// such a field to the end of the file and says nothing.
    fn ends_in_quotes(&self, byte: u64) -> std::io::Result<bool> {
        let mut file = File::open(&self.file)?;
        file.seek(SeekFrom::Start(byte))?;
        let mut quotes = 0;
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(quotes % 2 == 1),
                read => quotes += buffer[..read].iter().filter(|byte| **byte == b'"').count(),
            }
        }
    }

    fn row(&mut self, place: Place) -> Result<Row, DatasetError> {
        let mut cells = Vec::with_capacity(self.columns.len());
        for (at, name) in self.columns.iter().enumerate() {
            let field = self.record.get(at).unwrap_or_default();
            let cell = match &mut self.images {
                Some(images) if self.image == Some(at) => match images.cell(field, &self.reader, &place) {
                    // Base64 that stops half way, in the column that comes last.
                    Err(DatasetError::BadValue { .. }) if self.ends_open && at + 1 == self.columns.len() => {
                        return Err(DatasetError::CutOff { place });
                    }
                    read => read?,
                },
                _ => match std::str::from_utf8(field) {
                    Ok(text) => Cell::Text(text.to_owned()),
                    Err(error) => {
                        let (column, reason) =
                            (name.to_string(), format!("this is not UTF-8 text ({error})"));
                        return Err(DatasetError::BadValue { place, column, reason });
                    }
                },
            };
            cells.push((name.clone(), cell));
        }
        Ok(Row { place, cells })
    }
}

impl Rows for TsvRows {
    fn columns(&self) -> &[Arc<str>] {
        &self.columns
    }

    fn next_row(&mut self) -> Option<Result<Row, DatasetError>> {
        Some(self.advance()?.and_then(|place| self.row(place)))
    }

    fn skip_row(&mut self) -> Option<Result<(), DatasetError>> {
        Some(match self.advance()? {
            Err(error) if !error.is_of_one_row() => Err(error),
            _ => Ok(()),
        })
    }

    fn share_read(&self) -> Option<f64> {
        Some(self.reader.position().byte() as f64 / self.length_bytes.max(1) as f64)
    }
}

fn byte_at(path: &Path, byte: u64) -> std::io::Result<u8> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(byte))?;
    let mut found = [0];
    file.read_exact(&mut found)?;
    Ok(found[0])
}

pub(super) fn damaged(file: &Arc<Path>, line: u64, error: &csv::Error) -> DatasetError {
    DatasetError::Damaged { place: place(file, RowNumber::Line(line)), reason: error.to_string() }
}
