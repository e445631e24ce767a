//! Why a valid recipe could not be carried out.

use crate::recipe::RecipeError;
use thiserror::Error;

use super::corruption::MIN_SIDE_PX;
use super::{MAX_CANVAS_PX, MAX_PIXELS};

/// Why a recipe could not be carried out. Steps count from 0 here and from 1 in the text.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum PerturbError {
    /// The recipe itself is invalid.
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    /// The recipe names a picture and none was given.
    #[error("the picture that the recipe starts from is not here")]
    SourceMissing,
    /// The picture given is not the one named.
    #[error(
        "the recipe starts from a picture of {} x {} pixels, not {} x {}",
        .expected.0, .expected.1, .found.0, .found.1
    )]
    SourceSize {
        /// Width and height in the recipe, pixels.
        expected: (u32, u32),
        /// Width and height given, pixels.
        found: (u32, u32),
    },
    /// A scene cannot be rendered at this side.
    #[error("a scene is rendered at 1 to {MAX_CANVAS_PX} pixels a side, not {canvas_px}")]
    CanvasSize {
        /// The side asked for, pixels.
        canvas_px: u32,
    },
    /// A scene operation names an object that is not there.
    #[error("step {}: there is no object {}; the scene has {objects} at that point", .step + 1, .object + 1)]
    NoSuchObject {
        /// Index of the step.
        step: usize,
        /// Index of the object.
        object: u32,
        /// How many objects there are.
        objects: u32,
    },
    /// A crop or scaling that leaves nothing.
    #[error("step {} leaves no pixels", .step + 1)]
    NothingLeft {
        /// Index of the step.
        step: usize,
    },
    /// Too few pixels to corrupt.
    #[error(
        "step {}: a picture of {width_px} x {height_px} pixels is too small for a corruption, which takes at least \
         {MIN_SIDE_PX} on both sides", .step + 1
    )]
    TooSmall {
        /// Index of the step.
        step: usize,
        /// Width at that point.
        width_px: u32,
        /// Height at that point.
        height_px: u32,
    },
    /// The picture would outgrow the limit.
    #[error("step {} makes a picture of {width_px} x {height_px} pixels, more than {MAX_PIXELS}", .step + 1)]
    TooLarge {
        /// Index of the step.
        step: usize,
        /// Width it would have.
        width_px: i64,
        /// Height it would have.
        height_px: i64,
    },
}

impl PerturbError {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Recipe(error) => error.code(),
            Self::SourceMissing => "source_missing",
            Self::SourceSize { .. } => "source_size",
            Self::CanvasSize { .. } => "canvas_size",
            Self::NoSuchObject { .. } => "no_such_object",
            Self::NothingLeft { .. } => "nothing_left",
            Self::TooSmall { .. } => "too_small",
            Self::TooLarge { .. } => "too_large",
        }
    }
}
