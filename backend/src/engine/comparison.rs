//! From two passes and the control passes to what the verdict says. Pure.

use super::{control, pass::Pass, question::Question};
use flipside_shared::{
    api::{ControlDrift, Drift, DriftChannels, Prediction},
    metrics::{drift, predictions},
};
use std::{sync::Arc, time::Duration};

/// Clean against perturbed.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The clean picture's prediction.
    pub clean: Prediction,
    /// The perturbed picture's prediction.
    pub perturbed: Prediction,
    /// s(clean prediction) - max other on the perturbed picture, in nats.
    pub margin_of_clean_answer: f64,
    /// Drift per channel.
    pub drift: DriftChannels,
    /// The yardstick for it.
    pub control: ControlDrift,
    /// Whether the clean pass came from the cache.
    pub clean_from_cache: bool,
    /// Time in the queue.
    pub queue: Duration,
    /// Time in the model.
    pub inference: Duration,
}

impl Comparison {
    /// Compares; the times and the cache's part are filled in by the caller.
    pub fn of(question: &Question, clean: &Pass, perturbed: &Pass, controls: &[Arc<Pass>]) -> Self {
        let answer = clean.answer();
        let context = between(&clean.context_state, &perturbed.context_state);
        let yardstick = control::control_drift(clean, controls);
        Self {
            clean: clean.prediction(question),
            perturbed: perturbed.prediction(question),
            margin_of_clean_answer: predictions::margin_of(&perturbed.log_likelihoods, answer),
            drift: DriftChannels {
                context,
                answer: between(&clean.option_states[answer], &perturbed.option_states[answer]),
                vision: between(&clean.vision_mean, &perturbed.vision_mean),
            },
            control: ControlDrift {
                pictures: u32::try_from(controls.len()).unwrap_or(u32::MAX),
                context_cosine_distance: yardstick.mean,
                relative_drift_percent: drift::relative_percent(context.cosine_distance, yardstick),
            },
            clean_from_cache: false,
            queue: Duration::ZERO,
            inference: Duration::ZERO,
        }
    }
}

fn between(clean: &[f32], perturbed: &[f32]) -> Drift {
    Drift { cosine_distance: drift::cosine_distance(clean, perturbed), l2: drift::l2(clean, perturbed) }
}
