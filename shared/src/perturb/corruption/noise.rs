//! Gaussian, speckle, shot and impulse noise: every value of every pixel by itself.
//!
//! One random number per value, the same at every severity: a stronger corruption is the same noise, only more of it.

use super::field::{DRAW_BITS, Field, Normal};
use crate::raster::Raster;

/// What stands for "the same" when a computed level is cut to the level below: far below a level, far above the errors
/// of f32.
pub(super) const NUDGE: f32 = 1.0 / 1024.0;

/// Replaces each colour value by `change(value, random bits)`.
#[inline]
fn change_values(image: &mut Raster, field: Field, change: impl Fn(u8, u32) -> u8) {
    let mut bits = vec![0; image.width_px as usize * 3];
    let mut first = 0_u32;
    for row in image.rgba.chunks_exact_mut(image.width_px as usize * 4) {
        // By themselves, since the compiler makes vector instructions of this loop alone.
        bits.iter_mut().enumerate().for_each(|(at, bits)| *bits = field.bits(first.wrapping_add(at as u32)));
        first = first.wrapping_add(bits.len() as u32);
        for (pixel, bits) in row.chunks_exact_mut(4).zip(bits.chunks_exact(3)) {
            for (value, bits) in pixel.iter_mut().zip(bits) {
                *value = change(*value, *bits);
            }
        }
    }
}

/// How far normal noise spreads around a value.
pub(super) struct Spread {
    /// Standard deviation where the value is 0, as a share of 255.
    pub everywhere: f64,
    /// Standard deviation in proportion to the value.
    pub by_value: f64,
}

/// `x + N(0, everywhere + by_value x)`: Gaussian and speckle noise.
pub(super) fn normal_noise(image: &mut Raster, field: Field, spread: &Spread) {
    const BITS: u32 = 8;
    let normal = Normal::new();
    // 1/256 of a level: the largest sum is below 2^30.
    let deviation =
        |value: f64| libm::rint((spread.everywhere * 255.0 + spread.by_value * value) * 256.0) as i32;
    let deviations: [i32; 256] = core::array::from_fn(|value| deviation(value as f64));
    change_values(image, field, |value, bits| {
        let noise = normal.draw(bits) * deviations[value as usize];
        (((i32::from(value) << (BITS + DRAW_BITS)) + noise) >> (BITS + DRAW_BITS)).clamp(0, 255) as u8
    });
}

/// Salt (255) and pepper (0) in a share `amount` of the values, half of them each.
pub(super) fn impulse_noise(image: &mut Raster, field: Field, amount: f64) {
    let bound = (amount * f64::from(1 << 24)) as u32;
    change_values(image, field, |value, bits| match bits >> 8 < bound {
        true => 0_u8.wrapping_sub((bits & 1) as u8),
        false => value,
    });
}

/// `Poisson(c x) / c`: the light of a picture counted in photons, `1 / c` of full brightness each.
pub(super) fn shot_noise(image: &mut Raster, field: Field, c: f64) {
    let tables: Vec<Counts> = (0..=255).map(|value| Counts::new(c, f64::from(value) / 255.0)).collect();
    change_values(image, field, |value, bits| tables[value as usize].draw(bits));
}

/// The distribution of the level that a number of photons makes.
struct Counts {
    /// `(bound, level)`: draws below the bound that are not below the bound before give the level.
    steps: Vec<(u32, u8)>,
    /// Where to begin the search, by the highest nine bits of the draw. There are at most 256 levels.
    starts: [u8; 512],
}

impl Counts {
    fn new(c: f64, x: f64) -> Self {
        let mean = c * x;
        // Ten standard deviations on both sides of the likeliest count: what is left out is below the resolution of a
        // draw. Probabilities relative to the likeliest, since that of no photon may be below any f64.
        let (likeliest, reach) = (libm::floor(mean), 10.0 * mean.sqrt() + 10.0);
        let mut first = likeliest;
        let mut before = 1.0;
        let mut sum = 0.0;
        while first > 0.0 && first > likeliest - reach {
            before *= first / mean;
            sum += before;
            first -= 1.0;
        }
        let (mut after, mut count) = (1.0, likeliest);
        while count < likeliest + reach {
            sum += after;
            count += 1.0;
            after *= mean / count;
        }
        let mut steps: Vec<(u32, u8)> = Vec::new();
        let (mut probability, mut reached, mut count) = (before / sum, 0.0, first);
        while count < likeliest + reach {
            reached += probability;
            let bound = (reached * 4_294_967_296.0) as u32;
            let level = (count / c * 255.0 + f64::from(NUDGE)) as u8;
            match steps.last_mut() {
                Some(last) if last.1 == level => last.0 = bound,
                _ => steps.push((bound, level)),
            }
            count += 1.0;
            probability *= mean / count;
        }
        if let Some(last) = steps.last_mut() {
            last.0 = u32::MAX;
        }
        let mut starts = [0; 512];
        let mut step = 0;
        for (high, start) in starts.iter_mut().enumerate() {
            while steps.get(step).is_some_and(|(bound, _)| *bound <= (high as u32) << 23) {
                step += 1;
            }
            *start = step.min(steps.len() - 1) as u8;
        }
        Self { steps, starts }
    }

    #[inline]
    fn draw(&self, bits: u32) -> u8 {
        let start = self.starts[(bits >> 23) as usize] as usize;
        let found = self.steps[start..].iter().find(|(bound, _)| bits < *bound);
        found.or(self.steps.last()).map_or(255, |(_, level)| *level)
    }
}
