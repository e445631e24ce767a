//! JSON lines: an object on each line; empty lines mean nothing.

use super::row_limit::LONGEST_ROW_BYTES;
use super::{Rows, io, place};
use crate::error::{DatasetError, RowNumber};
use crate::row::{Cell, Row};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

/// How many lines may be bad before the first good one tells the format.
const LINES_TO_JUDGE_BY: usize = 100;

/// The objects of a file of lines.
pub(super) struct JsonLines {
    file: Arc<Path>,
    reader: BufReader<File>,
    text: Vec<u8>,
    line: u64,
    length_bytes: u64,
    read_bytes: u64,
    columns: Vec<Arc<str>>,
    is_over: bool,
}

impl JsonLines {
    pub fn open(path: &Path) -> Result<Self, DatasetError> {
        let columns = Self::start(path)?.first_keys();
        Ok(Self { columns, ..Self::start(path)? })
    }

    fn start(path: &Path) -> Result<Self, DatasetError> {
        let file = File::open(path).map_err(|source| io(path, source))?;
        let length_bytes = file.metadata().map_err(|source| io(path, source))?.len();
        Ok(Self {
            file: path.into(),
            reader: BufReader::with_capacity(1 << 18, file),
            text: Vec::new(),
            line: 0,
            length_bytes,
            read_bytes: 0,
            columns: Vec::new(),
            is_over: false,
        })
    }

    /// The keys of the first good line; none when none of the first lines is, which is said when their turn comes.
    fn first_keys(mut self) -> Vec<Arc<str>> {
        let row = std::iter::from_fn(|| self.next_row()).take(LINES_TO_JUDGE_BY).find_map(Result::ok);
        row.into_iter().flat_map(|row| row.cells).map(|(name, _)| name).collect()
    }

    /// Reads the next line that is not empty.
    fn advance(&mut self) -> Option<Result<(), DatasetError>> {
        loop {
            if self.is_over {
                return None;
            }
            self.line += 1;
            self.text.clear();
            let read = self.reader.by_ref().take(LONGEST_ROW_BYTES).read_until(b'\n', &mut self.text);
            self.read_bytes += self.text.len() as u64;
            match read {
                Ok(0) => return None,
                Ok(read) if read as u64 == LONGEST_ROW_BYTES => {
                    return self.fail("a line is longer than 1 GiB");
                }
                Ok(_) if self.text.trim_ascii().is_empty() => {}
                Ok(_) => return Some(Ok(())),
                Err(error) => return self.fail(error.to_string()),
            }
        }
    }

    fn fail(&mut self, reason: impl Into<String>) -> Option<Result<(), DatasetError>> {
        self.is_over = true;
        let place = place(&self.file, RowNumber::Line(self.line));
        Some(Err(DatasetError::Damaged { place, reason: reason.into() }))
    }

    fn row(&self) -> Result<Row, DatasetError> {
        let place = place(&self.file, RowNumber::Line(self.line));
        let text = self.text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.text);
        match serde_json::from_slice::<Value>(text).map(Cell::from) {
            Ok(Cell::Fields(cells)) => Ok(Row { place, cells }),
            Ok(_) => Err(DatasetError::BadRow { place, reason: "the line is not a JSON object".to_owned() }),
            Err(error) if error.is_eof() && !text.ends_with(b"\n") => Err(DatasetError::CutOff { place }),
            Err(error) => {
                Err(DatasetError::BadRow { place, reason: format!("the line is not JSON: {error}") })
            }
        }
    }
}

impl Rows for JsonLines {
    fn columns(&self) -> &[Arc<str>] {
        &self.columns
    }

    fn next_row(&mut self) -> Option<Result<Row, DatasetError>> {
        Some(self.advance()?.and_then(|()| self.row()))
    }

    fn skip_row(&mut self) -> Option<Result<(), DatasetError>> {
        self.advance()
    }

    fn share_read(&self) -> Option<f64> {
        Some(self.read_bytes as f64 / self.length_bytes.max(1) as f64)
    }
}
