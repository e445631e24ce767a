//! Placing one opaque picture onto another.

use crate::raster::Raster;

/// Copies `image` onto `canvas` with its top left corner at `(x, y)`; what falls outside is cut.
pub(super) fn paste(image: &Raster, canvas: &mut Raster, (x, y): (i64, i64)) {
    let (width, height) = (i64::from(image.width_px), i64::from(image.height_px));
    let (left, right) = (x.max(0), (x + width).min(i64::from(canvas.width_px)));
    let (top, bottom) = (y.max(0), (y + height).min(i64::from(canvas.height_px)));
    if left >= right {
        return;
    }
    let bytes = (right - left) as usize * 4;
    for row in top..bottom {
        let from = ((row - y) * width + (left - x)) as usize * 4;
        let to = (row * i64::from(canvas.width_px) + left) as usize * 4;
        canvas.rgba[to..to + bytes].copy_from_slice(&image.rgba[from..from + bytes]);
    }
}
