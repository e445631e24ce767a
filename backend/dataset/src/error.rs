//! What can be wrong with a data set: where, what, and what to do about it.
//!
//! The one error type of this crate. Every message names the file and, where there is one, the row and column.

use flipside_shared::image_file::ImageFileError;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;

/// A row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file; `scene world` for generated samples.
    pub file: Arc<Path>,
    /// The row in it.
    pub row: RowNumber,
}

/// How rows are counted in each kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowNumber {
    /// The line on which the row begins, from 1 (TSV, JSON lines).
    Line(u64),
    /// A row of a Parquet row group, both from 0.
    Parquet {
        /// Row group.
        group: usize,
        /// Row within it.
        row: u64,
    },
    /// An entry of a list, from 1 (JSON documents, generated samples).
    Entry(u64),
    /// The file is one row.
    Whole,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        match self.row {
            RowNumber::Line(line) => write!(f, ", line {line}"),
            RowNumber::Parquet { group, row } => write!(f, ", row group {group}, row {row}"),
            RowNumber::Entry(entry) => write!(f, ", entry {entry}"),
            RowNumber::Whole => Ok(()),
        }
    }
}

/// Why a data set, or a row of it, cannot be used.
#[derive(Debug, Error)]
pub enum DatasetError {
    /// The file or folder cannot be read at all.
    #[error("{}: {source}; check the path and its permissions", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// Nothing that we read looks like this.
    #[error("{}: {reason}; name the format with --format, one of: {known}", file.display())]
    UnknownFormat {
        /// The file.
        file: PathBuf,
        /// What was seen.
        reason: String,
        /// The names of all formats.
        known: String,
    },
    /// The file has no rows.
    #[error("{} holds no samples; is it the right file, and was it downloaded whole?", file.display())]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// Rows there were, but each was bad.
    #[error("{}: none of its rows can be used, {skipped} were skipped; see the list of skipped rows", file.display())]
    NothingUsable {
        /// The file.
        file: PathBuf,
        /// How many were skipped.
        skipped: usize,
    },
    /// A table without columns that its format has.
    #[error("{} has no column {missing}, which {format} needs; it has {found}. Rename the columns, or name another format with --format", file.display())]
    MissingColumns {
        /// The file.
        file: PathBuf,
        /// The format's name.
        format: &'static str,
        /// The columns that are absent.
        missing: String,
        /// The columns that are there.
        found: String,
    },
    /// The file is damaged as a whole; nothing after this place can be read.
    #[error("{place}: {reason}; download or write the file again")]
    Damaged {
        /// Where it was noticed.
        place: Place,
        /// What is wrong.
        reason: String,
    },
    /// The file ends in the middle of a row.
    #[error("{place}: the file ends in the middle of this row; download it again, or skip bad rows")]
    CutOff {
        /// The last row.
        place: Place,
    },
    /// A value that is absent, or not of the kind that its column holds.
    #[error("{place}, column {column}: {reason}; correct the row, or skip bad rows")]
    BadValue {
        /// The row.
        place: Place,
        /// The column.
        column: String,
        /// What is wrong.
        reason: String,
    },
    /// A row that cannot be taken apart into columns.
    #[error("{place}: {reason}; correct the row, or skip bad rows")]
    BadRow {
        /// The row.
        place: Place,
        /// What is wrong.
        reason: String,
    },
    /// Two rows with one identifier.
    #[error("{place}: the index {id} was already used ({first}); make it unique, or skip bad rows")]
    DuplicateId {
        /// The later row.
        place: Place,
        /// The identifier.
        id: String,
        /// The earlier row.
        first: Place,
    },
    /// A right answer that is none of the options.
    #[error(
        "{place}, column {column}: the answer {answer:?} is none of the options {options}; correct the row, or skip bad rows"
    )]
    AnswerNotAnOption {
        /// The row.
        place: Place,
        /// The column of the answer.
        column: &'static str,
        /// The answer.
        answer: String,
        /// The options.
        options: String,
    },
    /// A reference to another row's image that leads nowhere, or to a row that itself refers on.
    #[error(
        "{place}, column image: {reference:?} is not the index of a row that holds an image; file names belong in the column image_path"
    )]
    NoSuchReference {
        /// The row that refers.
        place: Place,
        /// What it refers to.
        reference: String,
    },
    /// A path that leads out of the image folder.
    #[error("{place}, column {column}: the image path {path:?} leads out of {}; move the images there, or set the image folder", root.display())]
    OutsideRoot {
        /// The row.
        place: Place,
        /// The column.
        column: String,
        /// The path as written.
        path: String,
        /// The folder that images must lie in.
        root: PathBuf,
    },
    /// An image file that cannot be read.
    #[error("{place}: image {}: {source}; set the image folder, or fetch the missing images", path.display())]
    ImageUnreadable {
        /// The row.
        place: Place,
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// An image whose bytes are no picture.
    #[error("{place}: image {number} does not decode: {source}; replace the image, or skip bad rows")]
    ImageDamaged {
        /// The row.
        place: Place,
        /// Which image of the row, from 1.
        number: usize,
        /// What is wrong with it.
        source: ImageFileError,
    },
    /// A data set cannot be written.
    #[error("{}: {reason}; check that the disk has space and the folder can be written", file.display())]
    NotWritten {
        /// The file.
        file: PathBuf,
        /// What went wrong.
        reason: String,
    },
}

impl DatasetError {
    /// The row at fault, for faults of one row; the rows after it can still be read.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::CutOff { place }
            | Self::BadValue { place, .. }
            | Self::BadRow { place, .. }
            | Self::DuplicateId { place, .. }
            | Self::AnswerNotAnOption { place, .. }
            | Self::NoSuchReference { place, .. }
            | Self::OutsideRoot { place, .. }
            | Self::ImageUnreadable { place, .. }
            | Self::ImageDamaged { place, .. } => Some(place),
            _ => None,
        }
    }

    /// Whether this is the fault of one row, so that the rows after it can still be read.
    pub fn is_of_one_row(&self) -> bool {
        self.place().is_some()
    }
}
