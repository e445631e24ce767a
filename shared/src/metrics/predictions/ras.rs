//! The Robustness Alignment Score of one sample: **our reconstruction**.
//!
//! Bench-C (arXiv 2511.19032) publishes what RAS is made of (uncertainty shift and calibration alignment) and, second
//! hand, its range of [-2, 1]; not the equation. With p the softmax of the K option scores, y the true option, 0 for
//! the clean and c for the corrupted picture, this one fits both:
//! - U = H(p)/ln K, dU = U_c - U_0
//! - A = p_y, dA = A_c - A_0
//! - RAS = dA - |dU|; 0 is unchanged, and it can be negative where accuracy rises
//!
//! [`RasVariant`] names the alternatives, to see how much a finding rests on our choice. dA and dU are always to be
//! reported beside it.

use super::{arg_max, entropy};
use crate::metrics::error::{MetricError, finite, in_range, same_length};

/// How far a distribution's sum may be from 1.
const SUM_TOLERANCE: f64 = 1e-6;

/// Which reconstruction of RAS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RasVariant {
    /// dA - |dU| with A = p_y: the one that is meant where none is named.
    TrueOption,
    /// dA - |dU| with A = 1 - |max p - correct|.
    Confidence,
    /// dA - max(dU, 0) with A = p_y: growing certainty is not held against a model. Range [-2, 1] too.
    HesitationOnly,
}

/// What a sample does under a corruption (our reconstruction of the classes that Bench-C speaks of).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Behaviour {
    /// Right before and after, and no less certain.
    Stable,
    /// Less certain (dU > 0), and not corrected.
    Hesitant,
    /// Wrong, and no less certain (dU <= 0).
    ErroneouslyConfident,
    /// Wrong before, right after, whatever its certainty.
    Corrected,
}

/// The shift of one sample between the clean and the corrupted picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RasShift {
    /// dA = p_y corrupted - p_y clean, in [-1, 1].
    pub alignment: f64,
    /// dU, the change of normalised entropy, in [-1, 1].
    pub uncertainty: f64,
    /// The change of 1 - |max p - correct|, in [-1, 1].
    pub confidence_alignment: f64,
    /// Whether the clean answer is right.
    pub right_clean: bool,
    /// Whether the corrupted answer is right.
    pub right_corrupted: bool,
}

impl RasShift {
    /// The shift between two distributions over the same options, with the index of the true one.
    ///
    /// # Errors
    /// Fewer than two options, numbers that are not a distribution, lengths that differ, a truth that is no option.
    pub fn of(clean: &[f64], corrupted: &[f64], truth: usize) -> Result<Self, MetricError> {
        same_length(clean, corrupted)?;
        distribution(clean)?;
        distribution(corrupted)?;
        in_range(clean.len() > 1, "the number of options")?;
        in_range(truth < clean.len(), "the true option")?;
        let uncertainty = |p: &[f64]| (entropy(p) / libm::log(p.len() as f64)).clamp(0.0, 1.0);
        let right = |p: &[f64]| arg_max(p) == truth;
        let agreement = |p: &[f64]| {
            let confidence = p[arg_max(p)];
            if right(p) { confidence } else { 1.0 - confidence }
        };
        Ok(Self {
            alignment: corrupted[truth] - clean[truth],
            uncertainty: uncertainty(corrupted) - uncertainty(clean),
            confidence_alignment: agreement(corrupted) - agreement(clean),
            right_clean: right(clean),
            right_corrupted: right(corrupted),
        })
    }

    /// RAS under a variant, in [-2, 1].
    pub fn score(&self, variant: RasVariant) -> f64 {
        match variant {
            RasVariant::TrueOption => self.alignment - self.uncertainty.abs(),
            RasVariant::Confidence => self.confidence_alignment - self.uncertainty.abs(),
            RasVariant::HesitationOnly => self.alignment - self.uncertainty.max(0.0),
        }
    }

    /// What the sample does under this corruption.
    pub fn behaviour(&self) -> Behaviour {
        match (self.right_clean, self.right_corrupted) {
            (false, true) => Behaviour::Corrected,
            _ if self.uncertainty > 0.0 => Behaviour::Hesitant,
            (_, true) => Behaviour::Stable,
            (_, false) => Behaviour::ErroneouslyConfident,
        }
    }
}

