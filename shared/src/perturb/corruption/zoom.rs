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
    let size = (image.width_px as usize, image.height_px as usize);
    let mut enlargements: Vec<Enlargement> = (1..libm::ceil(layers) as u32)
        .map(|layer| {
            // As numpy's `arange` has it: where a side divides evenly, the last bit decides on a pixel.
            let zoom = 1.0 + f64::from(layer) * (1.0 + step - 1.0);
            Enlargement::new(size, zoom, (layers - f64::from(layer)).min(1.0))
        })
        .collect();
    let weight: u32 = 512 + enlargements.iter().map(|layer| u32::from(layer.share)).sum::<u32>();
    let scale = 1.0 / (256 * weight) as f32;
    let source = image.rgba.clone();
    let mut sums = vec![0_u32; size.0 * 4];
    // All layers of a row before the next row: the sums stay in the cache.
    for (y, row) in image.rgba.chunks_exact_mut(size.0 * 4).enumerate() {
        // The picture itself and its enlargement by 1 are the same.
        sums.iter_mut().zip(row.iter()).for_each(|(sum, value)| *sum = u32::from(*value) << 17);
        enlargements.iter_mut().for_each(|layer| layer.add_row(&source, y, &mut sums));
        row.iter_mut().zip(&sums).for_each(|(value, sum)| *value = (*sum as f32 * scale + NUDGE) as u8);
    }
    image.rgba.chunks_exact_mut(4).for_each(|pixel| pixel[3] = 255);
}

/// One enlargement, made row by row.
struct Enlargement {
    /// First byte of the pixel before each pixel, and the share of the pixel after that in 256ths.
    across: Vec<(usize, u16)>,
    down: Vec<(usize, f32)>,
    /// Weight in 256ths.
    share: u16,
    /// Which row is widened in `above`, and the next one in `below`.
    current: Option<usize>,
    above: Vec<u16>,
    below: Vec<u16>,
}

impl Enlargement {
    fn new((width, height): (usize, usize), zoom: f64, share: f64) -> Self {
        let across = enlarged(width, zoom).into_iter();
        Self {
            across: across.map(|(before, part)| (before * 4, libm::rintf(part * 256.0) as u16)).collect(),
            down: enlarged(height, zoom),
            share: (share * 256.0) as u16,
            current: None,
            above: vec![0; width * 4],
            below: vec![0; width * 4],
        }
    }

    /// Adds row `y`, 65536 times its values; rows come in order.
    fn add_row(&mut self, source: &[u8], y: usize, sums: &mut [u32]) {
        let (row, part) = self.down[y];
        if self.current != Some(row) {
            core::mem::swap(&mut self.above, &mut self.below);
            let row_bytes = sums.len();
            let line = |row: usize| &source[row * row_bytes..(row + 1) * row_bytes];
            if row == 0 || self.current != Some(row - 1) {
                widen(line(row), &self.across, &mut self.above);
            }
            widen(line(row + 1), &self.across, &mut self.below);
            self.current = Some(row);
        }
        let after = libm::rintf(part * f32::from(self.share)) as u16;
        let before = self.share - after;
        for (sum, (above, below)) in sums.iter_mut().zip(self.above.iter().zip(&self.below)) {
            *sum += u32::from(*above) * u32::from(before) + u32::from(*below) * u32::from(after);
        }
    }
}

/// A row at its enlarged places, in 256ths of a level.
fn widen(row: &[u8], across: &[(usize, u16)], wide: &mut [u16]) {
    for (to, (before, part)) in wide.chunks_exact_mut(4).zip(across) {
        if let Some(two) = row.get(*before..*before + 8) {
            for channel in 0..4 {
                to[channel] = u16::from(two[channel]) * (256 - part) + u16::from(two[channel + 4]) * part;
            }
        }
    }
}
