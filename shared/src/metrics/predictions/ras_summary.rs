//! RAS over samples, corruptions and severities, and its exact split into a destructive and a corrective part:
//! **our reconstruction**, as [`super::ras`] is.
//!
//! D: samples right when clean. C: samples wrong when clean. RAS = (|D| RAS_D + |C| RAS_C)/N. What a corruption
//! destroys and what it happens to correct are thus seen apart, where accuracy lets them cancel.

use super::ras::{Behaviour, RasShift, RasVariant};
use crate::metrics::error::{MetricError, not_empty};

/// One part of the split.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RasPart {
    /// Samples in it.
    pub samples: u64,
    /// Its share of the whole score: the two add up to RAS.
    pub contribution: f64,
    /// Mean RAS inside it; none without samples.
    pub mean: Option<f64>,
}

/// How many samples behave how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BehaviourCounts {
    /// [`Behaviour::Stable`].
    pub stable: u64,
    /// [`Behaviour::Hesitant`].
    pub hesitant: u64,
    /// [`Behaviour::ErroneouslyConfident`].
    pub erroneously_confident: u64,
    /// [`Behaviour::Corrected`].
    pub corrected: u64,
}

/// The score over a set of shifts, with what it is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RasSummary {
    /// Mean RAS, in [-2, 1].
    pub ras: f64,
    /// Mean dA.
    pub alignment: f64,
    /// Mean dU.
    pub uncertainty: f64,
    /// Change of accuracy, corrupted less clean.
    pub accuracy: f64,
    /// Samples right when clean.
    pub destructive: RasPart,
    /// Samples wrong when clean.
    pub corrective: RasPart,
    /// What the samples do.
    pub behaviours: BehaviourCounts,
}

impl RasSummary {
    /// The summary under a variant, every shift weighing the same.
    ///
    /// # Errors
    /// No shifts.
    pub fn of(shifts: &[RasShift], variant: RasVariant) -> Result<Self, MetricError> {
        not_empty(shifts)?;
        let count = shifts.len() as f64;
        let mean = |value: fn(&RasShift) -> f64| shifts.iter().map(value).sum::<f64>() / count;
        let part = |right_clean| {
            let part = shifts.iter().filter(|shift| shift.right_clean == right_clean);
            let scores: Vec<f64> = part.map(|shift| shift.score(variant)).collect();
            let (samples, sum) = (scores.len() as u64, scores.iter().sum::<f64>());
            let mean = (samples > 0).then(|| sum / samples as f64);
            RasPart { samples, contribution: sum / count, mean }
        };
        let (destructive, corrective) = (part(true), part(false));
        let mut behaviours = BehaviourCounts::default();
        for shift in shifts {
            *match shift.behaviour() {
                Behaviour::Stable => &mut behaviours.stable,
                Behaviour::Hesitant => &mut behaviours.hesitant,
                Behaviour::ErroneouslyConfident => &mut behaviours.erroneously_confident,
                Behaviour::Corrected => &mut behaviours.corrected,
            } += 1;
        }
        Ok(Self {
            ras: destructive.contribution + corrective.contribution,
            alignment: mean(|shift| shift.alignment),
            uncertainty: mean(|shift| shift.uncertainty),
            accuracy: mean(|shift| {
                f64::from(u8::from(shift.right_corrupted)) - f64::from(u8::from(shift.right_clean))
            }),
            destructive,
            corrective,
            behaviours,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::predictions::softmax;
    use proptest::prelude::*;

    /// One right answer lost to a coin toss (-1.5), one wrong one corrected (1): RAS -.25, and yet two of two answers
    /// are right where one was before, since a toss falls on the first option.
    #[test]
    fn accuracy_can_rise_while_ras_falls() {
        let lost = RasShift::of(&[1.0, 0.0], &[0.5, 0.5], 0).unwrap();
        let corrected = RasShift::of(&[1.0, 0.0], &[0.0, 1.0], 1).unwrap();
        let found = RasSummary::of(&[lost, corrected], RasVariant::TrueOption).unwrap();
        assert_eq!((found.ras, found.alignment, found.uncertainty), (-0.25, 0.25, 0.5));
        assert_eq!(found.accuracy, 0.5);
        assert_eq!(found.destructive, RasPart { samples: 1, contribution: -0.75, mean: Some(-1.5) });
        assert_eq!(found.corrective, RasPart { samples: 1, contribution: 0.5, mean: Some(1.0) });
        assert_eq!(found.behaviours, BehaviourCounts { hesitant: 1, corrected: 1, ..Default::default() });
        assert_eq!(RasSummary::of(&[], RasVariant::TrueOption), Err(MetricError::Empty));
    }

    proptest! {
        #[test]
        fn the_split_is_exact(
            scores in prop::collection::vec((-9.0f64..0.0, -9.0f64..0.0, -9.0f64..0.0), 1..30),
        ) {
            let shift = |(a, b, c): &(f64, f64, f64)| {
                RasShift::of(&softmax(&[*a, *b, *c]), &softmax(&[*b, *c, *a]), 0).unwrap()
            };
            let shifts: Vec<RasShift> = scores.iter().map(shift).collect();
            let found = RasSummary::of(&shifts, RasVariant::TrueOption).unwrap();
            let plain = shifts.iter().map(|s| s.score(RasVariant::TrueOption)).sum::<f64>() / shifts.len() as f64;
            prop_assert!((found.ras - plain).abs() < 1e-12);
            let b = found.behaviours;
            let classified = b.stable + b.hesitant + b.erroneously_confident + b.corrected;
            prop_assert_eq!(classified, shifts.len() as u64);
        }
    }
}
