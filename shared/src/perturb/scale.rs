//! Bicubic scaling, on its own or resized back.

use super::resample::resize;
use crate::raster::Raster;
use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use serde::{Deserialize, Serialize};

/// Scaling by `factor` to round(factor w) x round(factor h), halves to even; the paper's one instance is 0.9, not
/// resized back. (One summary of it says that it is, hence `restore`.)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Factor on both sides.
    pub factor: f64,
    /// Whether to resize back to the old size.
    pub restore: bool,
}

impl Scale {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "scale",
        group: OperationGroup::Pixels,
        title: "Scale",
        summary: "Resizes the picture (bicubic), and back again if asked to.",
        citation: "arXiv 2602.06652, Scale",
        params: &[
            ParamSchema::new(
                "factor",
                "Factor",
                "×",
                ParamKind::Number { min: 0.1, max: 2.0, step: 0.01, default: 0.9, identity: 1.0 },
            ),
            ParamSchema::new("restore", "Resize back", "", ParamKind::Toggle { default: false }),
        ],
    };

    /// Size in pixels after scaling and before resizing back.
    fn scaled_size(&self, (width_px, height_px): (u32, u32)) -> (i64, i64) {
        scaled_size(self.factor, (width_px, height_px))
    }

    pub(super) fn output_size(&self, size: (u32, u32)) -> (i64, i64) {
        let scaled = self.scaled_size(size);
        if self.restore && scaled.0 > 0 && scaled.1 > 0 {
            (i64::from(size.0), i64::from(size.1))
        } else {
            scaled
        }
    }

    /// The scaled picture, at least one pixel in size.
    pub fn apply(&self, image: &Raster) -> Raster {
        let (width_px, height_px) = self.scaled_size((image.width_px, image.height_px));
        let scaled = resize(image, width_px.max(1) as u32, height_px.max(1) as u32);
        if self.restore { resize(&scaled, image.width_px, image.height_px) } else { scaled }
    }
}

/// `round(factor * side)` with halves to even, as Python's `round` has it.
pub(super) fn scaled_size(factor: f64, (width_px, height_px): (u32, u32)) -> (i64, i64) {
    let side = |side_px: u32| libm::rint(factor * f64::from(side_px)) as i64;
    (side(width_px), side(height_px))
}
