//! SigLIP's vision tower, which SmolVLM and LLaVA-OneVision look through as well: patches of one square picture in,
//! one vector for each patch out.

use crate::decoder::config::{bad, divides};
use crate::encoder::{Encoder, Stack};
use crate::error;
use crate::layers::{Activation, LayerNorm, Linear, initial};
use crate::nn::Scope;
use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The tower's shape, with the defaults of its configuration class.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct VisionConfig {
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Width inside the feed-forward layers.
    pub intermediate_size: usize,
    /// Number of blocks.
    pub num_hidden_layers: usize,
    /// Attention heads.
    pub num_attention_heads: usize,
    /// Colour channels; 3.
    pub num_channels: usize,
    /// Side of the picture, pixels.
    pub image_size: usize,
    /// Side of a patch, pixels.
    pub patch_size: usize,
    /// Inside the feed-forward layers.
    pub hidden_act: Activation,
    /// Epsilon of the norms.
    pub layer_norm_eps: f64,
}

impl Default for VisionConfig {
    fn default() -> Self {
        Self {
            hidden_size: 768,
            intermediate_size: 3072,
            num_hidden_layers: 12,
            num_attention_heads: 12,
            num_channels: 3,
            image_size: 224,
            patch_size: 16,
            hidden_act: Activation::GeluTanh,
            layer_norm_eps: 1e-6,
        }
    }
}

impl VisionConfig {
    /// Reads `vision_config`; `defaults` go before those of the class.
    ///
    /// # Errors
    /// [`error::Error::BadJson`] when a field is not what it should be or contradicts another.
    pub fn read(root: &Map<String, Value>, defaults: &[(&str, usize)]) -> error::Result<Self> {
        let Some(Value::Object(mut fields)) = root.get("vision_config").cloned() else {
            return Err(bad("vision_config is missing".to_owned()));
        };
        fields.retain(|_, value| !value.is_null());
        for (name, value) in defaults {
            fields.entry(*name).or_insert(Value::from(*value));
        }
        let config: Self =
            serde_json::from_value(Value::Object(fields)).map_err(|e| bad(format!("vision_config: {e}")))?;
        divides("vision hidden_size / num_attention_heads", config.hidden_size, config.num_attention_heads)?;
        divides("vision head width / 2", config.hidden_size / config.num_attention_heads, 2)?;
        if config.patch_size == 0 || config.image_size < config.patch_size || config.num_channels != 3 {
            return Err(bad(format!(
                "vision_config: patches of {} pixels in pictures of {} with {} channels",
                config.patch_size, config.image_size, config.num_channels
            )));
        }
        Ok(config)
    }

    /// That the tower was built for squares of this side.
    pub(crate) fn takes(&self, side_px: usize) -> error::Result<()> {
        if side_px == self.image_size {
            return Ok(());
        }
        Err(error::Error::BadJson {
            file: "preprocessor_config.json".to_owned(),
            reason: format!(
                "pictures are brought to {side_px} pixels, but the vision tower was built for {}",
                self.image_size
            ),
        })
    }

    /// Patches along a side of the picture.
    pub fn side(&self) -> usize {
        self.image_size / self.patch_size
    }

    /// Numbers in a flattened patch.
    pub fn patch_width(&self) -> usize {
        self.num_channels * self.patch_size * self.patch_size
    }

    /// The blocks' shape.
    pub fn stack(&self) -> Stack {
        Stack {
            hidden: self.hidden_size,
            inside: self.intermediate_size,
            layers: self.num_hidden_layers,
            heads: self.num_attention_heads,
            eps: self.layer_norm_eps,
            activation: self.hidden_act,
        }
    }
}

/// Patch embedding, positions, blocks and last norm.
#[derive(Clone, Debug)]
pub struct VisionTower {
    patch_embed: Linear,
    positions: Tensor,
    encoder: Encoder,
    norm: LayerNorm,
}

impl VisionTower {
    /// Takes `embeddings.*`, `encoder.*` and `post_layernorm.*`.
    ///
    /// # Errors
    /// When a weight is absent or misshapen.
    pub fn new(config: &VisionConfig, weights: VarBuilder) -> Result<Self> {
        let (side, hidden) = (config.patch_size, config.hidden_size);
        let embeddings = weights.pp("embeddings");
        let kernel = (hidden, config.num_channels, side, side);
        let kernel = embeddings.get_with_hints(kernel, "patch_embedding.weight", initial())?;
        let bias = embeddings.get_with_hints(hidden, "patch_embedding.bias", initial())?;
        let positions = (config.side() * config.side(), hidden);
        Ok(Self {
            // The kernel's stride is its size, so the convolution is a product with the flattened kernel.
            patch_embed: Linear::from_parts(kernel.flatten_from(1)?, bias),
            positions: embeddings.get_with_hints(positions, "position_embedding.weight", initial())?,
            encoder: Encoder::new(&config.stack(), weights.pp("encoder"))?,
            norm: LayerNorm::new(hidden, config.layer_norm_eps, weights.pp("post_layernorm"))?,
        })
    }

    /// `patches (pictures, patches, channels * side * side)` in raster order to `(pictures, patches, hidden)`, before
    /// the last norm.
    ///
    /// # Errors
    /// When the patches are not as many or as wide as the tower was built for.
    pub fn blocks(&self, patches: &Tensor) -> Result<Tensor> {
        let x = self.patch_embed.forward(patches)?.broadcast_add(&self.positions)?;
        self.encoder.forward(&x, &Scope::Runs(vec![patches.dim(1)?]))
    }

    /// As [`VisionTower::blocks`], after the last norm.
    ///
    /// # Errors
    /// As [`VisionTower::blocks`].
    pub fn forward(&self, patches: &Tensor) -> Result<Tensor> {
        self.norm.forward(&self.blocks(patches)?)
    }
}
