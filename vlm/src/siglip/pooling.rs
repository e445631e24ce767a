//! The head of SigLIP's vision tower: one learnt question attends to all patches.

use super::vision::VisionConfig;
use crate::layers::{Activation, LayerNorm, Linear, initial};
use crate::nn::softmax_last;
use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;

/// Attention of one question, and a feed-forward layer.
#[derive(Clone, Debug)]
pub(super) struct Pooling {
    /// `(1, hidden)`
    question: Tensor,
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    norm: LayerNorm,
    first: Linear,
    second: Linear,
    activation: Activation,
    heads: usize,
}

impl Pooling {
    /// Takes `probe`, `attention.*`, `layernorm.*` and `mlp.*`.
    pub(super) fn new(config: &VisionConfig, weights: VarBuilder) -> Result<Self> {
        let (hidden, inside) = (config.hidden_size, config.intermediate_size);
        let attention = weights.pp("attention");
        let joined = Linear::from_parts(
            attention.get_with_hints((3 * hidden, hidden), "in_proj_weight", initial())?,
            attention.get_with_hints(3 * hidden, "in_proj_bias", initial())?,
        );
        Ok(Self {
            question: weights.get((1, 1, hidden), "probe")?.squeeze(0)?,
            query: joined.part(0, hidden)?,
            key: joined.part(1, hidden)?,
            value: joined.part(2, hidden)?,
            output: Linear::new(hidden, hidden, attention.pp("out_proj"))?,
            norm: LayerNorm::new(hidden, config.layer_norm_eps, weights.pp("layernorm"))?,
            first: Linear::new(hidden, inside, weights.pp("mlp.fc1"))?,
            second: Linear::new(inside, hidden, weights.pp("mlp.fc2"))?,
            activation: config.hidden_act,
            heads: config.num_attention_heads,
        })
    }

    /// `(pictures, patches, hidden)` to `(pictures, hidden)`.
    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (pictures, patches, hidden) = x.dims3()?;
        let dim = hidden / self.heads;
        // (pictures, heads, patches, dim)
        let split =
            |x: Tensor| x.reshape((pictures, patches, self.heads, dim))?.transpose(1, 2)?.contiguous();
        let query = (self.query.forward(&self.question)? * (dim as f64).powf(-0.5))?;
        let query = query.reshape((1, self.heads, 1, dim))?.broadcast_as((pictures, self.heads, 1, dim))?;
        let scores = query.contiguous()?.matmul(&split(self.key.forward(x)?)?.t()?)?;
        let mixed = softmax_last(&scores)?.matmul(&split(self.value.forward(x)?)?)?; // (pictures, heads, 1, dim)
        let x = self.output.forward(&mixed.reshape((pictures, hidden))?)?;
        let inner = self.activation.forward(&self.first.forward(&self.norm.forward(&x)?)?)?;
        &x + self.second.forward(&inner)?
    }
}
