//! Seeded randomness: one generator for scenes, questions, overlays and noise.
//!
//! ChaCha8 keyed by the seed; a stream number separates uses, so that drawing more questions never changes
//! a scene. The same numbers on wasm32 and x86-64: no `usize` is drawn and only `libm` is used.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng};
use std::collections::BTreeSet;

/// The streams in use: one number per purpose, never reused for another.
pub mod stream {
    /// Drawing a scene from its seed.
    pub const SCENE: u64 = 1;
    /// Drawing questions about a scene.
    pub const QUESTION: u64 = 2;
    /// Colours, places and texts of overlays.
    pub const OVERLAY: u64 = 3;
    /// Pixel noise.
    pub const NOISE: u64 = 4;
    /// The other samples that a drift is measured against.
    pub const CONTROL: u64 = 32;
    /// Resampling for confidence intervals.
    pub const BOOTSTRAP: u64 = 33;
    /// Signs of permutation tests.
    pub const PERMUTATION: u64 = 34;
    /// Noise within a band of frequencies.
    pub const BAND_NOISE: u64 = 35;
    /// Random sets that a chosen one is held against.
    pub const RANDOM_SET: u64 = 36;
}

/// A reproducible source of random numbers.
#[derive(Clone, Debug)]
pub struct Rng(ChaCha8Rng);

impl Rng {
    /// The generator of a seed and a [`stream`].
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut chacha = ChaCha8Rng::from_seed(key);
        chacha.set_stream(stream);
        Self(chacha)
    }

    /// 32 uniform bits.
    pub fn u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// Uniform in `0..n` without bias; 0 when `n` is 0.
    pub fn below(&mut self, n: u32) -> u32 {
        if n == 0 {
            return 0;
        }
        let whole = u32::MAX - u32::MAX % n;
        loop {
            let draw = self.u32();
            if draw < whole {
                return draw % n;
            }
        }
    }

    /// Uniform in [0, 1), in steps of 2^-24.
    pub fn unit(&mut self) -> f32 {
        (self.u32() >> 8) as f32 / (1 << 24) as f32
    }

    /// Uniform in [lo, hi).
    pub fn range(&mut self, lo: f32, hi: f32) -> f32 {
        lo + (hi - lo) * self.unit()
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// A standard normal draw (Box and Muller).
    pub fn normal(&mut self) -> f32 {
        let radius = libm::sqrtf(-2.0 * libm::logf(1.0 - self.unit()));
        radius * libm::cosf(2.0 * core::f32::consts::PI * self.unit())
    }

    /// One element, each equally likely; none of an empty slice.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len() as u32) as usize)
    }

    /// An index drawn in proportion to the weights (not negative); 0 when all are 0.
    pub fn weighted(&mut self, weights: &[f32]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f32>();
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// `count` different numbers out of `0..n`, ascending; all of them when there are fewer.
    pub fn subset(&mut self, n: u32, count: u32) -> Vec<u32> {
        let mut drawn = BTreeSet::new();
        // Floyd's sampling: one draw per number, every subset equally likely.
        for last in n.saturating_sub(count)..n {
            let draw = self.below(last + 1);
            if !drawn.insert(draw) {
                drawn.insert(last);
            }
        }
        drawn.into_iter().collect()
    }

    /// Puts the items in a random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_stream_give_fixed_numbers() {
        let mut rng = Rng::new(7, stream::SCENE);
        let first: Vec<u32> = (0..4).map(|_| rng.u32()).collect();
        let again: Vec<u32> = {
            let mut rng = Rng::new(7, stream::SCENE);
            (0..4).map(|_| rng.u32()).collect()
        };
        assert_eq!(first, again);
        assert_ne!(first[0], Rng::new(7, stream::QUESTION).u32());
        assert_ne!(first[0], Rng::new(8, stream::SCENE).u32());
    }

    #[test]
    fn below_is_uniform_and_bounded() {
        let mut rng = Rng::new(1, 0);
        let mut counts = [0u32; 7];
        for _ in 0..70_000 {
            counts[rng.below(7) as usize] += 1;
        }
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 400), "{counts:?}");
        assert_eq!(rng.below(0), 0);
    }

    #[test]
    fn normal_has_mean_zero_and_variance_one() {
        let mut rng = Rng::new(2, 0);
        let draws: Vec<f32> = (0..50_000).map(|_| rng.normal()).collect();
        let mean = draws.iter().sum::<f32>() / draws.len() as f32;
        let variance = draws.iter().map(|draw| draw * draw).sum::<f32>() / draws.len() as f32;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }

    #[test]
    fn subsets_are_whole_or_even() {
        let mut rng = Rng::new(4, 0);
        assert_eq!((rng.subset(3, 5), rng.subset(0, 2)), (vec![0, 1, 2], vec![]));
        let mut hits = [0u32; 5];
        for _ in 0..5_000 {
            let drawn = rng.subset(5, 2);
            assert!(drawn.len() == 2 && drawn[0] < drawn[1]);
            drawn.iter().for_each(|number| hits[*number as usize] += 1);
        }
        assert!(hits.iter().all(|hits| hits.abs_diff(2_000) < 200), "{hits:?}");
    }

    #[test]
    fn weights_are_followed() {
        let mut rng = Rng::new(3, 0);
        let hits = (0..10_000).filter(|_| rng.weighted(&[1.0, 0.0, 3.0]) == 2).count();
        assert!(hits.abs_diff(7_500) < 200, "{hits}");
        assert_eq!(rng.weighted(&[0.0, 0.0]), 0);
    }
}
