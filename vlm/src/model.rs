//! The one trait that every vision-language model answers to, and the plain values that go in and come out.
//!
//! Plain data only: no tensors cross this border, so callers can cache, send and compare what they get.

use crate::error::Result;
use crate::prompt::PromptRegime;
use flipside_shared::raster::Raster;

/// A loaded model. Stateless: calls do not influence each other.
pub trait Vlm {
    /// What the model is.
    fn info(&self) -> &ModelInfo;

    /// The vision tokens of each picture, in order.
    ///
    /// # Errors
    /// [`crate::Error::BadRequest`] when a picture is too elongated; [`crate::Error::Compute`].
    fn encode(&self, pictures: &[&Raster]) -> Result<Vec<VisionTokens>>;

    /// The log-likelihood of each option of each request, in order.
    ///
    /// # Errors
    /// [`crate::Error::BadRequest`] when a text cannot be put to the model; [`crate::Error::Compute`].
    fn score(&self, requests: &[ScoreRequest]) -> Result<Vec<OptionScores>>;
}

/// What a model is and what it can take.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelInfo {
    /// The name people know it by.
    pub name: String,
    /// The architecture, e.g. `qwen2_5_vl`.
    pub family: &'static str,
    /// Number of weights.
    pub parameter_count: usize,
    /// Number format it computes in, e.g. `f32`.
    pub dtype: String,
    /// Where it computes, e.g. `cpu`.
    pub device: String,
    /// What inputs it can take.
    pub inputs: InputLimits,
    /// What it cannot do, in words; empty when nothing is known.
    pub limits: String,
    /// SHA-256 of the weight files, 64 lower-case hexadecimal digits.
    pub weights_sha256: String,
}

/// Bounds on what a model takes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputLimits {
    /// Pictures are enlarged to about this many pixels.
    pub min_pixels: usize,
    /// Pictures are reduced to about this many pixels.
    pub max_pixels: usize,
    /// Side in pixels of the square that becomes one vision token.
    pub token_side_px: usize,
    /// Most tokens in a prompt with all its options.
    pub max_tokens: usize,
}

/// A picture as the language model sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct VisionTokens {
    /// Tokens along time, height and width, over the whole picture.
    pub grid: [usize; 3],
    /// Numbers in one token.
    pub width: usize,
    /// `(t * h * w, width)`, row-major, in raster order.
    pub tokens: Vec<f32>,
    /// What the language model reads beside that grid.
    pub detail: Detail,
}

/// What some families read of a picture beside one grid of tokens over the whole of it. Maps and means over tokens leave
/// it out: they are of the grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Detail {
    /// Nothing.
    #[default]
    None,
    /// The picture enlarged and cut into tiles, each with as many tokens as the grid; SmolVLM, Idefics3.
    Tiles {
        /// Rows of tiles.
        rows: usize,
        /// Columns of tiles.
        columns: usize,
        /// Tile after tile in raster order.
        tokens: Vec<f32>,
    },
    /// A finer grid over a larger copy of the picture, each row closed by a newline vector; LLaVA-OneVision.
    Finer {
        /// Rows of tokens.
        rows: usize,
        /// Columns of tokens with the newline.
        columns: usize,
        /// Row after row.
        tokens: Vec<f32>,
    },
    /// Features of the vision tower's inner layers, added to the grid's tokens after the decoder's first layers;
    /// Qwen3-VL.
    Inner {
        /// How many of the decoder's layers.
        layers: usize,
        /// Layer after layer, as many numbers as the grid's tokens each.
        tokens: Vec<f32>,
    },
}

impl Detail {
    /// Its numbers.
    pub fn numbers(&self) -> &[f32] {
        match self {
            Self::None => &[],
            Self::Tiles { tokens, .. } | Self::Finer { tokens, .. } | Self::Inner { tokens, .. } => tokens,
        }
    }
}

/// One question about one picture.
#[derive(Clone, Copy, Debug)]
pub struct ScoreRequest<'a> {
    /// The picture.
    pub vision: &'a VisionTokens,
    /// The question.
    pub question: &'a str,
    /// The answers to weigh.
    pub options: &'a [String],
    /// The wording of the prompt.
    pub regime: PromptRegime,
}

/// The answer to a [`ScoreRequest`].
#[derive(Clone, Debug, PartialEq)]
pub struct OptionScores {
    /// Per option, the sum of the log-probabilities (natural) of its tokens and of the end-of-turn tokens after the
    /// generation prompt: `s(o)` of arXiv 2602.06652, not normalised by length.
    pub log_likelihoods: Vec<f64>,
    /// Per option, how many tokens that sum is over.
    pub token_counts: Vec<u32>,
    /// Last hidden state at the last token of the prompt.
    pub context_state: Vec<f32>,
    /// Per option, the mean last hidden state over its own tokens (end-of-turn tokens excluded).
    pub option_states: Vec<Vec<f32>>,
}

impl OptionScores {
    /// Index of the likeliest option; the first of equals.
    pub fn best(&self) -> usize {
        let mut best = 0;
        for (index, score) in self.log_likelihoods.iter().enumerate() {
            if *score > self.log_likelihoods[best] {
                best = index;
            }
        }
        best
    }
}
