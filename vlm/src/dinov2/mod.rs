//! DINOv2: features of pictures without words, one for each patch and one for the whole.
//!
//! candle-transformers has it for inference; this one has a gradient to the pixels and stretches its positions once.

mod config;

pub use config::Config;

use crate::checkpoint::{Checkpoint, name_weight_error};
use crate::device::Placement;
use crate::encoder::{Block, Encoder, Stack};
use crate::error::{Error, Result};
use crate::family::{Family, Weighed};
use crate::layers::{LayerNorm, Linear, initial};
use crate::model::{Detail, InputLimits, ModelInfo, VisionTokens};
use crate::nn::Scope;
use crate::preprocess::cut::{Cut, cut};
use crate::preprocess::square::{Habit, SquareConfig};
use crate::siglip::in_passes;
use crate::stretch::{Kernel, stretch};
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use flipside_shared::raster::Raster;
use rayon::prelude::*;

/// The features of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// Of the whole.
    pub whole: Vec<f32>,
    /// Of each patch.
    pub patches: VisionTokens,
}

/// The model with everything around it.
pub struct Dinov2 {
    tower: Tower,
    preprocessor: SquareConfig,
    config: Config,
    info: ModelInfo,
    placement: Placement,
}

/// Patch embedding, positions, blocks and norm.
#[derive(Clone, Debug)]
pub struct Tower {
    patch_embed: Linear,
    class: Tensor,
    /// `(1 + patches, hidden)`
    positions: Tensor,
    encoder: Encoder,
    norm: LayerNorm,
}

impl Tower {
    /// Takes all weights; the learnt positions are stretched to `side` patches along a side.
    fn new(config: &Config, side: usize, weights: VarBuilder) -> candle_core::Result<Self> {
        let (patch, hidden) = (config.patch_size, config.hidden_size);
        let embeddings = weights.pp("embeddings");
        let kernel = (hidden, config.num_channels, patch, patch);
        let projection = embeddings.pp("patch_embeddings.projection");
        let kernel = projection.get_with_hints(kernel, "weight", initial())?;
        let bias = projection.get_with_hints(hidden, "bias", initial())?;
        let learnt = config.image_size / patch;
        let positions =
            embeddings.get((1, learnt * learnt + 1, hidden), "position_embeddings")?.squeeze(0)?;
        let grid = positions.narrow(0, 1, learnt * learnt)?.reshape((learnt, learnt, hidden))?;
        // In f32, or the positions move.
        let grid = stretch(&grid.to_dtype(DType::F32)?, [side, side], Kernel::Cubic)?;
        let grid = grid.to_dtype(positions.dtype())?.reshape((side * side, hidden))?;
        let stack = config.stack();
        let blocks = (0..stack.layers).map(|index| block(&stack, weights.pp("encoder.layer").pp(index)));
        Ok(Self {
            // The kernel's stride is its size, so the convolution is a product with the flattened kernel.
            patch_embed: Linear::from_parts(kernel.flatten_from(1)?, bias),
            class: embeddings.get((1, 1, hidden), "cls_token")?,
            positions: Tensor::cat(&[&positions.narrow(0, 0, 1)?, &grid], 0)?,
            encoder: Encoder::from_blocks(blocks.collect::<candle_core::Result<_>>()?),
            norm: LayerNorm::new(hidden, stack.eps, weights.pp("layernorm"))?,
        })
    }

    /// `patches (pictures, patches, channels * side * side)` in raster order to `(pictures, 1 + patches, hidden)`, the
    /// whole first.
    ///
    /// # Errors
    /// When the patches are not as many or as wide as the tower was built for.
    pub fn forward(&self, patches: &Tensor) -> candle_core::Result<Tensor> {
        let x = self.patch_embed.forward(patches)?;
        let (pictures, count, hidden) = x.dims3()?;
        let class = self.class.broadcast_as((pictures, 1, hidden))?;
        let x = Tensor::cat(&[&class, &x], 1)?.broadcast_add(&self.positions)?;
        self.norm.forward(&self.encoder.forward(&x, &Scope::Runs(vec![count + 1]))?)
    }
}

