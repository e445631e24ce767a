//! Idefics3 and SmolVLM: a SigLIP tower looks at the tiles of an enlarged picture and at the whole of it, each square of
//! patches becomes one token, and a Llama reads all of them with a marker before each tile.
//!
//! candle-transformers has neither.

mod config;
mod scorer;

pub use config::Config;
pub use scorer::Idefics3;

use crate::layers::Linear;
use crate::siglip::vision::VisionTower;
use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;

/// From tiles to vision tokens.
#[derive(Clone, Debug)]
pub struct Sights {
    tower: VisionTower,
    projection: Linear,
    side: usize,
    scale: usize,
}

impl Sights {
    /// Takes `model.vision_model.*` and `model.connector.*`.
    ///
    /// # Errors
    /// When a weight is absent or misshapen.
    pub fn new(config: &Config, weights: VarBuilder) -> Result<Self> {
        let block = config.vision.hidden_size * config.scale_factor * config.scale_factor;
        let connector = weights.pp("model.connector.modality_projection.proj");
        Ok(Self {
            tower: VisionTower::new(&config.vision, weights.pp("model.vision_model"))?,
            projection: Linear::without_bias(block, config.text.hidden_size, connector)?,
            side: config.vision.side(),
            scale: config.scale_factor,
        })
    }

    /// `patches (tiles, patches, channels * side * side)` to `(tiles, patches / scale^2, hidden of the decoder)`, both in
    /// raster order.
    ///
    /// # Errors
    /// When the patches are not as many or as wide as the tower was built for.
    pub fn forward(&self, patches: &Tensor) -> Result<Tensor> {
        let x = self.tower.forward(patches)?;
        let (tiles, _, hidden) = x.dims3()?;
        let (scale, side) = (self.scale, self.side / self.scale);
        // (tiles, row, row inside, column, column inside, hidden): the patches of a square come together.
        let x = x.reshape(&[tiles, side, scale, side, scale, hidden])?.permute([0, 1, 3, 2, 4, 5])?;
        self.projection.forward(&x.contiguous()?.reshape((tiles, side * side, scale * scale * hidden))?)
    }
}
