//! Embedding stability: the five channels of the last hidden state of the language model (arXiv 2602.06652), and how
//! far each moves, as mean cosine similarity and mean L2 distance.

use super::drift::{cosine_distance, l2};
use super::error::{MetricError, not_empty, same_length};

/// Where a representation is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// Last prompt token, open question.
    ContextOpen,
    /// Last prompt token, multiple choice.
    ContextMcq,
    /// Mean over the tokens of the answer generated to the open question.
    AnswerOpen,
    /// Mean over the tokens of the predicted option's text.
    AnswerMcq,
    /// Mean over the tokens of the answer generated to the multiple-choice question.
    AnswerMcqFree,
}

impl Channel {
    /// All five, in the paper's order.
    pub const ALL: [Self; 5] =
        [Self::ContextOpen, Self::ContextMcq, Self::AnswerOpen, Self::AnswerMcq, Self::AnswerMcqFree];

    /// The paper's name.
    pub fn id(self) -> &'static str {
        match self {
            Self::ContextOpen => "ctx_open",
            Self::ContextMcq => "ctx_mcq",
            Self::AnswerOpen => "ans_open",
            Self::AnswerMcq => "ans_mcq",
            Self::AnswerMcqFree => "ans_mcq_free",
        }
    }
}

/// How one representation stands to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stability {
    /// cos(h, h'), in [-1, 1]; 1 - this is the drift.
    pub cosine_similarity: f64,
    /// ||h - h'||_2.
    pub l2: f64,
}

impl Stability {
    /// Between the clean and the perturbed representation.
    ///
    /// # Errors
    /// No values, lengths that differ, a value that is not finite, a vector of zeros, which has no direction.
    pub fn of(clean: &[f32], perturbed: &[f32]) -> Result<Self, MetricError> {
        not_empty(clean)?;
        same_length(clean, perturbed)?;
        let broken = clean.iter().zip(perturbed).position(|(a, b)| !a.is_finite() || !b.is_finite());
        if let Some(index) = broken {
            return Err(MetricError::NotFinite { index });
        }
        if clean.iter().all(|value| *value == 0.0) || perturbed.iter().all(|value| *value == 0.0) {
            return Err(MetricError::Undefined { why: "a vector of zeros has no direction" });
        }
        let cosine_similarity = 1.0 - cosine_distance(clean, perturbed);
        Ok(Self { cosine_similarity, l2: l2(clean, perturbed) })
    }

    /// The means over a family's instances.
    ///
    /// # Errors
    /// No instances.
    pub fn mean(instances: &[Self]) -> Result<Self, MetricError> {
        not_empty(instances)?;
        let mean =
            |value: fn(&Self) -> f64| instances.iter().map(value).sum::<f64>() / instances.len() as f64;
        Ok(Self { cosine_similarity: mean(|one| one.cosine_similarity), l2: mean(|one| one.l2) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hand_computed() {
        let found = Stability::of(&[3.0, 0.0], &[0.0, 4.0]).unwrap();
        assert_eq!(found, Stability { cosine_similarity: 0.0, l2: 5.0 });
        let same = Stability::of(&[1.0, 2.0], &[1.0, 2.0]).unwrap();
        assert_eq!(same, Stability { cosine_similarity: 1.0, l2: 0.0 });
        let mean = Stability::mean(&[found, same]).unwrap();
        assert_eq!(mean, Stability { cosine_similarity: 0.5, l2: 2.5 });
    }

    #[test]
    fn unusable_input_is_told() {
        assert_eq!(Stability::of(&[], &[]), Err(MetricError::Empty));
        assert!(matches!(Stability::of(&[1.0], &[1.0, 2.0]), Err(MetricError::LengthsDiffer { .. })));
        assert_eq!(Stability::of(&[1.0], &[f32::NAN]), Err(MetricError::NotFinite { index: 0 }));
        assert!(matches!(Stability::of(&[0.0], &[1.0]), Err(MetricError::Undefined { .. })));
        assert_eq!(Stability::mean(&[]), Err(MetricError::Empty));
    }

    proptest! {
        #[test]
        fn symmetric_and_blind_to_scale(
            pairs in prop::collection::vec((0.1f32..9.0, -9.0f32..9.0), 1..40), scale in 1u8..9,
        ) {
            let (a, b): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            prop_assume!(b.iter().any(|value| *value != 0.0));
            let found = Stability::of(&a, &b).unwrap();
            prop_assert_eq!(found, Stability::of(&b, &a).unwrap());
            let longer: Vec<f32> = a.iter().map(|value| value * f32::from(scale)).collect();
            let turned = Stability::of(&longer, &b).unwrap().cosine_similarity;
            prop_assert!((turned - found.cosine_similarity).abs() < 1e-6);
        }
    }
}
