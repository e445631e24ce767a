//! The decoder of every family: Llama's layers, with Qwen's variations (biases, normalised heads, rotary positions
//! along time, height and width, features added to the first layers).
//!
//! Stateless: all that a pass depends on is in its arguments, so packed, padded and batched sequences need no cache.

pub mod config;

pub use config::{Axes, TextConfig, TextFamily};

use crate::layers::{Linear, Mlp, RmsNorm, initial};
use crate::nn::{self, Rotation, Scope};
use candle_core::{D, DType, Device, Result, Tensor};
use candle_nn::VarBuilder;

/// Embeddings, layers, final norm and language head.
#[derive(Clone, Debug)]
pub struct Decoder {
    embeddings: Tensor,
    layers: Vec<Layer>,
    norm: RmsNorm,
    head: Linear,
    rotary: Rotary,
}

impl Decoder {
    /// Takes its layers from `inner` and, unless the embeddings are tied, `weight` from `head`.
    ///
    /// # Errors
    /// When a weight is absent or misshapen.
    pub fn new(text: &TextConfig, inner: VarBuilder, head: VarBuilder) -> Result<Self> {
        let shape = (text.vocab_size, text.hidden_size);
        let embeddings = inner.get_with_hints(shape, "embed_tokens.weight", initial())?;
        let head = if text.tie_word_embeddings {
            Linear::from_weight(embeddings.clone())
        } else {
            Linear::without_bias(text.hidden_size, text.vocab_size, head)?
        };
        let layers = (0..text.num_hidden_layers)
            .map(|index| Layer::new(text, inner.pp("layers").pp(index)))
            .collect::<Result<_>>()?;
        Ok(Self {
            embeddings,
            layers,
            norm: RmsNorm::new(text.hidden_size, text.rms_norm_eps, inner.pp("norm"))?,
            head,
            rotary: Rotary::new(text),
        })
    }

    /// Width of an embedding and of a hidden state.
    pub fn width(&self) -> usize {
        self.norm.width()
    }

    /// Token ids of any shape `(...)` to embeddings `(..., hidden)`.
    ///
    /// # Errors
    /// When an id is outside the vocabulary.
    pub fn embed(&self, ids: &Tensor) -> Result<Tensor> {
        let mut shape = ids.dims().to_vec();
        shape.push(self.embeddings.dim(1)?);
        self.embeddings.index_select(&ids.flatten_all()?, 0)?.reshape(shape)
    }

    /// `embeds (batch, seq, hidden)`, `positions (3, batch, seq)` along time, height and width, `mask
    /// (batch, 1, seq, seq)` added to the attention scores (0 where seen, very negative where not).
    /// Gives the hidden states after the final norm, `(batch, seq, hidden)`.
    ///
    /// # Errors
    /// When the shapes do not fit together.
    pub fn forward(&self, embeds: &Tensor, positions: &Tensor, mask: &Tensor) -> Result<Tensor> {
        Ok(self.run(embeds, positions, mask, Inside::default())?.0)
    }

    /// As [`Decoder::forward`], with `added[i] (batch, seq, hidden)` added after layer `i`.
    ///
    /// # Errors
    /// As [`Decoder::forward`].
    pub fn forward_with(
        &self,
        embeds: &Tensor,
        positions: &Tensor,
        mask: &Tensor,
        added: &[Tensor],
    ) -> Result<Tensor> {
        Ok(self.run(embeds, positions, mask, Inside { added, tap: usize::MAX })?.0)
    }

    /// As [`Decoder::forward`], and beside it the residual stream after `layers` layers (all of them when there are
    /// fewer), before any norm: where training looks inside.
    ///
    /// # Errors
    /// As [`Decoder::forward`].
    pub fn forward_tapped(
        &self,
        embeds: &Tensor,
        positions: &Tensor,
        mask: &Tensor,
        layers: usize,
    ) -> Result<(Tensor, Tensor)> {
        self.run(embeds, positions, mask, Inside { added: &[], tap: layers })
    }

    fn run(
        &self,
        embeds: &Tensor,
        positions: &Tensor,
        mask: &Tensor,
        inside: Inside,
    ) -> Result<(Tensor, Tensor)> {
        let rope = self.rotary.tables(positions)?;
        let scope = Scope::Mask(mask.clone());
        let mut x = embeds.clone();
        let mut tapped = None;
        for (index, layer) in self.layers.iter().enumerate() {
            if index == inside.tap {
                tapped = Some(x.clone());
            }
            x = layer.forward(&x, &rope, &scope)?;
            if let Some(added) = inside.added.get(index) {
                x = (x + added)?;
            }
        }
        Ok((self.norm.forward(&x)?, tapped.unwrap_or(x)))
    }

    /// Hidden states `(..., hidden)` to logits `(..., vocab)`. Pass only the positions that are needed.
    ///
    /// # Errors
    /// When the width differs from the model's.
    pub fn logits(&self, hidden: &Tensor) -> Result<Tensor> {
        self.head.forward(hidden)
    }
}

