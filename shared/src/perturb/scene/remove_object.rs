//! One object fewer.

use super::{NoSuchObject, object_mut};
use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use crate::scene::Scene;
use serde::{Deserialize, Serialize};

/// Takes an object away; those after it move up by one index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RemoveObject {
    /// Index of the object.
    pub object: u32,
}

impl RemoveObject {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "remove_object",
        group: OperationGroup::Scene,
        title: "Remove object",
        summary: "Takes one object away.",
        citation: "this project's scene world",
        params: &[ParamSchema::new("object", "Object", "", ParamKind::Object)],
    };

    /// Edits the scene.
    ///
    /// # Errors
    /// When the scene has no such object.
    pub fn apply(&self, scene: &mut Scene) -> Result<(), NoSuchObject> {
        object_mut(scene, self.object)?;
        scene.objects.remove(self.object as usize);
        Ok(())
    }
}