/// A block by the published names; what scales a branch is multiplied into the branch's last layer.
fn block(stack: &Stack, weights: VarBuilder) -> candle_core::Result<Block> {
    let (hidden, inside) = (stack.hidden, stack.inside);
    let attention = weights.pp("attention.attention");
    let square = |name| Linear::new(hidden, hidden, attention.pp(name));
    let scale = |name| weights.get(hidden, name);
    Ok(Block {
        attention_norm: LayerNorm::new(hidden, stack.eps, weights.pp("norm1"))?,
        query: square("query")?,
        key: square("key")?,
        value: square("value")?,
        output: Linear::new(hidden, hidden, weights.pp("attention.output.dense"))?
            .scaled(&scale("layer_scale1.lambda1")?)?,
        mlp_norm: LayerNorm::new(hidden, stack.eps, weights.pp("norm2"))?,
        first: Linear::new(hidden, inside, weights.pp("mlp.fc1"))?,
        second: Linear::new(inside, hidden, weights.pp("mlp.fc2"))?
            .scaled(&scale("layer_scale2.lambda1")?)?,
        activation: stack.activation,
        heads: stack.heads,
    })
}

impl Dinov2 {
    /// Loads a checkpoint.
    ///
    /// # Errors
    /// Every variant but [`Error::BadRequest`], [`Error::Tokenizer`] and [`Error::ChatTemplate`]: see there.
    pub fn load(checkpoint: &Checkpoint, name: &str, placement: &Placement) -> Result<Self> {
        let json = checkpoint.text("config.json")?;
        let config = Config::from_json(&json)?;
        let preprocessor =
            SquareConfig::from_json(&checkpoint.text("preprocessor_config.json")?, Habit::Crop)?;
        let side = preprocessor.side_px / config.patch_size;
        if side == 0 {
            return Err(Error::BadJson {
                file: "preprocessor_config.json".to_owned(),
                reason: format!("a square of {} pixels holds no patch", preprocessor.side_px),
            });
        }
        let Weighed { weights, measure } = Weighed::read(checkpoint, placement, published_name)?;
        let tower = Tower::new(&config, side, weights).map_err(name_weight_error)?;
        let inputs = InputLimits {
            min_pixels: preprocessor.side_px * preprocessor.side_px,
            max_pixels: preprocessor.side_px * preprocessor.side_px,
            token_side_px: config.patch_size,
            max_tokens: 0,
        };
        let info = measure.info(Family::Dinov2, &json, name, inputs)?;
        Ok(Self { tower, preprocessor, config, info, placement: placement.clone() })
    }

    /// What the model is.
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// From patches to features.
    pub fn tower(&self) -> &Tower {
        &self.tower
    }

    /// The patches of a picture, `(1, patches, channels * side * side)` on the CPU.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it cannot be resized.
    pub fn patches(&self, picture: &Raster) -> Result<Tensor> {
        let how = Cut { side: self.config.patch_size, frames: 1, merge: 1 };
        let values = cut(&self.preprocessor.square(picture)?, how, &self.preprocessor.levels);
        let width = self.config.num_channels * self.config.patch_size * self.config.patch_size;
        Ok(Tensor::from_vec(values, ((), width), &Device::Cpu)?.unsqueeze(0)?)
    }

    /// The features of each picture, in order.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when a picture cannot be resized; [`Error::Compute`].
    pub fn features(&self, pictures: &[&Raster]) -> Result<Vec<Features>> {
        let patches: Vec<Tensor> =
            pictures.par_iter().map(|picture| self.patches(picture)).collect::<Result<_>>()?;
        let side = self.preprocessor.side_px / self.config.patch_size;
        let width = self.config.hidden_size;
        let one = |mut whole: Vec<f32>| {
            let tokens = whole.split_off(width);
            let patches = VisionTokens { grid: [1, side, side], width, tokens, detail: Detail::None };
            Features { whole, patches }
        };
        let seen = in_passes(&patches, &self.placement, |patches| self.tower.forward(patches))?;
        Ok(seen.into_iter().map(one).collect())
    }
}

/// The names of the published files; later versions of transformers have shorter ones inside attention.
fn published_name(name: &str) -> String {
    let name = name.strip_prefix("dinov2.").unwrap_or(name);
    for (later, published) in [
        ("attention.q_proj.", "attention.attention.query."),
        ("attention.k_proj.", "attention.attention.key."),
        ("attention.v_proj.", "attention.attention.value."),
        ("attention.o_proj.", "attention.output.dense."),
    ] {
        if let Some((before, after)) = name.split_once(later) {
            return format!("{before}{published}{after}");
        }
    }
    name.to_owned()
}
