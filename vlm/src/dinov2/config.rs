//! `config.json` of a DINOv2 checkpoint. Pure values; knows nothing of tensors.

use crate::decoder::config::{bad, divides};
use crate::encoder::Stack;
use crate::error::Result;
use crate::family::{Family, object};
use crate::layers::Activation;
use serde::Deserialize;
use serde_json::Value;

/// The tower's shape, with the defaults of its configuration class.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Number of blocks.
    pub num_hidden_layers: usize,
    /// Attention heads.
    pub num_attention_heads: usize,
    /// Width inside the feed-forward layers, in hidden sizes.
    pub mlp_ratio: usize,
    /// Inside the feed-forward layers.
    pub hidden_act: Activation,
    /// Epsilon of the norms.
    pub layer_norm_eps: f64,
    /// Side of the pictures whose positions were learnt, pixels.
    pub image_size: usize,
    /// Side of a patch, pixels.
    pub patch_size: usize,
    /// Colour channels; 3.
    pub num_channels: usize,
    /// Whether queries, keys and values have a bias; they must.
    pub qkv_bias: bool,
    /// The gated feed-forward layer of the giant; not supported.
    pub use_swiglu_ffn: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            hidden_size: 768,
            num_hidden_layers: 12,
            num_attention_heads: 12,
            mlp_ratio: 4,
            hidden_act: Activation::Gelu,
            layer_norm_eps: 1e-6,
            image_size: 224,
            patch_size: 14,
            num_channels: 3,
            qkv_bias: true,
            use_swiglu_ffn: false,
        }
    }
}

impl Config {
    /// Reads `config.json`.
    ///
    /// # Errors
    /// [`crate::Error::BadJson`] when a field contradicts another or asks for what there is no code for,
    /// [`crate::Error::UnsupportedArchitecture`] when the file describes another family.
    pub fn from_json(json: &str) -> Result<Self> {
        Family::Dinov2.check(json)?;
        let mut root = object(json)?;
        root.retain(|_, value| !value.is_null());
        let config: Self = serde_json::from_value(Value::Object(root)).map_err(|e| bad(e.to_string()))?;
        divides("hidden_size / num_attention_heads", config.hidden_size, config.num_attention_heads)?;
        if config.patch_size == 0 || config.image_size < config.patch_size || config.num_channels != 3 {
            return Err(bad(format!(
                "patches of {} pixels in pictures of {} with {} channels",
                config.patch_size, config.image_size, config.num_channels
            )));
        }
        if config.use_swiglu_ffn || !config.qkv_bias {
            return Err(bad("use_swiglu_ffn or the lack of qkv_bias is not supported".to_owned()));
        }
        Ok(config)
    }

    pub(super) fn stack(&self) -> Stack {
        Stack {
            hidden: self.hidden_size,
            inside: self.hidden_size * self.mlp_ratio,
            layers: self.num_hidden_layers,
            heads: self.num_attention_heads,
            eps: self.layer_norm_eps,
            activation: self.hidden_act,
        }
    }
}
