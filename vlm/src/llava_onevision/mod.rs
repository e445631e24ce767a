//! LLaVA-OneVision: a SigLIP tower looks at the whole picture and at the tiles of a larger copy, a projector brings both to
//! a Qwen2, which reads the whole first and then the copy row by row, each row closed by a newline vector.
//!
//! candle-transformers has LLaVA without this arrangement, and gives logits at the last position alone.

mod arrangement;
mod config;
mod scorer;

pub use arrangement::Arrangement;
pub use config::Config;
pub use scorer::LlavaOnevision;

use crate::layers::{Activation, Linear};
use crate::siglip::vision::VisionTower;
use crate::stretch::{Kernel, stretch};
use candle_core::{Result, Tensor};
use candle_nn::VarBuilder;

/// From tiles to vision tokens.
#[derive(Clone, Debug)]
pub struct Sights {
    tower: VisionTower,
    first: Linear,
    second: Linear,
    activation: Activation,
    /// `(hidden of the decoder)`: what closes a row.
    newline: Tensor,
    side: usize,
}

impl Sights {
    /// Takes `vision_tower.*`, `multi_modal_projector.*` and `image_newline`.
    ///
    /// # Errors
    /// When a weight is absent or misshapen.
    pub fn new(config: &Config, weights: VarBuilder) -> Result<Self> {
        let (seen, read) = (config.vision.hidden_size, config.text.hidden_size);
        let projector = weights.pp("multi_modal_projector");
        let layer = if config.projector_bias { Linear::new } else { Linear::without_bias };
        Ok(Self {
            tower: VisionTower::new(&config.vision, weights.pp("vision_tower"))?,
            first: layer(seen, read, projector.pp("linear_1"))?,
            second: layer(read, read, projector.pp("linear_2"))?,
            activation: config.projector_act,
            newline: weights.get(read, "image_newline")?,
            side: config.vision.side(),
        })
    }

    /// `patches (tiles, patches, channels * side * side)` to `(tiles, patches, hidden of the decoder)`.
    ///
    /// # Errors
    /// When the patches are not as many or as wide as the tower was built for.
    pub fn forward(&self, patches: &Tensor) -> Result<Tensor> {
        let x = self.first.forward(&self.tower.blocks(patches)?)?;
        self.second.forward(&self.activation.forward(&x)?)
    }

    /// The finer tokens of one picture, `(rows * (columns + 1), hidden)`, from the features of its tiles without the
    /// whole, `(tiles, patches, hidden)`: side by side, without what lies on the padding, reduced when they are too many,
    /// each row closed.
    ///
    /// # Errors
    /// When the tiles are not those of the arrangement.
    pub fn finer(&self, tiles: &Tensor, how: &Arrangement) -> Result<Tensor> {
        let (side, [down, across]) = (self.side, how.tiles);
        let hidden = tiles.dim(2)?;
        // (tiles down, tiles across, row, column, hidden) to (rows, columns, hidden)
        let x = tiles.reshape(&[down, across, side, side, hidden])?.permute([0, 2, 1, 3, 4])?;
        let x = x.contiguous()?.reshape((down * side, across * side, hidden))?;
        let x = x.narrow(0, how.top, how.kept[0])?.narrow(1, how.left, how.kept[1])?;
        let x = match how.reduced {
            Some(size) => stretch(&x, size, Kernel::Linear)?,
            None => x,
        };
        let (rows, columns, _) = x.dims3()?;
        let closing = self.newline.broadcast_as((rows, 1, hidden))?;
        Tensor::cat(&[&x, &closing], 1)?.reshape((rows * (columns + 1), hidden))
    }
}
