//! Turn, shift and scale one object, relative to its pose in the scene.

use super::{NoSuchObject, REACH, object_mut};
use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use crate::scene::Scene;
use serde::{Deserialize, Serialize};

/// Change of one object's pose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectPose {
    /// Index of the object.
    pub object: u32,
    /// Added to its yaw, degrees.
    pub yaw_deg: f64,
    /// Added to its pitch, degrees.
    pub pitch_deg: f64,
    /// Added to its roll, degrees.
    pub roll_deg: f64,
    /// Added to its x, world units.
    pub dx: f64,
    /// Added to its y, world units.
    pub dy: f64,
    /// Factor on its scale.
    pub scale: f64,
}

impl ObjectPose {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "object_pose",
        group: OperationGroup::Scene,
        title: "Object pose",
        summary: "Turns, shifts and scales one object from where it is.",
        citation: "this project's scene world",
        params: &[
            ParamSchema::new("object", "Object", "", ParamKind::Object),
            ParamSchema::new(
                "yaw_deg",
                "Yaw",
                "°",
                ParamKind::Number { min: -180.0, max: 180.0, step: 1.0, default: 45.0, identity: 0.0 },
            ),
            ParamSchema::new(
                "pitch_deg",
                "Pitch",
                "°",
                ParamKind::Number { min: -180.0, max: 180.0, step: 1.0, default: 0.0, identity: 0.0 },
            ),
            ParamSchema::new(
                "roll_deg",
                "Roll",
                "°",
                ParamKind::Number { min: -180.0, max: 180.0, step: 1.0, default: 0.0, identity: 0.0 },
            ),
            ParamSchema::new(
                "dx",
                "Shift right",
                "units",
                ParamKind::Number { min: -REACH, max: REACH, step: 0.05, default: 0.0, identity: 0.0 },
            ),
            ParamSchema::new(
                "dy",
                "Shift back",
                "units",
                ParamKind::Number { min: -REACH, max: REACH, step: 0.05, default: 0.0, identity: 0.0 },
            ),
            ParamSchema::new(
                "scale",
                "Scale",
                "×",
                ParamKind::Number { min: 0.25, max: 3.0, step: 0.05, default: 1.0, identity: 1.0 },
            ),
        ],
    };

    /// Edits the scene.
    ///
    /// # Errors
    /// When the scene has no such object.
    pub fn apply(&self, scene: &mut Scene) -> Result<(), NoSuchObject> {
        let object = object_mut(scene, self.object)?;
        object.yaw_deg += self.yaw_deg as f32;
        object.pitch_deg += self.pitch_deg as f32;
        object.roll_deg += self.roll_deg as f32;
        object.x += self.dx as f32;
        object.y += self.dy as f32;
        object.scale *= self.scale as f32;
        Ok(())
    }
}
