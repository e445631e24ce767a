//! The recipe: a source, an ordered stack of operations, a seed. Small, serialisable, and enough to make the
//! same pixels again anywhere; pictures are a cache of recipes.
//!
//! Values only: what an operation does to pixels or scenes is in [`crate::perturb`].

pub(crate) mod canonical;
mod error;
pub(crate) mod link;
mod operation;
mod schema;
mod validate;

pub use error::RecipeError;
pub use link::{MAX_LINK_BYTES, MAX_LINK_JSON_BYTES};
pub use operation::Operation;
pub use schema::{Choice, OperationGroup, OperationSchema, ParamKind, ParamSchema, ParamValue, ShownWhen};
pub use validate::RecipeLimits;

use crate::json::{FromJson, Json, ToJson, Unreadable, json_tagged};
use crate::raster::ImageId;
use serde::{Deserialize, Serialize};

/// The recipe format that this build writes, and the newest that it reads.
pub const RECIPE_VERSION: u32 = 1;

/// Side in pixels of a rendered scene, where nothing else is asked for.
pub const DEFAULT_CANVAS_PX: u32 = 448;

/// Where a picture comes from and what is done to it, in order.
///
/// Deserialising one, by whatever way, validates it and rounds its numbers to six decimals: see
/// [`Recipe::from_json`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "serde_json::Value")]
pub struct Recipe {
    /// Format version, [`RECIPE_VERSION`].
    pub version: u32,
    /// The clean picture.
    pub source: Source,
    /// Applied first to last. Scene operations act on the scene before it is rendered, in their order among
    /// themselves, wherever they stand in the stack; pixel operations follow in theirs.
    pub operations: Vec<Step>,
    /// Seeds everything random in the operations.
    pub seed: u64,
}

/// The clean picture of a recipe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A scene drawn from a seed, see [`crate::scene::Scene::from_seed`].
    Scene {
        /// The scene's seed.
        seed: u64,
    },
    /// The visitor's picture, after decoding and reduction.
    Image {
        /// Content address of the reduced picture.
        id: ImageId,
        /// Its width in pixels.
        width_px: u32,
        /// Its height in pixels.
        height_px: u32,
    },
}

/// One entry of the stack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// A disabled step stays in the recipe and does nothing.
    pub enabled: bool,
    /// What it does.
    pub operation: Operation,
}

impl Recipe {
    /// A recipe with an empty stack.
    pub fn new(source: Source) -> Self {
        Self { version: RECIPE_VERSION, source, operations: Vec::new(), seed: 0 }
    }

    /// The enabled operations with their place in the stack.
    pub fn enabled(&self) -> impl Iterator<Item = (usize, &Operation)> {
        self.operations
            .iter()
            .enumerate()
            .filter(|(_, step)| step.enabled)
            .map(|(index, step)| (index, &step.operation))
    }

    /// The same recipe without any operation: the clean picture's own.
    pub fn clean(&self) -> Self {
        Self { operations: Vec::new(), ..self.clone() }
    }
}

impl From<Operation> for Step {
    fn from(operation: Operation) -> Self {
        Self { enabled: true, operation }
    }
}

json_tagged! {
    Source by "kind" {
        Scene = "scene" { seed },
        Image = "image" { id, width_px, height_px },
    }
}

impl ToJson for Step {
    fn to_json(&self) -> Json {
        Json::object([("enabled", self.enabled.to_json()), ("operation", self.operation.to_json())])
    }
}

impl ToJson for Recipe {
    fn to_json(&self) -> Json {
        Json::object([
            ("version", self.version.to_json()),
            ("source", self.source.to_json()),
            ("operations", self.operations.to_json()),
            ("seed", self.seed.to_json()),
        ])
    }
}

impl FromJson for Recipe {
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        Self::from_value(json.clone(), RecipeLimits::default())
            .map_err(|error| Unreadable::default().within(&error.to_string()))
    }
}
