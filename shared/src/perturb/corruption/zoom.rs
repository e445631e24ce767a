//! Zoom blur: the mean of the picture and its enlargements; and the enlargement that snow needs too.

use super::noise::NUDGE;
use crate::raster::Raster;

/// For each place along a side of `side` pixels enlarged `zoom` times about its middle: the pixel before it and the
/// share of the pixel after that. The middle `ceil(side / zoom)` pixels are spread over the whole side, the first and
/// the last of them onto the ends.
pub(super) fn enlarged(side: usize, zoom: f64) -> Vec<(usize, f32)> {
    let kept = libm::ceil(side as f64 / zoom);
    let first = ((side as f64 - kept) / 2.0) as usize;
    let spread = libm::rint(kept * zoom);
    let step = (kept - 1.0) / (spread - 1.0).max(1.0);
    (0..side)
        .map(|at| at as f64 * step)
        // The last place has nothing after it.
        .map(|at| (at.min(kept - 2.0).max(0.0) as usize, at))
        .map(|(before, at)| (first + before, (at - before as f64) as f32))
        .collect()
}

/// The picture and `layers` enlargements by 1, 1 + step, 1 + 2 step and so on, all with the same weight; a fraction of
/// a layer has that fraction of the weight.
pub(super) fn zoom_blur(image: &mut Raster, step: f64, layers: f64) {
    let (width, height) = (image.width_px as usize, image.height_px as usize);
    // The picture itself and its enlargement by 1 are the same.
    let mut sums: Vec<u32> = image.rgba.iter().map(|value| u32::from(*value) << 17).collect();
    let mut line = vec![0_u16; width * 4];
    for layer in 1..libm::ceil(layers) as u32 {
        // As numpy's `arange` has it: where a side divides evenly, the last bit decides on a pixel.
        let zoom = 1.0 + f64::from(layer) * (1.0 + step - 1.0);
        let share = (layers - f64::from(layer)).min(1.0) * 256.0;
        let across: Vec<(usize, [u32; 2])> = enlarged(width, zoom)
            .into_iter()
            .map(|(before, part)| (before * 4, libm::rint(f64::from(part) * share) as u32))
            .map(|(before, after)| (before, [share as u32 - after, after]))
            .collect();
        let down = enlarged(height, zoom);
        for ((row, part), sums) in down.into_iter().zip(sums.chunks_exact_mut(width * 4)) {
            let part = libm::rintf(part * 256.0) as u16;
            let rows = image.rgba[row * width * 4..].iter().zip(&image.rgba[(row + 1) * width * 4..]);
            line.iter_mut().zip(rows).for_each(|(to, (above, below))| {
                *to = u16::from(*above) * (256 - part) + u16::from(*below) * part;
            });
            for (sum, (before, weights)) in sums.chunks_exact_mut(4).zip(&across) {
                if let Some(two) = line.get(*before..*before + 8) {
                    for channel in 0..4 {
                        sum[channel] += u32::from(two[channel]) * weights[0]
                            + u32::from(two[channel + 4]) * weights[1];
                    }
                }
            }
        }
    }
    let scale = (1.0 / ((layers.max(1.0) + 1.0) * 65536.0)) as f32;
    for (value, sum) in image.rgba.iter_mut().zip(sums) {
        *value = (sum as f32 * scale + NUDGE) as u8;
    }
    image.rgba.chunks_exact_mut(4).for_each(|pixel| pixel[3] = 255);
}
