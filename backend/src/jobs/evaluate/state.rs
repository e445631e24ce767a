//! The representations of a clean picture: what drift is measured from, and, between samples, the control drift.

use super::entry::DriftEntry;
use crate::engine::Pass;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use flipside_shared::metrics::drift::{cosine_distance, l2};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Three channels of one picture under one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Last hidden state at the last prompt token.
    pub context: Channel,
    /// Mean last hidden state over the tokens of the clean answer.
    pub answer: Channel,
    /// Mean of the vision tokens after the merger.
    pub vision: Channel,
}

/// A vector; in JSON its little-endian f32 in base64.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel(pub Vec<f32>);

impl State {
    /// That of a pass; `answer` is the index of the clean prediction.
    pub fn of(pass: &Pass, answer: usize) -> Self {
        Self {
            context: Channel(pass.context_state.clone()),
            answer: Channel(pass.option_states.get(answer).cloned().unwrap_or_default()),
            vision: Channel(pass.vision_mean.clone()),
        }
    }

    /// How far another state of the same question is.
    pub fn drift_to(&self, other: &Self) -> DriftEntry {
        DriftEntry {
            context_cosine: cosine_distance(&self.context.0, &other.context.0),
            context_l2: l2(&self.context.0, &other.context.0),
            answer_cosine: cosine_distance(&self.answer.0, &other.answer.0),
            answer_l2: l2(&self.answer.0, &other.answer.0),
            vision_cosine: cosine_distance(&self.vision.0, &other.vision.0),
            vision_l2: l2(&self.vision.0, &other.vision.0),
        }
    }
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|value| value.to_le_bytes()).collect();
        serializer.serialize_str(&STANDARD.encode(bytes))
    }
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(text).map_err(D::Error::custom)?;
        let (numbers, rest) = bytes.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(D::Error::custom("not a whole number of f32"));
        }
        Ok(Self(numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()))
    }
}
