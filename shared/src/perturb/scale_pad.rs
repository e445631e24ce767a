//! Shrinking onto a canvas of the old size.

use super::Rgb;
use super::canvas::placed;
use super::resample::resize;
use super::scale::scaled_size;
use crate::raster::Raster;
use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use serde::{Deserialize, Serialize};

/// The picture shrunk by `factor` as in [`super::Scale`] and pasted in the middle (offsets rounded down) of a
/// canvas of the old size. The paper's instances: 0.9 on black and on white.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScalePad {
    /// Factor on both sides, at most 1.
    pub factor: f64,
    /// The canvas's colour.
    pub fill: Rgb,
}

impl ScalePad {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "scale_pad",
        group: OperationGroup::Pixels,
        title: "Scale and pad",
        summary: "Shrinks the picture (bicubic) in the middle of a canvas of its old size.",
        citation: "arXiv 2602.06652, Scale+Pad",
        params: &[
            ParamSchema::new(
                "factor",
                "Factor",
                "×",
                ParamKind::Number { min: 0.1, max: 1.0, step: 0.01, default: 0.9, identity: 1.0 },
            ),
            ParamSchema::new("fill", "Canvas colour", "", ParamKind::Colour { default: "#000000" }),
        ],
    };

    /// The picture on its canvas, of the same size.
    pub fn apply(&self, image: &Raster) -> Raster {
        let (width, height) = scaled_size(self.factor, (image.width_px, image.height_px));
        let small = resize(image, width.max(1) as u32, height.max(1) as u32);
        let offset = |outer: u32, inner: u32| (i64::from(outer) - i64::from(inner)).div_euclid(2);
        let corner = (offset(image.width_px, small.width_px), offset(image.height_px, small.height_px));
        placed(&small, (image.width_px, image.height_px), corner, self.fill)
    }
}
