//! CLIP's vision tower: patches of one square and a class token in, the class token projected out.

use super::Config;
use crate::encoder::Encoder;
use crate::layers::{LayerNorm, Linear, initial};
use crate::nn::Scope;
use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;

/// Patch embedding, positions, blocks, norms and projection.
#[derive(Clone, Debug)]
pub struct VisionTower {
    patch_embed: Linear,
    class: Tensor,
    positions: Tensor,
    first_norm: LayerNorm,
    encoder: Encoder,
    last_norm: LayerNorm,
    projection: Linear,
}

impl VisionTower {
    /// Takes `vision_model.*` and `visual_projection.*`.
    ///
    /// # Errors
    /// When a weight is absent or misshapen.
    pub fn new(config: &Config, weights: VarBuilder) -> Result<Self> {
        let vision = &config.vision;
        let (side, hidden) = (vision.patch_size, vision.hidden_size);
        let model = weights.pp("vision_model");
        let embeddings = model.pp("embeddings");
        let kernel = (hidden, vision.num_channels, side, side);
        let kernel = embeddings.get_with_hints(kernel, "patch_embedding.weight", initial())?;
        let positions = (vision.side() * vision.side() + 1, hidden);
        let norm = |name| LayerNorm::new(hidden, vision.layer_norm_eps, model.pp(name));
        Ok(Self {
            // The kernel's stride is its size, so the convolution is a product with the flattened kernel.
            patch_embed: Linear::from_weight(kernel.flatten_from(1)?),
            class: embeddings.get(hidden, "class_embedding")?,
            positions: embeddings.get_with_hints(positions, "position_embedding.weight", initial())?,
            // The published name has lost a letter.
            first_norm: norm("pre_layrnorm")?,
            encoder: Encoder::new(&vision.stack(), model.pp("encoder"))?,
            last_norm: norm("post_layernorm")?,
            projection: Linear::without_bias(hidden, config.projection_dim, weights.pp("visual_projection"))?,
        })
    }

    /// `patches (pictures, patches, channels * side * side)` in raster order to `(pictures, projection)`, of any length.
    ///
    /// # Errors
    /// When the patches are not as many or as wide as the tower was built for.
    pub fn forward(&self, patches: &Tensor) -> Result<Tensor> {
        let x = self.patch_embed.forward(patches)?;
        let (pictures, count, hidden) = x.dims3()?;
        let class = self.class.broadcast_as((pictures, 1, hidden))?;
        let x = Tensor::cat(&[&class, &x], 1)?.broadcast_add(&self.positions)?;
        let x = self.encoder.forward(&self.first_norm.forward(&x)?, &Scope::Runs(vec![count + 1]))?;
        let class = x.narrow(1, 0, 1)?.squeeze(1)?;
        self.projection.forward(&self.last_norm.forward(&class)?)
    }
}
