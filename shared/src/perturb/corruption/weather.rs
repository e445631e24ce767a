//! Fog, frost and snow: something between the picture and who looks at it.

use super::field::{Field, Normal};
use super::layer::{Layer, TO_NEAREST};
use super::motion::Motion;
use super::noise::NUDGE;
use super::plasma::Plasma;
use super::zoom::enlarged;
use crate::raster::Raster;

/// `(x + t plasma) m / (m + t)`, where `m` is the highest value in the picture.
pub(super) fn fog(image: &mut Raster, field: Field, t: f64, decay: f64) {
    let plasma = Plasma::new(image.width_px.max(image.height_px) as usize, decay, field);
    let highest = image.rgba.chunks_exact(4).flat_map(|pixel| &pixel[..3]).max().copied().unwrap_or(0);
    let m = f64::from(highest) / 255.0;
    let scale = (m / (m + t)) as f32;
    let dense = (t * 255.0) as f32 * scale;
    let rows = image.rgba.chunks_exact_mut(image.width_px as usize * 4);
    for (row, heights) in rows.zip(plasma.heights.chunks_exact(plasma.side)) {
        for (pixel, height) in row.chunks_exact_mut(4).zip(heights) {
            let added = height * dense + NUDGE;
            for value in &mut pixel[..3] {
                *value = (f32::from(*value) * scale + added) as u8;
            }
        }
    }
}

/// Mean levels of red, green and blue over the reference's five photographs of ice.
const ICE: [f32; 3] = [146.0, 167.0, 179.0];

/// Standard deviation of the ice's brightness, levels.
const ICE_CONTRAST: f32 = 23.0;

/// `a x + b ice`.
///
/// The reference lays a random part of one of five photographs over the picture (it has a sixth that it never uses).
/// Photographs of others are not ours to ship, so the ice is grown here: crystal ridges, where a fractal height crosses
/// its middle, on the height of another place. Colour and contrast are the photographs'.
pub(super) fn frost(image: &mut Raster, field: Field, a: f64, b: f64) {
    let side = image.width_px.max(image.height_px) as usize;
    let plasma = Plasma::new(side, 1.1, field);
    let (side, heights) = (plasma.side, &plasma.heights);
    // Half of the square away it is another landscape.
    let mut ice = Vec::with_capacity(heights.len());
    for y in 0..side {
        let far = ((y + side / 2) % side) * side;
        let (right, left) = heights[far..far + side].split_at(side / 2);
        let ridges = left.iter().chain(right).map(|height| 1.0 - (2.0 * height - 1.0).abs());
        ice.extend(heights[y * side..].iter().zip(ridges).map(|(height, ridge)| height + ridge * ridge));
    }
    let count = ice.len() as f64;
    // Row by row: one long sum of f32 would lose what it adds.
    let mean_of = |change: fn(f32) -> f32| -> f64 {
        let rows = ice.chunks_exact(side);
        rows.map(|row| f64::from(row.iter().map(|height| change(*height)).sum::<f32>())).sum::<f64>() / count
    };
    let (mean, square) = (mean_of(|height| height), mean_of(|height| height * height));
    let contrast = ICE_CONTRAST / (square - mean * mean).max(1e-9).sqrt() as f32;
    let (a, b, mean) = (a as f32, b as f32, mean as f32);
    let rows = image.rgba.chunks_exact_mut(image.width_px as usize * 4);
    for (row, ice) in rows.zip(ice.chunks_exact(side)) {
        for (pixel, height) in row.chunks_exact_mut(4).zip(ice) {
            let shade = (height - mean) * contrast;
            for (value, tint) in pixel.iter_mut().zip(ICE) {
                let frozen = (tint + shade).clamp(0.0, 255.0);
                *value = (a * f32::from(*value) + b * frozen + NUDGE) as u8;
            }
        }
    }
}

/// How snow falls.
pub(super) struct Snow {
    /// Mean of the noise that flakes are cut from.
    pub loc: f64,
    /// Its standard deviation.
    pub scale: f64,
    /// Size of a flake, pixels of noise.
    pub zoom: f64,
    /// Noise below this is no flake.
    pub threshold: f64,
    /// How flakes fall.
    pub motion: Motion,
    /// Share of the picture in its whitened self.
    pub blend: f64,
}

/// `b x + (1 - b) max(x, 1.5 grey + 0.5)` plus the flakes plus the flakes turned by 180 degrees.
pub(super) fn snow(image: &mut Raster, field: Field, snow: &Snow) {
    let (width, height) = (image.width_px as usize, image.height_px as usize);
    let flakes = flakes((width, height), field, snow);
    let flakes = snow.motion.blurred(Layer { bytes: &flakes, width, height, step: 1 }, TO_NEAREST);
    let (blend, rest) = (snow.blend as f32, 1.0 - snow.blend as f32);
    let turned = flakes.iter().rev();
    for (pixel, (flake, turned)) in image.rgba.chunks_exact_mut(4).zip(flakes.iter().zip(turned)) {
        let [red, green, blue] = [0, 1, 2].map(|channel| f32::from(pixel[channel]));
        let white = (0.299 * red + 0.587 * green + 0.114 * blue) * 1.5 + 127.5;
        let added = f32::from(u16::from(*flake) + u16::from(*turned)) + NUDGE;
        for (value, x) in pixel.iter_mut().zip([red, green, blue]) {
            *value = (blend * x + rest * x.max(white) + added) as u8;
        }
    }
}

/// The flakes before they fall: enlarged noise, without what is below the threshold; 255 is white.
fn flakes((width, height): (usize, usize), field: Field, snow: &Snow) -> Vec<u8> {
    let normal = Normal::new();
    let (across, down) = (enlarged(width, snow.zoom), enlarged(height, snow.zoom));
    let (loc, scale) = (snow.loc as f32, snow.scale as f32);
    let noise = |y: usize| -> Vec<f32> {
        let first = (y * width) as u32;
        let draw = |x: usize| loc + scale * normal.real(field.bits(first.wrapping_add(x as u32)));
        across.iter().map(|(x, part)| draw(*x) * (1.0 - part) + draw(*x + 1) * part).collect()
    };
    let mut flakes = Vec::with_capacity(width * height);
    let mut rows = (None, Vec::new(), Vec::new());
    for (y, part) in down {
        if rows.0 != Some(y) {
            let above = if y > 0 && rows.0 == Some(y - 1) { rows.2 } else { noise(y) };
            rows = (Some(y), above, noise(y + 1));
        }
        flakes.extend(rows.1.iter().zip(&rows.2).map(|(above, below)| {
            let height = above * (1.0 - part) + below * part;
            if f64::from(height) < snow.threshold { 0 } else { (height * 255.0 + 0.5) as u8 }
        }));
    }
    flakes
}
