//! A new object on the ground.

use super::{COLOURS, MATERIALS, REACH, SHAPES, SIZES};
use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use crate::scene::{Colour, Material, Object, Scene, Shape, Size};
use serde::{Deserialize, Serialize};

/// A new object; it becomes the last one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddObject {
    /// Its shape.
    pub shape: Shape,
    /// Its colour.
    pub colour: Colour,
    /// Its material.
    pub material: Material,
    /// Its size class.
    pub size: Size,
    /// Place on the ground, world units.
    pub x: f64,
    /// Place on the ground, world units.
    pub y: f64,
    /// Turn about the vertical, degrees.
    pub yaw_deg: f64,
}

impl AddObject {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "add_object",
        group: OperationGroup::Scene,
        title: "Add object",
        summary: "Puts one more object on the ground.",
        citation: "this project's scene world",
        params: &[
            ParamSchema::new("shape", "Shape", "", ParamKind::Choice { options: SHAPES, default: "sphere" }),
            ParamSchema::new("colour", "Colour", "", ParamKind::Choice { options: COLOURS, default: "red" }),
            ParamSchema::new(
                "material",
                "Material",
                "",
                ParamKind::Choice { options: MATERIALS, default: "matte" },
            ),
            ParamSchema::new("size", "Size", "", ParamKind::Choice { options: SIZES, default: "small" }),
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
                ParamKind::Number { min: -REACH, max: REACH, step: 0.05, default: -1.5, identity: -1.5 },
            ),
            ParamSchema::new(
                "yaw_deg",
                "Yaw",
                "°",
                ParamKind::Number { min: -180.0, max: 180.0, step: 1.0, default: 0.0, identity: 0.0 },
            ),
        ],
    };

    /// Edits the scene.
    pub fn apply(&self, scene: &mut Scene) {
        scene.objects.push(Object {
            shape: self.shape,
            colour: self.colour,
            material: self.material,
            size: self.size,
            x: self.x as f32,
            y: self.y as f32,
            lift: 0.0,
            yaw_deg: self.yaw_deg as f32,
            pitch_deg: 0.0,
            roll_deg: 0.0,
            scale: 1.0,
        });
    }
}
