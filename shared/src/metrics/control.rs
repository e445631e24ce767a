//! Which other samples a drift is held against: K random other clean ones (arXiv 2602.06652).

use crate::rng::{Rng, stream};

/// K of the published run.
pub const PUBLISHED_CONTROLS: u32 = 25;

/// `count` different samples out of `0..samples`, none of them `own`, in ascending order; all others when there are
/// fewer. The same for a seed, whatever was drawn for other samples.
pub fn control_samples(own: u32, samples: u32, count: u32, seed: u64) -> Vec<u32> {
    let others = samples.saturating_sub(u32::from(own < samples));
    let mut rng = Rng::new(seed, u64::from(own) << 32 | stream::CONTROL);
    rng.subset(others, count).into_iter().map(|other| other + u32::from(other >= own)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_other_sample_is_as_likely() {
        let mut hits = [0u32; 10];
        for seed in 0..3000 {
            for sample in control_samples(4, 10, 3, seed) {
                hits[sample as usize] += 1;
            }
        }
        assert_eq!(hits[4], 0);
        assert!(
            hits.iter().enumerate().all(|(index, hits)| index == 4 || hits.abs_diff(1000) < 120),
            "{hits:?}"
        );
    }

    proptest! {
        #[test]
        fn different_others_as_many_as_there_are(
            own in 0u32..30, samples in 0u32..30, count in 0u32..40, seed in any::<u64>(),
        ) {
            let drawn = control_samples(own, samples, count, seed);
            let others = samples - u32::from(own < samples);
            prop_assert_eq!(drawn.len() as u32, count.min(others));
            prop_assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(drawn.iter().all(|other| *other != own && *other < samples));
            prop_assert_eq!(&drawn, &control_samples(own, samples, count, seed));
        }
    }
}
