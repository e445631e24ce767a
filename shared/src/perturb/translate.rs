//! Cyclic translation: what leaves on one side comes back on the other.

use crate::raster::Raster;
use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use serde::{Deserialize, Serialize};

/// Cyclic shift, `out[y, x] = in[(y - dy) mod h, (x - dx) mod w]`. The paper's family has dy = 0 and dx in
/// +-4, +-8, +-12, +-16.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Translate {
    /// Shift to the right, pixels.
    pub dx_px: i32,
    /// Shift down, pixels.
    pub dy_px: i32,
}

impl Translate {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "translate",
        group: OperationGroup::Pixels,
        title: "Translation",
        summary: "Shifts the picture cyclically: what leaves on one side comes back on the other.",
        citation: "arXiv 2602.06652, Translation",
        params: &[
            ParamSchema::new(
                "dx_px",
                "Shift right",
                "px",
                ParamKind::Integer { min: -256, max: 256, default: 16, identity: 0 },
            ),
            ParamSchema::new(
                "dy_px",
                "Shift down",
                "px",
                ParamKind::Integer { min: -256, max: 256, default: 0, identity: 0 },
            ),
        ],
    };

    /// The shifted picture, of the same size.
    pub fn apply(&self, image: &Raster) -> Raster {
        let (width, height) = (i64::from(image.width_px), i64::from(image.height_px));
        let row_bytes = image.width_px as usize * 4;
        let dx_bytes = i64::from(self.dx_px).rem_euclid(width) as usize * 4;
        let dy = i64::from(self.dy_px).rem_euclid(height) as usize;
        let (bottom, top) = image.rgba.split_at((height as usize - dy) * row_bytes);
        let mut rgba = Vec::with_capacity(image.rgba.len());
        for row in top.chunks_exact(row_bytes).chain(bottom.chunks_exact(row_bytes)) {
            let (left, right) = row.split_at(row_bytes - dx_bytes);
            rgba.extend_from_slice(right);
            rgba.extend_from_slice(left);
        }
        Raster { rgba, ..*image }
    }
}
