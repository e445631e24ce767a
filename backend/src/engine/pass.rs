//! What one pass of the model over one picture and one question leaves: small, cacheable, without tensors.

use super::question::Question;
use flipside_shared::{
    api::{OptionScore, Prediction, Smoothness},
    metrics::{
        dirichlet::{self, TokenGrid},
        predictions,
    },
};
use flipside_vlm::{OptionScores, VisionTokens};

/// The result for one picture under one question.
#[derive(Clone, Debug)]
pub struct Pass {
    /// s(o) per option, in nats.
    pub log_likelihoods: Vec<f64>,
    /// Tokens per option, the end of turn included.
    pub token_counts: Vec<u32>,
    /// Last hidden state at the last prompt token.
    pub context_state: Vec<f32>,
    /// Mean last hidden state over each option's tokens.
    pub option_states: Vec<Vec<f32>>,
    /// Mean of the vision tokens after the merger; of those over the whole picture where a model looks at tiles too.
    pub vision_mean: Vec<f32>,
    /// Dirichlet energy of the same vision tokens.
    pub smoothness: Smoothness,
}

impl Pass {
    /// Joins the scores with what is kept of the vision tokens.
    pub fn new(scores: OptionScores, vision: &VisionTokens) -> Self {
        Self {
            log_likelihoods: scores.log_likelihoods,
            token_counts: scores.token_counts,
            context_state: scores.context_state,
            option_states: scores.option_states,
            vision_mean: mean_token(vision),
            smoothness: smoothness(vision),
        }
    }

    /// Index of the predicted option.
    pub fn answer(&self) -> usize {
        predictions::arg_max(&self.log_likelihoods)
    }

    /// Whether every score is a number; a broken checkpoint can give others.
    pub fn is_finite(&self) -> bool {
        self.log_likelihoods.iter().all(|score| score.is_finite())
    }

    /// The prediction as the wire tells it.
    pub fn prediction(&self, question: &Question) -> Prediction {
        let probabilities = predictions::softmax(&self.log_likelihoods);
        let options = question.options.iter().zip(&self.log_likelihoods).zip(&self.token_counts);
        let options = options
            .zip(&probabilities)
            .map(|(((text, log_likelihood), tokens), probability)| OptionScore {
                text: text.clone(),
                log_likelihood: *log_likelihood,
                log_likelihood_per_token: log_likelihood / f64::from((*tokens).max(1)),
                probability: *probability,
            })
            .collect();
        Prediction {
            options,
            answer: self.answer(),
            margin: predictions::margin_of(&self.log_likelihoods, self.answer()),
            entropy: predictions::entropy(&probabilities),
            smoothness: self.smoothness.clone(),
        }
    }

    /// Bytes it takes in a cache, roughly.
    pub fn weight_bytes(&self) -> u32 {
        let states: usize = self.option_states.iter().map(Vec::len).sum();
        let floats = states + self.context_state.len() + self.vision_mean.len();
        let bytes = 4 * (floats + self.smoothness.token_energy.len()) + 12 * self.log_likelihoods.len() + 256;
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }
}

/// The tokens as metrics take them.
pub(super) fn grid(vision: &VisionTokens) -> TokenGrid<'_> {
    let [frames, rows, columns] = vision.grid;
    TokenGrid { frames, rows, columns, width: vision.width, tokens: &vision.tokens }
}

/// The Dirichlet energy of the tokens.
pub(super) fn smoothness(vision: &VisionTokens) -> Smoothness {
    let grid = grid(vision);
    Smoothness {
        dirichlet_energy: dirichlet::energy(grid),
        scale_free_energy: dirichlet::scale_free_energy(grid),
        rows: u32::try_from(grid.rows).unwrap_or(u32::MAX),
        columns: u32::try_from(grid.columns).unwrap_or(u32::MAX),
        token_energy: dirichlet::token_energy(grid),
    }
}

fn mean_token(vision: &VisionTokens) -> Vec<f32> {
    let mut sum = vec![0.0f64; vision.width];
    let mut count = 0u32;
    for token in vision.tokens.chunks_exact(vision.width.max(1)) {
        count += 1;
        for (sum, value) in sum.iter_mut().zip(token) {
            *sum += f64::from(*value);
        }
    }
    sum.iter().map(|sum| (sum / f64::from(count.max(1))) as f32).collect()
}
