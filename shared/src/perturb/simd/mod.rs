//! The three inner loops that scaling, rotation and blurs spend their time in, twice: plain (`scalar`) and with
//! wasm's 128-bit instructions (`simd128`); the one of the blurs also with those of x86-64 (`sse2`). All do the same
//! integer operations on the same numbers, so which one runs cannot be seen in the pixels:
//! `tests/golden/same_bytes.txt` holds every operation's hashes, on both targets.
//!
//! The only place in this crate with `unsafe`: loads and stores of 16 bytes at addresses that the safe callers'
//! preconditions, asserted on entry, keep inside their slices.

#[cfg(not(target_arch = "wasm32"))]
mod scalar;
#[cfg(target_arch = "wasm32")]
mod simd128;
#[cfg(target_arch = "x86_64")]
mod sse2;

#[cfg(not(any(target_arch = "wasm32", target_arch = "x86_64")))]
pub(super) use scalar::sum_rows;
#[cfg(not(target_arch = "wasm32"))]
pub(super) use scalar::{bicubic_span, filter_row};
#[cfg(target_arch = "wasm32")]
pub(super) use simd128::{bicubic_span, filter_row, sum_rows};
#[cfg(target_arch = "x86_64")]
pub(super) use sse2::sum_rows;

use crate::raster::Raster;

/// Bits of the fraction of a weight: 1 is `1 << WEIGHT_BITS`.
pub(super) const WEIGHT_BITS: u32 = 14;

/// Bits of the fraction that a horizontally filtered value keeps in [`bicubic_span`].
const MIDDLE_BITS: u32 = 6;

/// log2 of the number of positions between two pixels that [`bicubic_span`] tells apart.
pub(super) const PHASE_BITS: u32 = 10;

/// The order in which the loops take every four weights, its own inverse: half of four pixels interleaved with the
/// other half puts pixel 0 beside 2 and 1 beside 3, with instructions that every engine has.
pub(super) const PAIRED: [usize; 4] = [0, 2, 1, 3];

/// A filter for one row: output pixel `i` is the sum over `k` of `w[k] * input[starts[i] + k]`, where `w` are its
/// `taps` weights, every four of them in the order [`PAIRED`].
pub(super) struct RowFilter {
    /// First input pixel of each output pixel. `starts[i] + taps` is within the input unless the input has fewer
    /// than `taps` pixels; then the weights beyond it are 0.
    pub starts: Vec<u32>,
    /// `taps` for each output pixel, each output's summing to 1.
    pub weights: Vec<i16>,
    /// Weights of one output pixel, a multiple of 4.
    pub taps: usize,
}

/// A run of output pixels along a straight line through an image, in 32.32 fixed point.
pub(super) struct Span<'a> {
    /// The image read from.
    pub image: &'a Raster,
    /// Four weights in the order [`PAIRED`] for each of `1 << PHASE_BITS` positions between two pixels.
    pub weights: &'a [[i16; 4]],
    /// Position of the first output pixel in the image: column, row; pixel centres at whole numbers.
    pub at: [i64; 2],
    /// From one output pixel to the next.
    pub step: [i64; 2],
}

impl Span<'_> {
    /// Whether the 4 x 4 neighbourhoods of `pixels` output pixels lie inside the image.
    fn stays_inside(&self, pixels: usize) -> bool {
        let last = pixels.saturating_sub(1) as i64;
        let inside = |axis: usize, side_px: u32| {
            [self.at[axis], self.at[axis] + last * self.step[axis]]
                .iter()
                .all(|at| (1..i64::from(side_px) - 2).contains(&(at >> 32)))
        };
        pixels == 0 || (inside(0, self.image.width_px) && inside(1, self.image.height_px))
    }
}

/// What rounds the sum in [`bicubic_span`]: half of the last bit, and the mean of what cutting the horizontally
/// filtered values to [`MIDDLE_BITS`] took away.
const fn bicubic_rounding() -> i32 {
    (1 << (WEIGHT_BITS + MIDDLE_BITS - 1)) + (1 << (WEIGHT_BITS - 1))
}

/// The weight of cubic convolution with parameter `a` at distance `x` (Keys 1981).
pub(super) fn cubic(a: f64, x: f64) -> f64 {
    let x = x.abs();
    if x < 1.0 {
        ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * a
    } else {
        0.0
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use crate::rng::Rng;

    #[test]
    fn instructions_and_plain_loops_give_the_same_sums() {
        let mut rng = Rng::new(1, 0);
        for (count, length) in [(2, 7), (4, 64), (6, 100), (10, 333)] {
            let rows: Vec<Vec<u8>> =
                (0..count).map(|_| (0..length).map(|_| rng.u32() as u8).collect()).collect();
            let rows: Vec<&[u8]> = rows.iter().map(Vec::as_slice).collect();
            let weights: Vec<i16> = (0..count).map(|_| (rng.u32() >> 18) as i16 - 4096).collect();
            let mut outputs = [vec![0; length], vec![0; length]];
            super::scalar::sum_rows(&rows, &weights, 8192, &mut outputs[0]);
            super::sse2::sum_rows(&rows, &weights, 8192, &mut outputs[1]);
            assert_eq!(outputs[0], outputs[1]);
        }
    }
}
