//! A SigLIP checkpoint with both towers.

use super::in_passes;
use super::pooling::Pooling;
use super::vision::{VisionConfig, VisionTower};
use crate::checkpoint::{Checkpoint, name_weight_error};
use crate::clip::TextConfig;
use crate::contrastive::{Contrastive, Ending, Likeness, TextShape, TextTower, unit};
use crate::device::Placement;
use crate::error::Result;
use crate::family::{Family, Weighed, object};
use crate::model::{InputLimits, ModelInfo};
use crate::preprocess::square::{Habit, SquareConfig};
use candle_core::{DType, Tensor};
use flipside_shared::raster::Raster;
use rayon::prelude::*;
use serde_json::json;

/// Everything the model needs to know about its own shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The vision tower.
    pub vision: VisionConfig,
    /// The text tower.
    pub text: TextConfig,
}

impl Config {
    /// Reads `config.json`.
    ///
    /// # Errors
    /// [`crate::Error::BadJson`] when a field is absent or contradicts another, [`crate::Error::UnsupportedArchitecture`] when the file
    /// describes another family.
    pub fn from_json(json: &str) -> Result<Self> {
        Family::Siglip.check(json)?;
        let root = object(json)?;
        Ok(Self {
            vision: VisionConfig::read(&root, &[])?,
            text: TextConfig::read(
                &root,
                json!({"vocab_size": 32000, "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12,
                    "num_attention_heads": 12, "max_position_embeddings": 64, "hidden_act": "gelu_pytorch_tanh",
                    "layer_norm_eps": 1e-6, "eos_token_id": 49407, "pad_token_id": 1}),
            )?,
        })
    }
}

/// The model with everything around it.
pub struct Siglip {
    tower: VisionTower,
    pooling: Pooling,
    text: TextTower,
    preprocessor: SquareConfig,
    config: Config,
    likeness: Likeness,
    info: ModelInfo,
    placement: Placement,
}

impl Siglip {
    /// Loads a checkpoint.
    ///
    /// # Errors
    /// Every variant but [`crate::Error::BadRequest`] and [`crate::Error::ChatTemplate`]: see there.
    pub fn load(checkpoint: &Checkpoint, name: &str, placement: &Placement) -> Result<Self> {
        let json = checkpoint.text("config.json")?;
        let config = Config::from_json(&json)?;
        let preprocessor =
            SquareConfig::from_json(&checkpoint.text("preprocessor_config.json")?, Habit::Squeeze)?;
        config.vision.takes(preprocessor.side_px)?;
        let tokenizer = checkpoint.read("tokenizer.json")?;
        let Weighed { weights, measure } = Weighed::read(checkpoint, placement, str::to_owned)?;
        let vision = weights.pp("vision_model");
        let tower = VisionTower::new(&config.vision, vision.clone()).map_err(name_weight_error)?;
        let pooling = Pooling::new(&config.vision, vision.pp("head")).map_err(name_weight_error)?;
        let text = &config.text;
        let shape = TextShape {
            vocab_size: text.vocab_size,
            max_tokens: text.max_position_embeddings,
            width: text.projection_size.unwrap_or(text.hidden_size),
            head_bias: true,
        };
        let ending = Ending::Last(text.pad_token_id);
        let model = weights.pp("text_model");
        let text =
            TextTower::new(&tokenizer, (&text.stack(), shape, ending), model.clone(), model.pp("head"))?;
        let one = |name| {
            weights.get(1, name).and_then(|t| t.get(0)?.to_dtype(DType::F32)).map_err(name_weight_error)
        };
        let likeness = Likeness {
            scale: one("logit_scale")?.exp()?.to_scalar::<f32>()?,
            bias: one("logit_bias")?.to_scalar::<f32>()?,
        };
        let inputs = InputLimits {
            min_pixels: preprocessor.side_px * preprocessor.side_px,
            max_pixels: preprocessor.side_px * preprocessor.side_px,
            token_side_px: config.vision.patch_size,
            max_tokens: config.text.max_position_embeddings,
        };
        let info = measure.info(Family::Siglip, &json, name, inputs)?;
        Ok(Self { tower, pooling, text, preprocessor, config, likeness, info, placement: placement.clone() })
    }

    /// `patches (pictures, patches, channels * side * side)` in raster order to `(pictures, hidden)`, of any length.
    ///
    /// # Errors
    /// When the patches are not as many or as wide as the tower was built for.
    pub fn see(&self, patches: &Tensor) -> candle_core::Result<Tensor> {
        self.pooling.forward(&self.tower.forward(patches)?)
    }

    /// The patches of a picture, `(1, patches, channels * side * side)` on the CPU.
    ///
    /// # Errors
    /// [`crate::Error::BadRequest`] when it cannot be resized.
    pub fn patches(&self, picture: &Raster) -> Result<Tensor> {
        self.config.vision.patches(&[self.preprocessor.square(picture)?], &self.preprocessor.levels)
    }
}

impl Contrastive for Siglip {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn embed_pictures(&self, pictures: &[&Raster]) -> Result<Vec<Vec<f32>>> {
        let patches: Vec<Tensor> =
            pictures.par_iter().map(|picture| self.patches(picture)).collect::<Result<_>>()?;
        in_passes(&patches, &self.placement, |patches| unit(&self.see(patches)?))
    }

    fn embed_texts(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        self.text.embed(texts)
    }

    fn likeness(&self) -> Likeness {
        self.likeness
    }
}
