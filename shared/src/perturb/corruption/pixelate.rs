//! Pixelation: shrunk by boxes, enlarged again by repeating pixels.

use super::super::resample::{Kernel, resize_by};
use crate::raster::Raster;

/// Shrinks both sides to `factor` of themselves, cut to whole pixels, and enlarges to the old size; both as Pillow
/// does.
pub(super) fn pixelate(image: &mut Raster, factor: f64) {
    let small = |side_px: u32| ((f64::from(side_px) * factor) as u32).max(1);
    let boxes = resize_by(Kernel::Box, image, (small(image.width_px), small(image.height_px)));
    let places = |from: u32, to: u32| -> Vec<usize> {
        let scale = f64::from(from) / f64::from(to);
        // Summed up step by step, as Pillow does: where two pixels are equally near, the last bit decides.
        let nearest = std::iter::successors(Some(0.5 * scale), |place| Some(place + scale));
        nearest.take(to as usize).map(|place| (place as usize).min(from as usize - 1) * 4).collect()
    };
    let across = places(boxes.width_px, image.width_px);
    let down = places(boxes.height_px, image.height_px);
    let row_bytes = image.width_px as usize * 4;
    let mut filled = 0;
    for (y, place) in down.iter().enumerate() {
        let (done, rest) = image.rgba.split_at_mut(y * row_bytes);
        let row = &mut rest[..row_bytes];
        if y > 0 && down[y - 1] == *place {
            row.copy_from_slice(&done[filled..]);
        } else {
            let line = &boxes.rgba[place * boxes.width_px as usize..];
            for (pixel, from) in row.chunks_exact_mut(4).zip(&across) {
                pixel.copy_from_slice(&line[*from..from + 4]);
            }
        }
        filled = y * row_bytes;
    }
}