/// Finite values in [0, 1] that sum to 1.
pub(super) fn distribution(probabilities: &[f64]) -> Result<(), MetricError> {
    finite(probabilities)?;
    let inside = probabilities.iter().all(|p| (0.0..=1.0).contains(p));
    let sum: f64 = probabilities.iter().sum();
    in_range(inside && (sum - 1.0).abs() < SUM_TOLERANCE, "a probability or their sum")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::predictions::softmax;
    use proptest::prelude::*;

    /// From certain and right to a coin toss: dA = -.5, dU = 1.
    #[test]
    fn hand_computed() {
        let found = RasShift::of(&[1.0, 0.0], &[0.5, 0.5], 0).unwrap();
        assert_eq!((found.alignment, found.uncertainty, found.confidence_alignment), (-0.5, 1.0, -0.5));
        assert_eq!(found.score(RasVariant::TrueOption), -1.5);
        assert_eq!(found.behaviour(), Behaviour::Hesitant);
    }

    /// The ends of the range: from certain and right to certain and wrong with all certainty lost on the way is -2
    /// in the limit; from certain and wrong to certain and right is 1.
    #[test]
    fn the_published_range_is_reached() {
        let best = RasShift::of(&[1.0, 0.0], &[0.0, 1.0], 1).unwrap();
        assert_eq!((best.score(RasVariant::TrueOption), best.behaviour()), (1.0, Behaviour::Corrected));
        let many = 100_000;
        let mut certain = vec![0.0; many];
        certain[0] = 1.0;
        let worst = RasShift::of(&certain, &vec![1.0 / many as f64; many], 0).unwrap();
        assert!(worst.score(RasVariant::TrueOption) < -1.9999);
    }

    /// A right answer that only becomes surer gains; one that is wrong and surer is erroneously confident.
    #[test]
    fn behaviours_and_variants() {
        let surer = RasShift::of(&[0.6, 0.4], &[0.9, 0.1], 0).unwrap();
        assert_eq!(surer.behaviour(), Behaviour::Stable);
        assert!(surer.score(RasVariant::HesitationOnly) > surer.score(RasVariant::TrueOption));
        let wrong = RasShift::of(&[0.6, 0.4], &[0.1, 0.9], 0).unwrap();
        assert_eq!(wrong.behaviour(), Behaviour::ErroneouslyConfident);
        // .6 and right before, .9 and wrong after: 1 - .9 - .6.
        assert!((wrong.confidence_alignment + 0.5).abs() < 1e-15);
        let corrected = RasShift::of(&[0.1, 0.9], &[0.6, 0.4], 0).unwrap();
        assert_eq!(corrected.behaviour(), Behaviour::Corrected);
        assert!(corrected.uncertainty > 0.0);
    }

    #[test]
    fn unusable_input_is_told() {
        assert!(matches!(RasShift::of(&[1.0], &[1.0], 0), Err(MetricError::OutOfRange { .. })));
        assert!(matches!(RasShift::of(&[0.5, 0.5], &[0.5, 0.5], 2), Err(MetricError::OutOfRange { .. })));
        assert!(matches!(RasShift::of(&[0.5, 0.5], &[1.0], 0), Err(MetricError::LengthsDiffer { .. })));
        let nan = RasShift::of(&[f64::NAN, 0.5], &[0.5, 0.5], 0);
        assert_eq!(nan, Err(MetricError::NotFinite { index: 0 }));
    }

    proptest! {
        #[test]
        fn in_range_and_nothing_for_no_change(
            clean in prop::collection::vec(-20.0f64..0.0, 2..6), shift in prop::collection::vec(-20.0f64..0.0, 6),
        ) {
            let p = softmax(&clean);
            let corrupted: Vec<f64> = clean.iter().zip(&shift).map(|(score, shift)| score + shift).collect();
            let found = RasShift::of(&p, &softmax(&corrupted), 1).unwrap();
            for variant in [RasVariant::TrueOption, RasVariant::Confidence, RasVariant::HesitationOnly] {
                prop_assert!((-2.0..=1.0).contains(&found.score(variant)));
                prop_assert_eq!(RasShift::of(&p, &p, 1).unwrap().score(variant), 0.0);
            }
        }
    }
}
