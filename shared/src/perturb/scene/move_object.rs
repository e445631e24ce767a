//! Another place on the ground.

use super::{NoSuchObject, REACH, object_mut};
use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use crate::scene::Scene;
use serde::{Deserialize, Serialize};

/// Puts an object at a given place; see [`super::ObjectPose`] for a shift from where it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MoveObject {
    /// Index of the object.
    pub object: u32,
    /// Its new place on the ground, world units.
    pub x: f64,
    /// Its new place on the ground, world units.
    pub y: f64,
}

impl MoveObject {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "move_object",
        group: OperationGroup::Scene,
        title: "Move object",
        summary: "Puts one object at a place on the ground.",
        citation: "this project's scene world",
        params: &[
            ParamSchema::new("object", "Object", "", ParamKind::Object),
            ParamSchema::new(
                "x",
                "Right",
                "units",
                ParamKind::Number { min: -REACH, max: REACH, step: 0.05, default: 0.0, identity: 0.0 },
            ),
            ParamSchema::new(
                "y",
                "Back",
                "units",
                ParamKind::Number { min: -REACH, max: REACH, step: 0.05, default: 0.0, identity: 0.0 },
            ),
        ],
    };

    /// Edits the scene.
    ///
    /// # Errors
    /// When the scene has no such object.
    pub fn apply(&self, scene: &mut Scene) -> Result<(), NoSuchObject> {
        let object = object_mut(scene, self.object)?;
        object.x = self.x as f32;
        object.y = self.y as f32;
        Ok(())
    }
}
