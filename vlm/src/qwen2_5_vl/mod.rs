//! The Qwen2.5-VL architecture: a windowed vision transformer, a 2x2 merger and a decoder with multimodal rotary
//! positions. Reads like the checkpoint it loads; only differentiable operations, so that inference, attacks on the
//! pixels and training share it.
//!
//! Knows tensors and `config.json`; not files, tokenizers or pictures.

pub mod config;
pub mod scorer;
pub mod vision;
mod windows;

pub use config::Config;
pub use scorer::Qwen25Vl;
pub use vision::GridThw;

use crate::decoder::Decoder;
use candle_core::Result;
use candle_nn::VarBuilder;

/// The whole model.
#[derive(Clone, Debug)]
pub struct Model {
    /// From flattened patches to merged tokens of the decoder's width.
    pub visual: vision::VisionTower,
    /// From embeddings to hidden states and logits.
    pub text: Decoder,
}

impl Model {
    /// Takes the weights by the names of the published files (`visual.blocks.0.attn.qkv.weight`, ...). With a builder
    /// over a variable map, fresh weights are drawn: normal with deviation 0.02, norms one, biases zero.
    ///
    /// # Errors
    /// When a weight is absent or has another shape than `config` says.
    pub fn new(config: &Config, weights: VarBuilder) -> Result<Self> {
        Ok(Self {
            visual: vision::VisionTower::new(&config.vision, weights.pp("visual"))?,
            text: Decoder::new(&config.text, weights.pp("model"), weights.pp("lm_head"))?,
        })
    }
}
