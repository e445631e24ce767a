//! How well a sample tells models apart under corruption: **our reconstruction** (see [`super`]).
//!
//! - I_i, inconsistency: mean over models, corruptions and severities of [the prediction is not the clean one]
//! - V_i, variability: variance over models of the sample's accuracy under corruption
//! - D_i = norm(I_i) norm(V_i), norm(x) = x / max x: 0 stays 0, for a sample without a flip and for one on which all
//!   models fare alike

use crate::metrics::error::{MetricError, in_range, not_empty, same_length};

/// What one model does to one sample under corruption.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnderCorruption {
    /// Share of corrupted pictures with another prediction than the clean one.
    pub flip_rate: f64,
    /// Share of corrupted pictures with the right prediction.
    pub accuracy: f64,
}

/// How well a sample tells models apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Discrimination {
    /// I, in [0, 1].
    pub inconsistency: f64,
    /// V, in [0, 0.25].
    pub variability: f64,
    /// D, in [0, 1].
    pub score: f64,
}

/// I, V and D of every sample; each has one entry per model, models in the same order.
///
/// # Errors
/// No samples, fewer than two models, samples with different numbers of models, a share outside [0, 1].
pub fn discrimination(samples: &[Vec<UnderCorruption>]) -> Result<Vec<Discrimination>, MetricError> {
    not_empty(samples)?;
    in_range(samples[0].len() > 1, "the number of models")?;
    let mut found = Vec::with_capacity(samples.len());
    for models in samples {
        same_length(models, &samples[0])?;
        let shares = models.iter().flat_map(|model| [model.flip_rate, model.accuracy]);
        in_range(shares.into_iter().all(|share| (0.0..=1.0).contains(&share)), "a share")?;
        let count = models.len() as f64;
        let inconsistency = models.iter().map(|model| model.flip_rate).sum::<f64>() / count;
        let mean = models.iter().map(|model| model.accuracy).sum::<f64>() / count;
        let squares = models.iter().map(|model| (model.accuracy - mean) * (model.accuracy - mean));
        // The mean's rounding must not look like a difference between models that fare alike.
        let alike = models.windows(2).all(|pair| pair[0].accuracy == pair[1].accuracy);
        let variability = if alike { 0.0 } else { squares.sum::<f64>() / count };
        found.push(Discrimination { inconsistency, variability, score: 0.0 });
    }
    let most = |read: fn(&Discrimination) -> f64| found.iter().map(read).fold(0.0, f64::max);
    let (most_inconsistent, most_variable) = (most(|one| one.inconsistency), most(|one| one.variability));
    let norm = |value: f64, most: f64| if most > 0.0 { value / most } else { 0.0 };
    for one in &mut found {
        one.score = norm(one.inconsistency, most_inconsistent) * norm(one.variability, most_variable);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn models(pairs: [(f64, f64); 2]) -> Vec<UnderCorruption> {
        pairs.map(|(flip_rate, accuracy)| UnderCorruption { flip_rate, accuracy }).into()
    }

    /// I = .5 .25 0; V = .25 .0625 0; divided by the largest: 1 x 1, .5 x .25, 0.
    #[test]
    fn by_hand() {
        let samples = [
            models([(0.0, 1.0), (1.0, 0.0)]),
            models([(0.5, 0.5), (0.0, 1.0)]),
            models([(0.0, 1.0), (0.0, 1.0)]),
        ];
        let found = discrimination(&samples).unwrap();
        let told: Vec<_> = found.iter().map(|one| (one.inconsistency, one.variability, one.score)).collect();
        assert_eq!(told, [(0.5, 0.25, 1.0), (0.25, 0.0625, 0.125), (0.0, 0.0, 0.0)]);
    }

    /// Flips without a difference between the models tell nothing, and the reverse.
    #[test]
    fn both_parts_are_needed() {
        let same = discrimination(&[models([(0.9, 0.1), (0.2, 0.1)]), models([(0.0, 1.0), (0.0, 0.0)])]);
        assert!(same.unwrap().iter().all(|one| one.score == 0.0));
    }

    #[test]
    fn unusable_input_is_told() {
        let out = |found| matches!(found, Err(MetricError::OutOfRange { .. }));
        assert_eq!(discrimination(&[]), Err(MetricError::Empty));
        assert!(out(discrimination(&[vec![UnderCorruption { flip_rate: 0.0, accuracy: 1.0 }]])));
        assert!(out(discrimination(&[models([(0.0, 1.5), (0.0, 1.0)])])));
        assert!(out(discrimination(&[models([(f64::NAN, 0.5), (0.0, 1.0)])])));
        let uneven = [models([(0.0, 1.0); 2]), vec![UnderCorruption { flip_rate: 0.0, accuracy: 1.0 }; 3]];
        assert!(matches!(discrimination(&uneven), Err(MetricError::LengthsDiffer { .. })));
    }

    proptest! {
        #[test]
        fn in_range_and_blind_to_the_models_order(
            samples in prop::collection::vec(prop::collection::vec((0.0f64..1.0, 0.0f64..1.0), 3), 1..12),
        ) {
            let read = |reverse: bool| {
                let one = |models: &Vec<(f64, f64)>| -> Vec<UnderCorruption> {
                    let mut models: Vec<_> =
                        models.iter().map(|(f, a)| UnderCorruption { flip_rate: *f, accuracy: *a }).collect();
                    if reverse { models.reverse(); }
                    models
                };
                discrimination(&samples.iter().map(one).collect::<Vec<_>>()).unwrap()
            };
            let (there, back) = (read(false), read(true));
            for (one, other) in there.iter().zip(&back) {
                prop_assert!((0.0..=1.0).contains(&one.score) && (0.0..=0.25).contains(&one.variability));
                prop_assert!((one.score - other.score).abs() < 1e-9);
            }
        }
    }
}
