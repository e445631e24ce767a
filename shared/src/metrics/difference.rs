//! How far two pictures are apart, pixel by pixel.
//!
//! When the sizes differ (padding, expanded rotation), the perturbed picture is first resized to the clean one's
//! size, bicubic, as the paper does before it compares spectra; [`Difference::resized`] says so.

use super::ssim::ssim;
use crate::json::json_struct;
use crate::perturb::resize;
use crate::raster::Raster;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The distance between a clean and a perturbed picture, over red, green and blue, in grey levels of 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Largest |x - x'|: the L-infinity norm, in grey levels.
    pub max: u8,
    /// Mean |x - x'|, in grey levels.
    pub mean: f64,
    /// (sum (x - x')^2)^1/2 over all pixels and channels: the L2 norm, in grey levels.
    pub l2: f64,
    /// Peak signal-to-noise ratio, 10 log10(255^2 / mean (x - x')^2), in decibels; none when the pictures agree.
    pub psnr_db: Option<f64>,
    /// Structural similarity, see [`ssim`]; none for pictures below 7 pixels a side.
    pub ssim: Option<f64>,
    /// Whether the perturbed picture was resized to compare it.
    pub resized: bool,
}

/// Compares two pictures.
pub fn difference(clean: &Raster, perturbed: &Raster) -> Difference {
    let aligned = aligned(clean, perturbed);
    let (mut max, mut sum, mut squares) = (0, 0_u64, 0_u64);
    // 32-bit sums within a block: 4096 * 255^2 fits, and the loop vectorises.
    for (block, other) in clean.rgba.chunks(4096).zip(aligned.rgba.chunks(4096)) {
        let (mut block_sum, mut block_squares) = (0_u32, 0_u32);
        for (a, b) in block.iter().zip(other) {
            let gap = a.abs_diff(*b);
            max = gap.max(max);
            block_sum += u32::from(gap);
            block_squares += u32::from(gap) * u32::from(gap);
        }
        sum += u64::from(block_sum);
        squares += u64::from(block_squares);
    }
    // Alpha is the same everywhere and adds nothing to the sums.
    let samples = clean.rgba.len() as f64 * 0.75;
    let psnr = |squares: u64| 10.0 * libm::log10(255.0 * 255.0 * samples / squares as f64);
    Difference {
        max,
        mean: sum as f64 / samples,
        l2: (squares as f64).sqrt(),
        psnr_db: (squares > 0).then(|| psnr(squares)),
        ssim: ssim(clean, &aligned),
        resized: matches!(aligned, Cow::Owned(_)),
    }
}

/// The picture of |x - x'| times `gain`, cut off at 255, of the clean picture's size.
pub fn difference_map(clean: &Raster, perturbed: &Raster, gain: u32) -> Raster {
    let aligned = aligned(clean, perturbed);
    let mut map = clean.clone();
    let gain = gain.min(255);
    for (pixel, other) in map.rgba.chunks_exact_mut(4).zip(aligned.rgba.chunks_exact(4)) {
        for (a, b) in pixel[..3].iter_mut().zip(other) {
            *a = (u32::from(a.abs_diff(*b)) * gain).min(255) as u8;
        }
        pixel[3] = 255;
    }
    map
}

/// The perturbed picture at the clean one's size.
pub(super) fn aligned<'a>(clean: &Raster, perturbed: &'a Raster) -> Cow<'a, Raster> {
    if (clean.width_px, clean.height_px) == (perturbed.width_px, perturbed.height_px) {
        Cow::Borrowed(perturbed)
    } else {
        Cow::Owned(resize(perturbed, clean.width_px, clean.height_px))
    }
}

json_struct! {
    Difference { max, mean, l2, psnr_db, ssim, resized }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width_px: u32, height_px: u32, value: impl Fn(u32) -> u8) -> Raster {
        let pixel = |index| [value(index), value(index + 7), value(index + 13), 255];
        Raster { width_px, height_px, rgba: (0..width_px * height_px).flat_map(pixel).collect() }
    }

    #[test]
    fn a_picture_does_not_differ_from_itself() {
        let image = picture(9, 8, |index| (index * 31) as u8);
        let same = difference(&image, &image);
        let none = Difference { max: 0, mean: 0.0, l2: 0.0, psnr_db: None, ssim: Some(1.0), resized: false };
        assert_eq!(same, none);
        assert!(difference_map(&image, &image, 9).rgba.chunks_exact(4).all(|pixel| pixel == [0, 0, 0, 255]));
    }

    #[test]
    fn known_differences_are_measured() {
        let black = Raster::filled(2, 1, [0, 0, 0, 255]);
        let mut other = black.clone();
        other.rgba[0] = 30;
        let found = difference(&black, &other);
        assert_eq!((found.max, found.mean, found.l2, found.ssim), (30, 5.0, 30.0, None));
        // Mean square 900 / 6 = 150: 10 log10(65025 / 150).
        assert!((found.psnr_db.unwrap() - 26.369_901).abs() < 1e-5);
        assert_eq!(difference_map(&black, &other, 4).rgba, [120, 0, 0, 255, 0, 0, 0, 255]);
        assert_eq!(difference_map(&black, &other, 9).rgba[0], 255);
    }

    #[test]
    fn other_sizes_are_resized_first() {
        let small = Raster::filled(10, 10, [90, 90, 90, 255]);
        let found = difference(&Raster::filled(20, 16, [90, 90, 90, 255]), &small);
        assert!(found.resized);
        assert_eq!(found.max, 0);
    }
}
