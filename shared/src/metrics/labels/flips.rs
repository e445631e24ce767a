//! Flips against the model's own clean prediction, not against the truth (arXiv 2602.06652).
//!
//! - IFR_v, instance flip rate: flipped instances of family v / all instances of v
//! - IV_v, image vulnerability: images with at least one flip in v / images
//! - "any": IFR pooled over all instances of a set of families, IV over their union. The set has a name, because
//!   the paper's own row mixes two: IFR .079 pools eight families, IV .376 is the union of six.

use super::Label;
use crate::metrics::mean::share;
use std::collections::BTreeMap;

/// One perturbed version of one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instance<'a> {
    /// The image (and question): any number that tells it from the others.
    pub image: u64,
    /// The perturbation family.
    pub family: &'a str,
    /// The prediction on the clean image.
    pub clean: Label,
    /// The prediction on this version.
    pub perturbed: Label,
}

impl Instance<'_> {
    /// Whether the prediction changed.
    pub fn flipped(&self) -> bool {
        self.clean != self.perturbed
    }
}

/// A named set of families over which "any" is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilySet<'a> {
    /// Said beside every number over the set.
    pub name: &'a str,
    /// Its families.
    pub families: &'a [&'a str],
}

/// The six families of the paper's union (IV .376).
pub const SIX_FAMILIES: FamilySet<'static> = FamilySet {
    name: "six families",
    families: &["translation", "pad_crop", "scale", "scale_pad", "rotation", "text_semantic"],
};

/// The eight families of the paper's pooled rate (IFR .079): the six, random text and the empty box.
pub const EIGHT_FAMILIES: FamilySet<'static> = FamilySet {
    name: "eight families",
    families: &[
        "translation",
        "pad_crop",
        "scale",
        "scale_pad",
        "rotation",
        "text_semantic",
        "text_random",
        "text_empty",
    ],
};

/// Flips as counts, from which both rates follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flips {
    /// Perturbed versions.
    pub instances: u64,
    /// Versions with another prediction than the clean image.
    pub flipped_instances: u64,
    /// Images with at least one version.
    pub images: u64,
    /// Images with at least one flip.
    pub vulnerable_images: u64,
}

impl Flips {
    /// Counts over the instances.
    pub fn of<'a>(instances: impl IntoIterator<Item = &'a Instance<'a>>) -> Self {
        let mut flips = Self::default();
        let mut vulnerable: BTreeMap<u64, bool> = BTreeMap::new();
        for instance in instances {
            flips.instances += 1;
            flips.flipped_instances += u64::from(instance.flipped());
            *vulnerable.entry(instance.image).or_default() |= instance.flipped();
        }
        flips.images = vulnerable.len() as u64;
        flips.vulnerable_images = vulnerable.values().filter(|vulnerable| **vulnerable).count() as u64;
        flips
    }

    /// "Any": counts over the instances of a set's families.
    pub fn any(instances: &[Instance<'_>], set: FamilySet<'_>) -> Self {
        Self::of(instances.iter().filter(|instance| set.families.contains(&instance.family)))
    }

    /// IFR, in [0, 1]; none without instances.
    pub fn instance_flip_rate(&self) -> Option<f64> {
        share(self.flipped_instances, self.instances)
    }

    /// IV, in [0, 1]; none without images.
    pub fn image_vulnerability(&self) -> Option<f64> {
        share(self.vulnerable_images, self.images)
    }
}

/// Flips of each family, ordered by name.
pub fn by_family<'a>(instances: &[Instance<'a>]) -> BTreeMap<&'a str, Flips> {
    let mut families: BTreeMap<&str, Vec<&Instance<'_>>> = BTreeMap::new();
    for instance in instances {
        families.entry(instance.family).or_default().push(instance);
    }
    families.into_iter().map(|(family, instances)| (family, Flips::of(instances))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instance(image: u64, family: &str, perturbed: Label) -> Instance<'_> {
        Instance { image, family, clean: 0, perturbed }
    }

    /// Two images, two shifts and one rotation each: one shift of image 1 flips, both rotations flip.
    #[test]
    fn hand_counted_rates() {
        let all = [
            instance(1, "translation", 0),
            instance(1, "translation", 2),
            instance(2, "translation", 0),
            instance(2, "translation", 0),
            instance(1, "rotation", 1),
            instance(2, "rotation", 3),
            instance(2, "home_made", 3),
        ];
        let families = by_family(&all);
        assert_eq!(families["translation"].instance_flip_rate(), Some(0.25));
        assert_eq!(families["translation"].image_vulnerability(), Some(0.5));
        assert_eq!(families["rotation"].instance_flip_rate(), Some(1.0));
        let any = Flips::any(&all, SIX_FAMILIES);
        assert_eq!((any.instance_flip_rate(), any.image_vulnerability()), (Some(0.5), Some(1.0)));
        let shifts = FamilySet { name: "shifts", families: &["translation"] };
        assert_eq!(Flips::any(&all, shifts), families["translation"]);
    }

    #[test]
    fn nothing_has_no_rate() {
        assert_eq!(Flips::of(&[]).instance_flip_rate(), None);
        assert_eq!(Flips::any(&[], EIGHT_FAMILIES).image_vulnerability(), None);
    }

    /// The published row of Qwen3-VL-2B: pooling its families, weighted by their instances, gives its "any".
    #[test]
    fn published_families_pool_to_the_published_any() {
        let flips_per_mille = [62, 65, 79, 80, 122, 192, 64, 43];
        let instances_per_image = [8, 8, 1, 2, 2, 3, 3, 3];
        let mut all = Vec::new();
        for ((family, rate), count) in
            EIGHT_FAMILIES.families.iter().zip(flips_per_mille).zip(instances_per_image)
        {
            for index in 0..1000 * count {
                all.push(instance(index, family, u32::from(index % 1000 < rate)));
            }
        }
        let pooled = |set| Flips::any(&all, set).instance_flip_rate().unwrap();
        assert!((pooled(EIGHT_FAMILIES) - 0.079).abs() < 0.001);
        assert!((pooled(SIX_FAMILIES) - 0.086).abs() < 0.001);
    }

    proptest! {
        #[test]
        fn an_image_is_vulnerable_at_least_as_often_as_an_instance_flips(
            labels in prop::collection::vec(0u32..3, 4..60),
        ) {
            // As many versions of each image, or the images with few versions weigh less in the one than in the other.
            let all: Vec<_> = labels
                .iter()
                .enumerate()
                .map(|(index, label)| instance(index as u64 / 4, "scale", *label))
                .take(labels.len() / 4 * 4)
                .collect();
            let flips = Flips::of(&all);
            prop_assert!(flips.image_vulnerability() >= flips.instance_flip_rate());
        }
    }
}
