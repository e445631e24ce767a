//! Another shape in the same place.

use super::{NoSuchObject, SHAPES, object_mut};
use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use crate::scene::{Scene, Shape};
use serde::{Deserialize, Serialize};

/// Gives an object another shape; colour, material, size and pose stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplaceObject {
    /// Index of the object.
    pub object: u32,
    /// Its new shape.
    pub shape: Shape,
}

impl ReplaceObject {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "replace_object",
        group: OperationGroup::Scene,
        title: "Replace object",
        summary: "Gives one object another shape.",
        citation: "this project's scene world",
        params: &[
            ParamSchema::new("object", "Object", "", ParamKind::Object),
            ParamSchema::new("shape", "Shape", "", ParamKind::Choice { options: SHAPES, default: "sphere" }),
        ],
    };

    /// Edits the scene.
    ///
    /// # Errors
    /// When the scene has no such object.
    pub fn apply(&self, scene: &mut Scene) -> Result<(), NoSuchObject> {
        object_mut(scene, self.object)?.shape = self.shape;
        Ok(())
    }
}
