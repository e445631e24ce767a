//! Placing one opaque picture onto another.

use super::Rgb;
use crate::raster::Raster;

/// A canvas of `size` pixels and one colour with `image` on it, its top left corner at `(x, y)`; what falls outside
/// is cut.
pub(super) fn placed(image: &Raster, size: (u32, u32), (x, y): (i64, i64), fill: Rgb) -> Raster {
    let (width_px, height_px) = size;
    let blank = fill.rgba().repeat(width_px as usize);
    let clamped = |at: i64, end: u32| at.clamp(0, i64::from(end));
    let left = clamped(x, width_px) as usize * 4;
    let right = clamped(x + i64::from(image.width_px), width_px) as usize * 4;
    let first = clamped(-x, image.width_px) as usize * 4;
    let row_bytes = image.width_px as usize * 4;
    // Every byte is written once: this is all memory traffic.
    let mut rgba = Vec::with_capacity(blank.len() * height_px as usize);
    for row in (0..i64::from(height_px)).map(|row| row - y) {
        if (0..i64::from(image.height_px)).contains(&row) && left < right {
            let from = row as usize * row_bytes + first;
            rgba.extend_from_slice(&blank[..left]);
            rgba.extend_from_slice(&image.rgba[from..from + right - left]);
            rgba.extend_from_slice(&blank[right..]);
        } else {
            rgba.extend_from_slice(&blank);
        }
    }
    Raster { width_px, height_px, rgba }
}

/// Fills the rectangle with its top left corner at `(x, y)`; what falls outside is cut.
pub(super) fn fill_rectangle(canvas: &mut Raster, (x, y): (i64, i64), size: (u32, u32), fill: Rgb) {
    let (width, height) = (i64::from(canvas.width_px), i64::from(canvas.height_px));
    let (left, right) = (x.clamp(0, width), (x + i64::from(size.0)).clamp(0, width));
    let pixels = fill.rgba().repeat((right - left) as usize);
    for row in y.clamp(0, height)..(y + i64::from(size.1)).clamp(0, height) {
        let to = (row * width + left) as usize * 4;
        canvas.rgba[to..to + pixels.len()].copy_from_slice(&pixels);
    }
}