/// What a pass does between the layers.
struct Inside<'a> {
    /// See [`Decoder::forward_with`].
    added: &'a [Tensor],
    /// See [`Decoder::forward_tapped`].
    tap: usize,
}

impl Default for Inside<'_> {
    fn default() -> Self {
        Self { added: &[], tap: usize::MAX }
    }
}

#[derive(Clone, Debug)]
struct Layer {
    attention_norm: RmsNorm,
    attention: Attention,
    mlp_norm: RmsNorm,
    mlp: Mlp,
}

impl Layer {
    fn new(config: &TextConfig, weights: VarBuilder) -> Result<Self> {
        let (hidden, eps) = (config.hidden_size, config.rms_norm_eps);
        let inside = config.intermediate_size;
        Ok(Self {
            attention_norm: RmsNorm::new(hidden, eps, weights.pp("input_layernorm"))?,
            attention: Attention::new(config, weights.pp("self_attn"))?,
            mlp_norm: RmsNorm::new(hidden, eps, weights.pp("post_attention_layernorm"))?,
            mlp: Mlp::new(hidden, inside, weights.pp("mlp"), Linear::without_bias)?,
        })
    }

    fn forward(&self, x: &Tensor, rope: &RopeTables, mask: &Scope) -> Result<Tensor> {
        let x = (x + self.attention.forward(&self.attention_norm.forward(x)?, rope, mask)?)?;
        &x + self.mlp.forward(&self.mlp_norm.forward(&x)?)?
    }
}

#[derive(Clone, Debug)]
struct Attention {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    /// Norms of the query and key heads, where the family has them.
    norms: Option<(RmsNorm, RmsNorm)>,
    heads: usize,
    kv_heads: usize,
    head_dim: usize,
}

impl Attention {
    fn new(config: &TextConfig, weights: VarBuilder) -> Result<Self> {
        let (hidden, head_dim) = (config.hidden_size, config.head_dim);
        let (width, kv_width) =
            (config.num_attention_heads * head_dim, config.num_key_value_heads * head_dim);
        let layer = |width, name| {
            let make = if config.qkv_bias { Linear::new } else { Linear::without_bias };
            make(hidden, width, weights.pp(name))
        };
        let norm = |name| RmsNorm::new(head_dim, config.rms_norm_eps, weights.pp(name));
        Ok(Self {
            query: layer(width, "q_proj")?,
            key: layer(kv_width, "k_proj")?,
            value: layer(kv_width, "v_proj")?,
            output: Linear::without_bias(width, hidden, weights.pp("o_proj"))?,
            norms: if config.qk_norm { Some((norm("q_norm")?, norm("k_norm")?)) } else { None },
            heads: config.num_attention_heads,
            kv_heads: config.num_key_value_heads,
            head_dim,
        })
    }

    fn forward(&self, x: &Tensor, rope: &RopeTables, mask: &Scope) -> Result<Tensor> {
        let (batch, seq, _) = x.dims3()?;
        // (batch, seq, heads, head_dim)
        let split = |x: Tensor, heads: usize| x.reshape((batch, seq, heads, self.head_dim));
        let mut query = split(self.query.forward(x)?, self.heads)?;
        let mut key = split(self.key.forward(x)?, self.kv_heads)?;
        let value = split(self.value.forward(x)?, self.kv_heads)?;
        if let Some((of_query, of_key)) = &self.norms {
            (query, key) = (of_query.forward(&query)?, of_key.forward(&key)?);
        }
        let rotation = Rotation { cos: &rope.cos, sin: &rope.sin };
        let mixed = nn::attention(&query, &key, &value, rotation, mask)?;
        self.output.forward(&mixed.reshape((batch, seq, self.heads * self.head_dim))?)
    }
}

/// Rotary frequencies, each bound to one of the three axes.
#[derive(Clone, Debug)]
struct Rotary {
    frequencies: Vec<f32>,
    axes: Vec<u32>,
}

/// Cosines and sines in f32, `(batch, seq, head_dim / 2)` each.
struct RopeTables {
    cos: Tensor,
    sin: Tensor,
}

impl Rotary {
    fn new(config: &TextConfig) -> Self {
        let half = config.head_dim / 2;
        let theta = config.rope_theta as f32;
        let frequencies = (0..half).map(|i| theta.powf(-(i as f32) / half as f32)).collect();
        Self { frequencies, axes: config.axes.of_frequencies(half) }
    }

    fn tables(&self, positions: &Tensor) -> Result<RopeTables> {
        let device: &Device = positions.device();
        let frequencies = Tensor::new(self.frequencies.as_slice(), device)?;
        let axes = Tensor::new(self.axes.as_slice(), device)?;
        let positions = positions.to_dtype(DType::F32)?.permute((1, 2, 0))?; // (batch, seq, 3)
        let along = positions.contiguous()?.index_select(&axes, D::Minus1)?; // (batch, seq, head_dim / 2)
        let angles = along.broadcast_mul(&frequencies)?;
        Ok(RopeTables { cos: angles.cos()?, sin: angles.sin()? })
    }
}
