//! Random numbers for millions of pixels: each is a hash of its place, so that they come at the speed of
//! arithmetic, in any order, and stay the same from one severity to the next.
//!
//! The keys of the hash are drawn by the one seeded generator of [`crate::rng`]; one field serves one purpose.

use crate::rng::{Rng, stream};

/// An endless row of random numbers.
#[derive(Clone, Copy)]
pub(super) struct Field {
    keys: [u32; 2],
}

impl Field {
    /// The field of a recipe's seed and a purpose; purposes of all corruptions are told apart by their number.
    pub fn new(seed: u64, purpose: u32) -> Self {
        let mut rng = Rng::new(seed, stream::NOISE | u64::from(purpose) << 32);
        Self { keys: [rng.u32(), rng.u32()] }
    }

    /// 32 uniform bits: two rounds of multiply and shift, the multipliers those that C. Wellons' search found to
    /// mix best.
    #[inline]
    pub fn bits(self, index: u32) -> u32 {
        let mut x = index ^ self.keys[0];
        x = (x ^ (x >> 16)).wrapping_mul(0x21f0_aaad);
        x = (x ^ (x >> 15)).wrapping_add(self.keys[1]).wrapping_mul(0x735a_2d97);
        x = (x ^ (x >> 15)).wrapping_mul(0x21f0_aaad);
        x ^ (x >> 15)
    }

    /// Uniform in [0, 1), in steps of 2^-24.
    #[inline]
    pub fn unit(self, index: u32) -> f32 {
        (self.bits(index) >> 8) as f32 / (1 << 24) as f32
    }
}

/// log2 of the number of pieces of half of the distribution.
const PIECE_BITS: u32 = 11;

/// Bits of the fraction of a draw.
pub(super) const DRAW_BITS: u32 = 12;

/// Where the last piece ends, in standard deviations: a uniform piece from 3.49 to here has the second moment of the
/// whole tail.
const LAST: f64 = 3.967;

/// The quantiles of the standard normal distribution, joined by straight lines; cut at 3.97 standard deviations. In whole
/// numbers, `1 << DRAW_BITS` for a standard deviation.
pub(super) struct Normal {
    /// From the middle up: where each piece begins, and how long it is.
    pieces: Vec<[i32; 2]>,
}

impl Normal {
    pub fn new() -> Self {
        let count = 1 << PIECE_BITS;
        let fixed = |quantile: f64| libm::rint(quantile * f64::from(1 << DRAW_BITS)) as i32;
        let mut quantile = 0.0;
        let mut begin = 0;
        let pieces = (1..=count)
            .map(|piece| {
                let wanted = 0.5 * f64::from(piece) / f64::from(count);
                // Newton's steps from the quantile before.
                for _ in 0..if piece < count { 3 } else { 0 } {
                    let density = libm::exp(-0.5 * quantile * quantile) * 0.398_942_280_401_432_7;
                    let reached = 0.5 * libm::erf(quantile * core::f64::consts::FRAC_1_SQRT_2);
                    quantile += (wanted - reached) / density;
                }
                let end = fixed(if piece < count { quantile } else { LAST });
                [core::mem::replace(&mut begin, end), end - begin]
            })
            .collect();
        Self { pieces }
    }

    /// The draw that 32 uniform bits stand for.
    #[inline]
    pub fn draw(&self, bits: u32) -> i32 {
        let place = (bits >> (31 - PIECE_BITS)) as usize & ((1 << PIECE_BITS) - 1);
        let [begin, length] = self.pieces[place];
        let part = (bits >> 4 & 0xffff) as i32;
        let size = begin + ((length * part) >> 16);
        let sign = bits as i32 >> 31;
        (size ^ sign) - sign
    }

    /// The same as a real number.
    #[inline]
    pub fn real(&self, bits: u32) -> f32 {
        self.draw(bits) as f32 * (1.0 / (1 << DRAW_BITS) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_moments_of_the_normal_distribution() {
        let (field, normal) = (Field::new(3, 0), Normal::new());
        let draws: Vec<f64> = (0..1_000_000).map(|at| f64::from(normal.real(field.bits(at)))).collect();
        let moment = |power: i32| {
            draws.iter().map(|draw| (0..power).map(|_| draw).product::<f64>()).sum::<f64>() / 1e6
        };
        let [mean, variance, third, fourth] = [1, 2, 3, 4].map(moment);
        assert!(mean.abs() < 0.004 && (variance - 1.0).abs() < 0.005, "{mean} {variance}");
        assert!(third.abs() < 0.015 && (fourth - 3.0).abs() < 0.08, "{third} {fourth}");
    }

    #[test]
    fn neighbours_are_independent() {
        let field = Field::new(3, 0);
        for lag in [1, 2, 3, 4, 1024, 4096] {
            let sum: f64 =
                (0..200_000).map(|at| f64::from((field.unit(at) - 0.5) * (field.unit(at + lag) - 0.5))).sum();
            assert!((sum / 200_000.0 * 12.0).abs() < 0.01, "{lag}: {sum}");
        }
        assert_ne!(field.bits(0), Field::new(4, 0).bits(0));
        assert_ne!(field.bits(0), Field::new(3, 1).bits(0));
    }
}
