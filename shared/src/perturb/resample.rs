//! Resizing as Pillow does it, bicubic or by boxes: separable, columns first, the kernel widened when shrinking, 8 bits
//! between the passes.

use super::simd::{PAIRED, RowFilter, WEIGHT_BITS, cubic, filter_row, sum_rows};
use crate::raster::Raster;

/// The kernel's parameter, Pillow's for resizing.
const SHARPNESS: f64 = -0.5;

/// What a resized pixel is made of.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kernel {
    /// Cubic convolution.
    Cubic,
    /// The mean of the pixels whose middle lies in the new pixel.
    Box,
}

impl Kernel {
    /// Radius at scale 1, in pixels.
    fn radius(self) -> f64 {
        if self == Self::Cubic { 2.0 } else { 0.5 }
    }

    fn weight(self, x: f64) -> f64 {
        match self {
            Self::Cubic => cubic(SHARPNESS, x),
            Self::Box => f64::from(u8::from(x > -0.5 && x <= 0.5)),
        }
    }
}

/// The picture at another size, both sides at least 1, bicubic. A side that stays the same is not filtered.
pub fn resize(image: &Raster, width_px: u32, height_px: u32) -> Raster {
    resize_by(Kernel::Cubic, image, (width_px, height_px))
}

/// The same by any kernel.
pub(super) fn resize_by(kernel: Kernel, image: &Raster, (width_px, height_px): (u32, u32)) -> Raster {
    let narrowed = (width_px != image.width_px).then(|| resize_width(kernel, image, width_px));
    let image = narrowed.as_ref().unwrap_or(image);
    if height_px == image.height_px { image.clone() } else { resize_height(kernel, image, height_px) }
}

fn resize_width(kernel: Kernel, image: &Raster, width_px: u32) -> Raster {
    let filter = row_filter(kernel, image.width_px, width_px);
    let mut output = Raster::filled(width_px, image.height_px, [255; 4]);
    let rows = output.rgba.chunks_exact_mut(width_px as usize * 4);
    for (row, input) in rows.zip(image.rgba.chunks_exact(image.width_px as usize * 4)) {
        filter_row(input, &filter, row);
    }
    output
}

fn resize_height(kernel: Kernel, image: &Raster, height_px: u32) -> Raster {
    let filter = row_filter(kernel, image.height_px, height_px);
    let row_bytes = image.width_px as usize * 4;
    let mut output = Raster::filled(image.width_px, height_px, [255; 4]);
    let last = image.height_px as usize - 1;
    let mut inputs: Vec<&[u8]> = Vec::with_capacity(filter.taps);
    let weights = filter.weights.chunks_exact(filter.taps);
    for ((row, start), weights) in output.rgba.chunks_exact_mut(row_bytes).zip(&filter.starts).zip(weights) {
        inputs.clear();
        inputs.extend((0..filter.taps).map(|place| {
            let tap = place / 4 * 4 + PAIRED[place % 4];
            let first = (*start as usize + tap).min(last) * row_bytes;
            &image.rgba[first..first + row_bytes]
        }));
        sum_rows(&inputs, weights, 1 << (WEIGHT_BITS - 1), row);
    }
    output
}

/// The filter from `input_px` to `output_px` pixels.
fn row_filter(kernel: Kernel, input_px: u32, output_px: u32) -> RowFilter {
    let scale = f64::from(input_px) / f64::from(output_px);
    let stretch = scale.max(1.0);
    let radius = kernel.radius() * stretch;
    // One kernel is at most 2 * radius + 1 pixels wide; four taps at a time are what the loops work on.
    let taps = (libm::ceil(2.0 * radius) as usize + 1).next_multiple_of(4);
    let mut filter = RowFilter { starts: Vec::new(), weights: Vec::new(), taps };
    let mut exact = Vec::with_capacity(taps);
    for output in 0..output_px {
        let centre = (f64::from(output) + 0.5) * scale;
        let first = (centre - radius + 0.5).max(0.0) as u32;
        let end = ((centre + radius + 0.5) as u32).min(input_px);
        exact.clear();
        exact.extend((first..end).map(|at| kernel.weight((f64::from(at) - centre + 0.5) * (1.0 / stretch))));
        let sum: f64 = exact.iter().sum();
        exact.iter_mut().for_each(|weight| *weight /= sum);
        // All taps are read, so the window must not reach beyond the input.
        let start = first.min(input_px.saturating_sub(taps as u32));
        filter.starts.push(start);
        let padding = (first - start) as usize;
        filter.weights.resize(filter.weights.len() + padding, 0);
        filter.weights.extend(quantised(&exact));
        filter.weights.resize(filter.starts.len() * taps, 0);
    }
    filter.weights.chunks_exact_mut(4).for_each(reorder);
    filter
}

/// Brings four weights into the order [`PAIRED`].
pub(super) fn reorder(four: &mut [i16]) {
    four.swap(1, 2);
}

/// Weights that sum to 1 in fixed point, still summing to exactly 1: the largest takes up what rounding left.
pub(super) fn quantised(exact: &[f64]) -> Vec<i16> {
    let one = f64::from(1 << WEIGHT_BITS);
    let mut weights: Vec<i16> = exact.iter().map(|weight| libm::rint(weight * one) as i16).collect();
    let left: i32 = (1 << WEIGHT_BITS) - weights.iter().map(|weight| i32::from(*weight)).sum::<i32>();
    if let Some(largest) = weights.iter_mut().max_by_key(|weight| **weight) {
        *largest += left as i16;
    }
    weights
}
