//! What can go wrong between a checkpoint folder and a score, each case by its own name.
//!
//! The boundary of this crate: callers see these variants and never a tensor library's error type alone.

use std::path::PathBuf;

/// A failure while loading or running a model.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file the checkpoint must have is not there.
    #[error("the model folder has no {name}{}", in_folder(.folder))]
    MissingFile {
        /// File name inside the folder.
        name: String,
        /// The folder, when there is one.
        folder: Option<PathBuf>,
    },
    /// A file exists but cannot be read.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A file is not the JSON it should be.
    #[error("{file} is not valid: {reason}")]
    BadJson {
        /// File name inside the folder.
        file: String,
        /// What the parser or the check said.
        reason: String,
    },
    /// The checkpoint is of a model family this crate has no code for.
    #[error("the architecture {found} is not supported (supported: {supported})")]
    UnsupportedArchitecture {
        /// What config.json names.
        found: String,
        /// What would have worked.
        supported: String,
    },
    /// A weight is absent from the weight files.
    #[error("the weights have no tensor {name}")]
    MissingTensor {
        /// Its published name.
        name: String,
    },
    /// A weight has another shape than config.json says.
    #[error("tensor {name} has shape {found:?}, but config.json asks for {expected:?}")]
    ShapeMismatch {
        /// Its published name.
        name: String,
        /// From config.json.
        expected: Vec<usize>,
        /// From the weight file.
        found: Vec<usize>,
    },
    /// A weight file is cut off or not in the safetensors format.
    #[error("{file} is damaged or cut short: {reason}")]
    BadWeights {
        /// File name inside the folder.
        file: String,
        /// What the reader said.
        reason: String,
    },
    /// Training cannot start, go on or be resumed.
    #[error("training failed: {reason}")]
    Training {
        /// Why.
        reason: String,
    },
    /// The tokenizer cannot be used with this model.
    #[error("the tokenizer does not fit the model: {reason}")]
    Tokenizer {
        /// Why.
        reason: String,
    },
    /// The chat template failed to parse or to render.
    #[error("the chat template failed: {reason}")]
    ChatTemplate {
        /// What the template engine said.
        reason: String,
    },
    /// The request asks for something the model cannot do.
    #[error("{reason}")]
    BadRequest {
        /// Why, in words for the person who asked.
        reason: String,
    },
    /// The device or the number format that was asked for cannot be had.
    #[error("{reason}")]
    Device {
        /// Why, and what would help.
        reason: String,
    },
    /// A computation failed.
    #[error("the model computation failed: {0}")]
    Compute(#[from] candle_core::Error),
}

fn in_folder(folder: &Option<PathBuf>) -> String {
    folder.as_ref().map(|path| format!(" ({})", path.display())).unwrap_or_default()
}

/// Shorthand for results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
