//! Everything that can stop an evaluation or keep its folder from being read.

use super::entry::SkippedRow;
use crate::engine::EngineError;
use std::{io, path::PathBuf};

/// Why a run stopped or cannot be opened. What was computed before stays on disk.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The folder's run was of something else.
    #[error(
        "{folder} holds a run with another {field}: it cannot be gone on with. Choose another folder, or the old settings",
        folder = .folder.display()
    )]
    OtherRun {
        /// The folder.
        folder: PathBuf,
        /// The first setting that differs.
        field: &'static str,
    },
    /// Another process works in the folder.
    #[error("another process is working in {folder}; wait for it or stop it", folder = .folder.display())]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder is not a run's.
    #[error("{folder} is not a run: it has no {file}", folder = .folder.display())]
    NotARun {
        /// The folder.
        folder: PathBuf,
        /// The missing file.
        file: &'static str,
    },
    /// A file of the run does not read.
    #[error("{file}, line {line}: {reason}", file = .file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// Its line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// The disk failed or is full.
    #[error(
        "{path}: {source}. {remedy}; what was computed so far is kept, and the same command goes on from there",
        path = .path.display(), remedy = remedy(.source)
    )]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A sample cannot be used.
    #[error("sample {id} (number {number} of the data set): {reason}. Leave such samples out with --skip-bad-rows", number = .sample + 1)]
    BadCase {
        /// Its place, from 0.
        sample: u64,
        /// Its name.
        id: String,
        /// Why.
        reason: String,
    },
    /// A row of a data file cannot be read as a sample.
    #[error("{}", .0.reason)]
    BadRow(SkippedRow),
    /// The data set cannot be read on.
    #[error("{reason}")]
    Data {
        /// What is wrong, with file, line and remedy.
        reason: String,
    },
    /// The model failed.
    #[error("{0}")]
    Engine(#[from] EngineError),
}

fn remedy(source: &io::Error) -> &'static str {
    use io::ErrorKind::{
        FileTooLarge, NotFound, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
    };
    match source.kind() {
        StorageFull | QuotaExceeded | FileTooLarge => "Make room there",
        PermissionDenied | ReadOnlyFilesystem => "Make it writable",
        NotFound => "Check the path",
        _ => "Check the disk",
    }
}
