//! Another colour on the same object.

use super::{COLOURS, NoSuchObject, object_mut};
use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use crate::scene::{Colour, Scene};
use serde::{Deserialize, Serialize};

/// Paints an object in another colour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecolourObject {
    /// Index of the object.
    pub object: u32,
    /// Its new colour.
    pub colour: Colour,
}

impl RecolourObject {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "recolour_object",
        group: OperationGroup::Scene,
        title: "Recolour object",
        summary: "Paints one object in another colour.",
        citation: "this project's scene world",
        params: &[
            ParamSchema::new("object", "Object", "", ParamKind::Object),
            ParamSchema::new("colour", "Colour", "", ParamKind::Choice { options: COLOURS, default: "blue" }),
        ],
    };

    /// Edits the scene.
    ///
    /// # Errors
    /// When the scene has no such object.
    pub fn apply(&self, scene: &mut Scene) -> Result<(), NoSuchObject> {
        object_mut(scene, self.object)?.colour = self.colour;
        Ok(())
    }
}
