//! A border on all sides, or a crop from all sides; the canvas changes size.

use super::Rgb;
use super::canvas::placed;
use crate::raster::Raster;
use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use serde::{Deserialize, Serialize};

/// `n_px` > 0: a border of that width on every side; `n_px` < 0: that much cut from every side. Not resized back.
/// The paper's family is n in +-4, +-8, +-12, +-16 on black.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PadCrop {
    /// Width of the border, pixels; negative cuts.
    pub n_px: i32,
    /// The border's colour.
    pub fill: Rgb,
}

impl PadCrop {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "pad_crop",
        group: OperationGroup::Pixels,
        title: "Pad or crop",
        summary: "Adds a border on all sides, or with a negative width cuts from all sides.",
        citation: "arXiv 2602.06652, Pad/Crop",
        params: &[
            ParamSchema::new(
                "n_px",
                "Border",
                "px",
                ParamKind::Integer { min: -256, max: 256, default: 16, identity: 0 },
            ),
            ParamSchema::new("fill", "Border colour", "", ParamKind::Colour { default: "#000000" }),
        ],
    };

    pub(super) fn output_size(&self, (width_px, height_px): (u32, u32)) -> (i64, i64) {
        let grow = 2 * i64::from(self.n_px);
        (i64::from(width_px) + grow, i64::from(height_px) + grow)
    }

    /// The padded or cropped picture. At least one pixel is left, whatever `n_px`.
    pub fn apply(&self, image: &Raster) -> Raster {
        let (width, height) = self.output_size((image.width_px, image.height_px));
        let size = (width.max(1) as u32, height.max(1) as u32);
        placed(image, size, (i64::from(self.n_px), i64::from(self.n_px)), self.fill)
    }
}
