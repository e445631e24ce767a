//! Drift where the answer stayed: the part that no label metric sees (arXiv 2602.06652).
//!
//! P_v(x) is the mean distance over a family's instances of one image. Over all instances it mixes what shows as a
//! flip with what does not; over the instances that do not flip it is the hidden instability.

use super::drift::DriftSummary;
use super::error::{MetricError, finite};
use std::collections::BTreeMap;

/// The distance of one perturbed version from its clean image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InstanceDrift {
    /// The image: any number that tells it from the others.
    pub image: u64,
    /// d(h(x), h(x_i)): 1 - cos or L2.
    pub distance: f64,
    /// Whether the prediction is another than on the clean image.
    pub flipped: bool,
}

/// P_v over images, summarised three times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DriftByFlip {
    /// Over all instances.
    pub all: DriftSummary,
    /// Over instances that do not flip, of the images that have any: hidden.
    pub kept: DriftSummary,
    /// Over instances that flip, of the images that have any.
    pub flipped: DriftSummary,
}

impl DriftByFlip {
    /// Mean per image, then mean and deviation over images.
    ///
    /// # Errors
    /// No instances, or a distance that is not finite.
    pub fn of(instances: &[InstanceDrift]) -> Result<Self, MetricError> {
        finite(&instances.iter().map(|instance| instance.distance).collect::<Vec<_>>())?;
        let part = |flipped| instances.iter().filter(move |instance| instance.flipped == flipped);
        Ok(Self {
            all: over_images(instances.iter()),
            kept: over_images(part(false)),
            flipped: over_images(part(true)),
        })
    }
}

fn over_images<'a>(instances: impl Iterator<Item = &'a InstanceDrift>) -> DriftSummary {
    let mut images: BTreeMap<u64, (f64, u32)> = BTreeMap::new();
    for instance in instances {
        let (sum, count) = images.entry(instance.image).or_default();
        *sum += instance.distance;
        *count += 1;
    }
    let means: Vec<f64> = images.values().map(|(sum, count)| sum / f64::from(*count)).collect();
    DriftSummary::of(&means)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drift(image: u64, distance: f64, flipped: bool) -> InstanceDrift {
        InstanceDrift { image, distance, flipped }
    }

    /// Image 1: .25 kept and .75 flipped; image 2: .5 and 1 kept. Each image counts once.
    #[test]
    fn hand_computed() {
        let all = [drift(1, 0.25, false), drift(2, 0.5, false), drift(1, 0.75, true), drift(2, 1.0, false)];
        let found = DriftByFlip::of(&all).unwrap();
        assert_eq!((found.all.mean, found.all.count), (0.625, 2));
        assert_eq!((found.kept.mean, found.kept.count), (0.5, 2));
        assert_eq!(found.kept.std, 0.125f64.sqrt());
        assert_eq!((found.flipped.mean, found.flipped.count), (0.75, 1));
    }

    #[test]
    fn unusable_input_is_told() {
        assert_eq!(DriftByFlip::of(&[]), Err(MetricError::Empty));
        let nan = DriftByFlip::of(&[drift(1, 0.0, false), drift(1, f64::NAN, false)]);
        assert_eq!(nan, Err(MetricError::NotFinite { index: 1 }));
    }

    proptest! {
        #[test]
        fn without_flips_all_of_it_is_hidden(distances in prop::collection::vec(0.0f64..2.0, 1..30)) {
            let all: Vec<_> = distances.iter().enumerate().map(|(i, d)| drift(i as u64 / 3, *d, false)).collect();
            let found = DriftByFlip::of(&all).unwrap();
            prop_assert_eq!(found.all, found.kept);
            prop_assert_eq!(found.flipped.count, 0);
        }
    }
}
