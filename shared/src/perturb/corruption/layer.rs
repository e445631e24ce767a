//! Weighted sums of shifted copies of a picture: what every blur here comes down to.

use super::super::resample::quantised;
use super::super::simd::{WEIGHT_BITS, sum_rows};
use crate::raster::Raster;

/// Bytes in rows: a picture (4 bytes a pixel) or a mask (1 byte a pixel).
#[derive(Clone, Copy)]
pub(super) struct Layer<'a> {
    pub bytes: &'a [u8],
    pub width: usize,
    pub height: usize,
    /// Bytes of one pixel.
    pub step: usize,
}

impl<'a> Layer<'a> {
    /// A whole picture.
    pub fn of(image: &'a Raster) -> Self {
        let (width, height) = (image.width_px as usize, image.height_px as usize);
        Self { bytes: &image.rgba, width, height, step: 4 }
    }
}

/// What lies beyond the border.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Border {
    /// The pixel at the border again.
    Nearest,
    /// The picture mirrored in the pixel at the border.
    Mirror,
}

impl Border {
    /// The place inside `0..side` that stands for `at`.
    pub fn inside(self, at: i64, side: usize) -> usize {
        let last = side as i64 - 1;
        let at = match self {
            Self::Mirror if at < 0 => -at,
            Self::Mirror if at > last => 2 * last - at,
            _ => at,
        };
        at.clamp(0, last) as usize
    }
}

/// One shifted copy: output pixel `(x, y)` takes `weight` times input pixel `(x + dx, y + dy)`.
pub(super) struct Tap {
    pub dx: i64,
    pub dy: i64,
    /// 1 is `1 << WEIGHT_BITS`.
    pub weight: i16,
}

/// A layer with `margin` more pixels on the left and on the right.
pub(super) struct Wide {
    bytes: Vec<u8>,
    stride: usize,
    margin: usize,
    step: usize,
    row_bytes: usize,
    border: Border,
}

impl Wide {
    pub fn new(layer: Layer<'_>, margin: usize, border: Border) -> Self {
        let Layer { bytes, width, height, step } = layer;
        let row_bytes = width * step;
        // Never a multiple of 4096 for the usual widths: rows at such distances displace each other from the cache.
        let stride = row_bytes + 2 * margin * step + 64;
        let mut wide = vec![0; stride * height];
        let places: Vec<usize> = (0..2 * margin)
            .map(|at| at as i64 - margin as i64 + if at < margin { 0 } else { width as i64 })
            .map(|at| border.inside(at, width) * step)
            .collect();
        for (wide, row) in wide.chunks_exact_mut(stride).zip(bytes.chunks_exact(row_bytes)) {
            for (at, place) in places.iter().enumerate() {
                let to = if at < margin { at * step } else { at * step + row_bytes };
                wide[to..to + step].copy_from_slice(&row[*place..*place + step]);
            }
            wide[margin * step..margin * step + row_bytes].copy_from_slice(row);
        }
        Self { bytes: wide, stride, margin, step, row_bytes, border }
    }

    /// Row `y`, which may lie outside, from column `dx` on, `dx` within the margin; as long as a row of the layer and
    /// `more` pixels.
    pub fn row(&self, y: i64, dx: i64, more: usize) -> &[u8] {
        let y = self.border.inside(y, self.bytes.len() / self.stride);
        let first = y * self.stride + (self.margin as i64 + dx) as usize * self.step;
        &self.bytes[first..first + self.row_bytes + more * self.step]
    }
}

/// What rounds to the nearest level in [`filtered`].
pub(super) const TO_NEAREST: i32 = 1 << (WEIGHT_BITS - 1);

/// What cuts to the level below, as the reference does at the end of every corruption.
pub(super) const TO_BELOW: i32 = 0;

/// The weighted sum of the taps, each sum increased by `rounding` before it is cut to a level.
pub(super) fn filtered(layer: Layer<'_>, taps: &[Tap], border: Border, rounding: i32) -> Vec<u8> {
    let reach = taps.iter().map(|tap| tap.dx.unsigned_abs()).max().unwrap_or(0);
    let wide = Wide::new(layer, reach as usize, border);
    let mut weights: Vec<i16> = taps.iter().map(|tap| tap.weight).collect();
    // The loops take taps in pairs.
    weights.resize(taps.len().next_multiple_of(2), 0);
    let mut output = vec![0; layer.bytes.len()];
    let mut rows: Vec<&[u8]> = Vec::with_capacity(weights.len());
    for (y, row) in output.chunks_exact_mut(layer.width * layer.step).enumerate() {
        rows.clear();
        rows.extend(taps.iter().map(|tap| wide.row(y as i64 + tap.dy, tap.dx, 0)));
        rows.resize(weights.len(), wide.row(0, 0, 0));
        sum_rows(&rows, &weights, rounding, row);
    }
    output
}

/// The weights of a Gaussian from `-radius` to `radius`, summing to 1.
pub(super) fn gaussian_weights(sigma: f64, radius: u32) -> Vec<f64> {
    let radius = f64::from(radius);
    let sigma = sigma.max(1e-3);
    let mut weights: Vec<f64> = (0..=2 * radius as u32)
        .map(|at| f64::from(at) - radius)
        .map(|at| libm::exp(-0.5 * at * at / (sigma * sigma)))
        .collect();
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    weights
}

/// How far a Gaussian reaches that is cut at four standard deviations.
pub(super) fn gaussian_radius(sigma: f64) -> u32 {
    (4.0 * sigma + 0.5) as u32
}

/// The layer blurred by a Gaussian, cut at four standard deviations, nearest pixels beyond the border.
pub(super) fn gaussian(layer: Layer<'_>, sigma: f64) -> Vec<u8> {
    let radius = i64::from(gaussian_radius(sigma));
    let weights = quantised(&gaussian_weights(sigma, radius as u32));
    let taps = |(dx, dy): (i64, i64)| -> Vec<Tap> {
        let places = (-radius..=radius).zip(&weights);
        places.map(|(at, weight)| Tap { dx: at * dx, dy: at * dy, weight: *weight }).collect()
    };
    let down = filtered(layer, &taps((0, 1)), Border::Nearest, TO_NEAREST);
    filtered(Layer { bytes: &down, ..layer }, &taps((1, 0)), Border::Nearest, TO_BELOW)
}
