//! Everything that can be wrong with a recipe, as data; the display text is for people.

use crate::decimal::shortest;
use thiserror::Error;

/// Why a recipe, a link or a parameter was refused. Steps count from 0 here and from 1 in the text.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RecipeError {
    /// Longer than the limit; nothing was parsed.
    #[error("the recipe has {bytes} bytes, more than the {limit_bytes} allowed")]
    TooLong {
        /// Length found (of a compressed link: a lower bound).
        bytes: usize,
        /// Length allowed.
        limit_bytes: usize,
    },
    /// Not JSON at all.
    #[error("the recipe is not JSON (line {line}, column {column}): {reason}")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The parser's words.
        reason: String,
    },
    /// JSON, but not of a recipe's shape.
    #[error("this is not a recipe: {reason}")]
    Malformed {
        /// What was missing or unexpected, and where.
        reason: String,
    },
    /// Written by a newer Flipside.
    #[error("the recipe has format version {found}; this Flipside reads up to {supported}")]
    NewerVersion {
        /// The recipe's version.
        found: u64,
        /// The newest that this build reads.
        supported: u32,
    },
    /// More operations than the limit.
    #[error("the recipe has {found} operations, more than the {limit} allowed")]
    TooManyOperations {
        /// Operations in the recipe.
        found: usize,
        /// Operations allowed.
        limit: usize,
    },
    /// No operation has this name.
    #[error("step {}: there is no operation called {op:?}", .step + 1)]
    UnknownOperation {
        /// Index of the step.
        step: usize,
        /// The name found.
        op: String,
    },
    /// A parameter of the operation is absent.
    #[error("step {}: {op} needs the parameter {key:?}", .step + 1)]
    MissingParameter {
        /// Index of the step.
        step: usize,
        /// The operation.
        op: String,
        /// The parameter.
        key: String,
    },
    /// The operation has no such parameter.
    #[error("step {}: {op} has no parameter {key:?}", .step + 1)]
    UnknownParameter {
        /// Index of the step.
        step: usize,
        /// The operation.
        op: String,
        /// The name found.
        key: String,
    },
    /// The value is of the wrong type.
    #[error("step {}: {key} of {op} must be {expected}", .step + 1)]
    WrongType {
        /// Index of the step.
        step: usize,
        /// The operation.
        op: String,
        /// The parameter.
        key: String,
        /// What it must be, in words.
        expected: String,
    },
    /// NaN or infinite.
    #[error("{place} is not a finite number")]
    NotFinite {
        /// Where.
        place: String,
    },
    /// A number outside its range.
    #[error("step {}: {key} of {op} is {}, outside {} to {}", .step + 1, shortest(*.value), shortest(*.min), shortest(*.max))]
    OutOfRange {
        /// Index of the step.
        step: usize,
        /// The operation.
        op: String,
        /// The parameter.
        key: String,
        /// The value found.
        value: f64,
        /// Smallest value allowed.
        min: f64,
        /// Largest value allowed.
        max: f64,
    },
    /// A scene operation on a picture.
    #[error("step {}: {op} edits a scene, and the source is a picture", .step + 1)]
    WrongSource {
        /// Index of the step.
        step: usize,
        /// The operation.
        op: String,
    },
    /// The picture's size in the source is impossible.
    #[error("the source picture cannot be {width_px} x {height_px} pixels")]
    BadSourceSize {
        /// Width found.
        width_px: u64,
        /// Height found.
        height_px: u64,
    },
    /// A link that does not decode.
    #[error("the link is damaged: {reason}")]
    BadLink {
        /// What failed.
        reason: String,
    },
}

impl RecipeError {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "recipe_too_long",
            Self::NotJson { .. } => "recipe_not_json",
            Self::Malformed { .. } => "recipe_malformed",
            Self::NewerVersion { .. } => "recipe_newer_version",
            Self::TooManyOperations { .. } => "recipe_too_many_operations",
            Self::UnknownOperation { .. } => "recipe_unknown_operation",
            Self::MissingParameter { .. } => "recipe_missing_parameter",
            Self::UnknownParameter { .. } => "recipe_unknown_parameter",
            Self::WrongType { .. } => "recipe_wrong_type",
            Self::NotFinite { .. } => "recipe_not_finite",
            Self::OutOfRange { .. } => "recipe_out_of_range",
            Self::WrongSource { .. } => "recipe_wrong_source",
            Self::BadSourceSize { .. } => "recipe_bad_source_size",
            Self::BadLink { .. } => "recipe_bad_link",
        }
    }
}
