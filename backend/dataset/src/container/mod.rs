//! Kinds of file, each turned into a stream of rows. What the rows mean is the formats' business.

mod folder;
mod json_document;
mod json_lines;
mod parquet;
mod row_limit;
mod tsv;
mod tsv_images;

use crate::error::{DatasetError, Place, RowNumber};
use crate::row::Row;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Tsv,
    JsonLines,
    JsonDocument,
    Parquet,
    Folder,
}

/// The rows of a file, one after another.
///
/// An error that is not of one row is the last thing that comes.
pub(crate) trait Rows: Send {
    /// The names that tell which format this is: a table's columns, the keys of the first entry.
    fn columns(&self) -> &[Arc<str>];

    /// The next row.
    fn next_row(&mut self) -> Option<Result<Row, DatasetError>>;

    /// Passes over a row that nobody wants, with as little work as possible; what is wrong with it does not matter.
    fn skip_row(&mut self) -> Option<Result<(), DatasetError>> {
        Some(match self.next_row()? {
            Err(error) if !error.is_of_one_row() => Err(error),
            _ => Ok(()),
        })
    }

    /// How many rows there are, where that is known without reading them.
    fn total(&self) -> Option<u64> {
        None
    }

    /// The share of the file that is read, in [0, 1], where rows are not counted beforehand.
    fn share_read(&self) -> Option<f64> {
        None
    }

    /// Entries that are no questions about pictures, and why they were left out.
    fn set_aside(&self) -> Option<(&'static str, u64)> {
        None
    }
}

impl Container {
    /// The kind of a file or folder: by its ending, or else by its first bytes.
    pub fn of(path: &Path) -> Result<Option<Self>, DatasetError> {
        if path.is_dir() {
            return Ok(Some(Self::Folder));
        }
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let start = start(path).map_err(|source| io(path, source))?;
        Ok(match ending.as_str() {
            "tsv" => Some(Self::Tsv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "parquet" => Some(Self::Parquet),
            "json" => Some(json_kind(&start)),
            _ if start.starts_with(b"PAR1") => Some(Self::Parquet),
            _ => match start.trim_ascii_start().first() {
                Some(b'{' | b'[') => Some(json_kind(&start)),
                _ if first_line(&start).contains(&b'\t') => Some(Self::Tsv),
                _ => None,
            },
        })
    }

    /// Opens it.
    pub fn open(self, path: &Path) -> Result<Box<dyn Rows>, DatasetError> {
        Ok(match self {
            Self::Tsv => Box::new(tsv::TsvRows::open(path)?),
            Self::JsonLines => Box::new(json_lines::JsonLines::open(path)?),
            Self::JsonDocument => Box::new(json_document::open(path)?),
            Self::Parquet => Box::new(parquet::ParquetRows::open(path)?),
            Self::Folder => Box::new(folder::FolderRows::open(path)?),
        })
    }
}

/// JSON lines are often called `.json`: they are, when a whole object stands on the first line, or the beginning of a
/// long one. SEED-Bench and V* may stand on one line too, and are told by their keys.
fn json_kind(start: &[u8]) -> Container {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let line = first_line(text);
    let goes_on = start.len() == START_BYTES && line.len() == text.len();
    let is_whole = serde_json::from_slice::<serde_json::Value>(line).is_ok();
    let is_document = contains(line, b"\"questions\"") || contains(line, b"\"target_object\"");
    match line.starts_with(b"{") && (is_whole || goes_on) && !is_document {
        true => Container::JsonLines,
        false => Container::JsonDocument,
    }
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

fn first_line(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == b'\n').next().unwrap_or_default()
}

const START_BYTES: usize = 1 << 16;

fn start(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut start = Vec::new();
    File::open(path)?.take(START_BYTES as u64).read_to_end(&mut start)?;
    Ok(start)
}

fn io(file: &Path, source: std::io::Error) -> DatasetError {
    DatasetError::Io { file: file.to_owned(), source }
}

fn place(file: &Arc<Path>, row: RowNumber) -> Place {
    Place { file: file.clone(), row }
}
