//! The transformer block that SigLIP, CLIP, DINOv2 and Qwen3-VL's vision tower share: layer norms before attention and
//! feed-forward, biases everywhere.
//!
//! Knows tensors; a family says under which names its weights are.

use crate::layers::{Activation, LayerNorm, Linear};
use crate::nn::{self, Rotation, Scope};
use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;

/// The shape of a stack of blocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stack {
    /// Width of the residual stream.
    pub hidden: usize,
    /// Width inside the feed-forward layers.
    pub inside: usize,
    /// Number of blocks.
    pub layers: usize,
    /// Attention heads.
    pub heads: usize,
    /// Epsilon of the norms.
    pub eps: f64,
    /// Inside the feed-forward layers.
    pub activation: Activation,
}

/// One block.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) attention_norm: LayerNorm,
    pub(crate) query: Linear,
    pub(crate) key: Linear,
    pub(crate) value: Linear,
    pub(crate) output: Linear,
    pub(crate) mlp_norm: LayerNorm,
    pub(crate) first: Linear,
    pub(crate) second: Linear,
    pub(crate) activation: Activation,
    pub(crate) heads: usize,
}

impl Block {
    /// Takes the weights by the names that CLIP and SigLIP give them.
    pub(crate) fn new(stack: &Stack, weights: VarBuilder) -> Result<Self> {
        let (hidden, inside) = (stack.hidden, stack.inside);
        let attention = weights.pp("self_attn");
        let square = |name| Linear::new(hidden, hidden, attention.pp(name));
        Ok(Self {
            attention_norm: LayerNorm::new(hidden, stack.eps, weights.pp("layer_norm1"))?,
            query: square("q_proj")?,
            key: square("k_proj")?,
            value: square("v_proj")?,
            output: square("out_proj")?,
            mlp_norm: LayerNorm::new(hidden, stack.eps, weights.pp("layer_norm2"))?,
            first: Linear::new(hidden, inside, weights.pp("mlp.fc1"))?,
            second: Linear::new(inside, hidden, weights.pp("mlp.fc2"))?,
            activation: stack.activation,
            heads: stack.heads,
        })
    }

    /// `x (batch, seq, hidden)` to the same shape.
    pub(crate) fn forward(&self, x: &Tensor, rotation: Option<Rotation>, scope: &Scope) -> Result<Tensor> {
        let x = (x + self.attend(&self.attention_norm.forward(x)?, rotation, scope)?)?;
        let inner = self.first.forward(&self.mlp_norm.forward(&x)?)?;
        &x + self.second.forward(&self.activation.forward(&inner)?)?
    }

    fn attend(&self, x: &Tensor, rotation: Option<Rotation>, scope: &Scope) -> Result<Tensor> {
        let (batch, seq, hidden) = x.dims3()?;
        let split = |layer: &Linear| layer.forward(x)?.reshape((batch, seq, self.heads, hidden / self.heads));
        let mixed =
            nn::attention(&split(&self.query)?, &split(&self.key)?, &split(&self.value)?, rotation, scope)?;
        self.output.forward(&mixed.reshape((batch, seq, hidden))?)
    }
}

/// Blocks one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Encoder {
    blocks: Vec<Block>,
}

impl Encoder {
    /// Takes `layers.*` by the names that CLIP and SigLIP give them.
    pub(crate) fn new(stack: &Stack, weights: VarBuilder) -> Result<Self> {
        let layers = weights.pp("layers");
        let blocks = (0..stack.layers).map(|index| Block::new(stack, layers.pp(index)));
        Ok(Self { blocks: blocks.collect::<Result<_>>()? })
    }

    /// Blocks that are already there.
    pub(crate) fn from_blocks(blocks: Vec<Block>) -> Self {
        Self { blocks }
    }

    /// `x (batch, seq, hidden)` to the same shape.
    pub(crate) fn forward(&self, x: &Tensor, scope: &Scope) -> Result<Tensor> {
        self.blocks.iter().try_fold(x.clone(), |x, block| block.forward(&x, None, scope))
    }
}
