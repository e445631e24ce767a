//! CLIP: a vision tower with a class token and a text tower that reads from left to right, both projected into one space.
//!
//! candle-transformers has its parts for inference; these have a gradient to the pixels and run in batches of passes.

mod config;
mod vision;

pub use config::{Config, TextConfig};
pub use vision::VisionTower;

use crate::checkpoint::{Checkpoint, name_weight_error};
use crate::contrastive::{Contrastive, Likeness, TextTower, unit};
use crate::device::Placement;
use crate::error::Result;
use crate::family::{Family, Weighed};
use crate::model::{InputLimits, ModelInfo};
use crate::preprocess::square::{Habit, SquareConfig};
use crate::siglip::in_passes;
use candle_core::{DType, Tensor};
use flipside_shared::raster::Raster;
use rayon::prelude::*;

/// The model with everything around it.
pub struct Clip {
    visual: VisionTower,
    text: TextTower,
    preprocessor: SquareConfig,
    config: Config,
    likeness: Likeness,
    info: ModelInfo,
    placement: Placement,
}

impl Clip {
    /// Loads a checkpoint.
    ///
    /// # Errors
    /// Every variant but [`crate::Error::BadRequest`] and [`crate::Error::ChatTemplate`]: see there.
    pub fn load(checkpoint: &Checkpoint, name: &str, placement: &Placement) -> Result<Self> {
        let json = checkpoint.text("config.json")?;
        let config = Config::from_json(&json)?;
        let preprocessor =
            SquareConfig::from_json(&checkpoint.text("preprocessor_config.json")?, Habit::Crop)?;
        config.vision.takes(preprocessor.side_px)?;
        let tokenizer = checkpoint.read("tokenizer.json")?;
        let Weighed { weights, measure } = Weighed::read(checkpoint, placement, str::to_owned)?;
        let visual = VisionTower::new(&config, weights.clone()).map_err(name_weight_error)?;
        let text = (&config.text.stack(), config.text_shape(), config.ending());
        let text = TextTower::new(&tokenizer, text, weights.pp("text_model"), weights.pp("text_projection"))?;
        let scale = weights.get((), "logit_scale").map_err(name_weight_error)?;
        let likeness = Likeness { scale: scale.to_dtype(DType::F32)?.exp()?.to_scalar::<f32>()?, bias: 0.0 };
        let inputs = InputLimits {
            min_pixels: preprocessor.side_px * preprocessor.side_px,
            max_pixels: preprocessor.side_px * preprocessor.side_px,
            token_side_px: config.vision.patch_size,
            max_tokens: config.text.max_position_embeddings,
        };
        let info = measure.info(Family::Clip, &json, name, inputs)?;
        Ok(Self { visual, text, preprocessor, config, likeness, info, placement: placement.clone() })
    }

    /// From patches to embeddings.
    pub fn visual(&self) -> &VisionTower {
        &self.visual
    }

    /// The patches of a picture, `(1, patches, channels * side * side)` on the CPU.
    ///
    /// # Errors
    /// [`crate::Error::BadRequest`] when it cannot be resized.
    pub fn patches(&self, picture: &Raster) -> Result<Tensor> {
        self.config.vision.patches(&[self.preprocessor.square(picture)?], &self.preprocessor.levels)
    }
}

impl Contrastive for Clip {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn embed_pictures(&self, pictures: &[&Raster]) -> Result<Vec<Vec<f32>>> {
        let patches: Vec<Tensor> =
            pictures.par_iter().map(|picture| self.patches(picture)).collect::<Result<_>>()?;
        in_passes(&patches, &self.placement, |patches| unit(&self.visual.forward(patches)?))
    }

    fn embed_texts(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        self.text.embed(texts)
    }

    fn likeness(&self) -> Likeness {
        self.likeness
    }
}
