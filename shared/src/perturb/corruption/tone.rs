//! Contrast, brightness and saturation: each pixel by itself.

use super::noise::NUDGE;
use crate::raster::Raster;

/// `(x - mean) c + mean`, the mean of each channel over the picture.
pub(super) fn contrast(image: &mut Raster, c: f64) {
    let pixels = image.rgba.len() as f64 / 4.0;
    let mut sums = [0_u64; 3];
    for row in image.rgba.chunks_exact(image.width_px as usize * 4) {
        // Sums of a row fit 32 bits, and are made twice as fast.
        let mut of_row = [0_u32; 4];
        for pixel in row.chunks_exact(4) {
            of_row.iter_mut().zip(pixel).for_each(|(sum, value)| *sum += u32::from(*value));
        }
        sums.iter_mut().zip(of_row).for_each(|(sum, row)| *sum += u64::from(row));
    }
    let tables = sums.map(|sum| {
        let mean = sum as f64 / pixels;
        core::array::from_fn::<u8, 256, _>(|value| {
            ((value as f64 - mean) * c + mean + f64::from(NUDGE)) as u8
        })
    });
    for pixel in image.rgba.chunks_exact_mut(4) {
        for (value, table) in pixel.iter_mut().zip(&tables) {
            *value = table[*value as usize];
        }
    }
}

/// Bits of the fraction of a factor.
const BITS: u32 = 20;

/// [`NUDGE`] in that fixed point.
const FIXED_NUDGE: i32 = 1 << (BITS - 10);

/// `V + c` in HSV. Hue and saturation stay, so all three channels grow in the proportion of V; black, which has
/// neither, turns grey.
pub(super) fn brightness(image: &mut Raster, c: f64) {
    let raised = |value: f64| (value / 255.0 + c).min(1.0) * 255.0;
    let factor = |value: f64| libm::rint(raised(value) / value * f64::from(1 << BITS)) as i32;
    let factors: [i32; 256] = core::array::from_fn(|value| factor((value as f64).max(1.0)));
    let black = (raised(0.0) as f32 + NUDGE) as u8;
    for pixel in image.rgba.chunks_exact_mut(4) {
        let highest = pixel[0].max(pixel[1]).max(pixel[2]);
        let factor = factors[highest as usize];
        for value in &mut pixel[..3] {
            // At most 255 by the choice of the factor.
            let grown = ((i32::from(*value) * factor + FIXED_NUDGE) >> BITS) as u8;
            *value = if highest == 0 { black } else { grown };
        }
    }
}

/// `S a + b` in HSV. Hue and value stay, so the distances of the channels to the highest grow in the proportion of
/// S. Grey has no hue; with `b > 0` it turns red, whose hue is 0, in the reference and here.
pub(super) fn saturate(image: &mut Raster, a: f64, b: f64) {
    let (a, b) = (a as f32, b as f32);
    let inverses: [f32; 256] = core::array::from_fn(|value| 1.0 / value as f32);
    for pixel in image.rgba.chunks_exact_mut(4) {
        let highest = pixel[0].max(pixel[1]).max(pixel[2]);
        let lowest = pixel[0].min(pixel[1]).min(pixel[2]);
        if highest == lowest {
            let rest = (f32::from(highest) * (1.0 - b) + NUDGE) as u8;
            pixel[1] = rest;
            pixel[2] = rest;
            continue;
        }
        // S is (highest - lowest) / highest.
        let largest = f32::from(highest) * inverses[(highest - lowest) as usize];
        let factor = ((a + b * largest).min(largest) * (1 << BITS) as f32) as i32;
        for channel in &mut pixel[..3] {
            let distance = i32::from(highest - *channel) * factor;
            *channel = (((i32::from(highest) << BITS) - distance + FIXED_NUDGE).max(0) >> BITS) as u8;
        }
    }
}
