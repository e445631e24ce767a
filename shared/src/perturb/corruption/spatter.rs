//! Spatter: drops of water, or mud, on the lens.

use super::super::resample::quantised;
use super::super::simd::WEIGHT_BITS;
use super::edges::{distance_to_edges, edges};
use super::field::{Field, Normal};
use super::layer::{
    Border, Layer, TO_BELOW, TO_NEAREST, Tap, filtered, gaussian, gaussian_radius, gaussian_weights,
};
use super::noise::NUDGE;
use crate::raster::Raster;

/// The noise that drops are cut from.
pub(super) struct Drops {
    /// Mean.
    pub loc: f64,
    /// Standard deviation before smoothing.
    pub scale: f64,
    /// Smoothing, pixels.
    pub sigma: f64,
    /// Smoothed noise below this is no drop.
    pub threshold: f64,
}

/// Pale turquoise light, most at the edges of the drops, `strength` at its strongest.
pub(super) fn water(image: &mut Raster, field: Field, drops: &Drops, strength: f64) {
    let (width, height) = (image.width_px as usize, image.height_px as usize);
    let smooth = Smooth::new((width, height), field, drops);
    // Cut to levels, as in the reference.
    let reached = |byte: usize| drops.threshold + (byte as f64 - 0.5) * smooth.unit;
    let levels: [u8; 256] =
        core::array::from_fn(|byte| if byte > 0 { (reached(byte) * 255.0) as u8 } else { 0 });
    let drops: Vec<u8> = smooth.bytes.iter().map(|byte| levels[*byte as usize]).collect();
    let layer = |bytes| Layer { bytes, width, height, step: 1 };

    let distance = distance_to_edges(&edges(&drops, width), width);
    // From eighths of pixels to whole ones, cut.
    let mut distance = filtered(layer(&distance), &square([1; 9], 72.0), Border::Mirror, TO_BELOW);
    equalise(&mut distance);
    // The factors are half of the reference's, for 16 bits to hold them, and the result is taken twice.
    let relief = [-2, -1, 0, -1, 1, 1, 0, 1, 2];
    let relief = filtered(layer(&distance), &square(relief, 2.0), Border::Mirror, TO_NEAREST);
    let relief: Vec<u8> = relief.iter().map(|value| value.saturating_mul(2)).collect();
    let relief = filtered(layer(&relief), &square([1; 9], 9.0), Border::Mirror, TO_NEAREST);

    let light = |(drop, relief): (&u8, &u8)| u16::from(*drop) * u16::from(*relief);
    let brightest = drops.iter().zip(&relief).map(light).max().unwrap_or(0).max(1);
    let scale = (strength / f64::from(brightest)) as f32;
    for (pixel, place) in image.rgba.chunks_exact_mut(4).zip(drops.iter().zip(&relief)) {
        let light = f32::from(light(place)) * scale;
        if light > 0.0 {
            for (value, colour) in pixel.iter_mut().zip([175.0, 238.0, 238.0]) {
                *value = (f32::from(*value) + light * colour + NUDGE) as u8;
            }
        }
    }
}

/// Brown mud that covers the picture.
pub(super) fn mud(image: &mut Raster, field: Field, drops: &Drops, sigma: f64) {
    let (width, height) = (image.width_px as usize, image.height_px as usize);
    let smooth = Smooth::new((width, height), field, drops);
    let mask: Vec<u8> = smooth.bytes.iter().map(|byte| if *byte > 0 { 255 } else { 0 }).collect();
    let mask = gaussian(Layer { bytes: &mask, width, height, step: 1 }, sigma);
    for (pixel, mask) in image.rgba.chunks_exact_mut(4).zip(mask) {
        // Where less than four fifths are mud, there is none.
        if mask >= 204 {
            let cover = f32::from(mask) / 255.0;
            for (value, colour) in pixel.iter_mut().zip([63.0, 42.0, 20.0]) {
                *value = (f32::from(*value) * (1.0 - cover) + colour * cover + NUDGE) as u8;
            }
        }
    }
}

/// Smoothed normal noise, as far as it is drops.
struct Smooth {
    /// 0 where there is no drop.
    bytes: Vec<u8>,
    /// How much a level is in terms of the noise; level 1 begins at the threshold.
    unit: f64,
}

impl Smooth {
    /// Noise in bytes, a standard deviation being [`SPREAD`] levels, smoothed by a Gaussian along both sides. Smoothing
    /// flattens the noise, so each pass enlarges it, which keeps the resolution of a byte; the last one also shifts it
    /// so that all levels are above the threshold.
    fn new((width, height): (usize, usize), field: Field, drops: &Drops) -> Self {
        let normal = Normal::new();
        let mut bytes: Vec<u8> = (0..(width * height) as u32)
            .map(|at| (normal.real(field.bits(at)) * SPREAD + MEAN as f32) as u8)
            .collect();
        let radius = gaussian_radius(drops.sigma);
        let exact = gaussian_weights(drops.sigma, radius);
        let weights = quantised(&exact);
        let gain = 1.0 / exact.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
        let gains = [libm::floor(gain), 2.0 * libm::floor(gain)];
        // Where the threshold lies after the first pass.
        let unit = drops.scale / (f64::from(SPREAD) * gains[0]);
        let threshold = (drops.threshold - drops.loc) / unit;
        // A byte stands for the middle of its level: hence the halves.
        let shifts = [MEAN - gains[0] * (MEAN - 0.5), 1.0 - gains[1] * (MEAN - 0.5 + threshold)];
        for (pass, (dx, dy)) in [(0, 1), (1, 0)].into_iter().enumerate() {
            let weight = |weight: i16| (i32::from(weight) * gains[pass] as i32) as i16;
            let taps: Vec<Tap> = (-i64::from(radius)..)
                .zip(&weights)
                .map(|(at, exact)| Tap { dx: at * dx, dy: at * dy, weight: weight(*exact) })
                .collect();
            let rounding = (shifts[pass] * f64::from(1 << WEIGHT_BITS)) as i32;
            bytes =
                filtered(Layer { bytes: &bytes, width, height, step: 1 }, &taps, Border::Nearest, rounding);
        }
        Self { bytes, unit: unit / gains[1] }
    }
}

/// Levels of one standard deviation of the noise, and its mean.
const SPREAD: f32 = 32.0;
const MEAN: f64 = 128.0;

/// Nine factors over 3 x 3 pixels, divided by a number.
fn square(factors: [i32; 9], divisor: f64) -> [Tap; 9] {
    let weight = |factor: i32| libm::rint(f64::from(factor << WEIGHT_BITS) / divisor) as i16;
    core::array::from_fn(|at| Tap {
        dx: at as i64 % 3 - 1,
        dy: at as i64 / 3 - 1,
        weight: weight(factors[at]),
    })
}

/// Spreads the levels so that each share of the scale has the same share of the pixels.
fn equalise(levels: &mut [u8]) {
    let mut counts = [0_u32; 256];
    levels.iter().for_each(|level| counts[*level as usize] += 1);
    let lowest = counts.iter().copied().find(|count| *count > 0).unwrap_or(0);
    let rest = f64::from((levels.len() as u32 - lowest).max(1));
    let mut sum = 0;
    let table = counts.map(|count| {
        sum += count;
        libm::rint(f64::from(sum.saturating_sub(lowest)) * 255.0 / rest) as u8
    });
    levels.iter_mut().for_each(|level| *level = table[*level as usize]);
}
