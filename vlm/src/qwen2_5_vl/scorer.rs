//! A Qwen2.5-VL checkpoint ready to answer: pictures to vision tokens, questions and options to log-likelihoods.
//!
//! Ties the vision tower to preprocessing and the decoder to the reader behind [`Vlm`].

use super::{Config, GridThw, Model};
use crate::checkpoint::{Checkpoint, name_weight_error};
use crate::device::Placement;
use crate::error::Result;
use crate::family::{Family, Weighed};
use crate::model::{Detail, InputLimits, ModelInfo, OptionScores, ScoreRequest, VisionTokens, Vlm};
use crate::passes::{PATCHES, in_passes};
use crate::preprocess::{PreprocessorConfig, patches};
use crate::reader::{Placed, Reader};
use crate::tokens::PromptTokenizer;
use candle_core::{DType, Tensor};
use flipside_shared::raster::Raster;
use rayon::prelude::*;
use std::borrow::Cow;

/// The model with everything around it.
pub struct Qwen25Vl {
    visual: super::vision::VisionTower,
    reader: Reader,
    preprocessor: PreprocessorConfig,
    info: ModelInfo,
}

impl Qwen25Vl {
    /// Loads a checkpoint as f32.
    ///
    /// # Errors
    /// Every variant but [`crate::Error::BadRequest`]: see there.
    pub fn load(checkpoint: &Checkpoint, name: &str, placement: &Placement) -> Result<Self> {
        let json = checkpoint.text("config.json")?;
        let config = Config::from_json(&json)?;
        let preprocessor = PreprocessorConfig::from_json(&checkpoint.text("preprocessor_config.json")?)?;
        let vision = &config.vision;
        preprocessor.fits((vision.patch_size, vision.temporal_patch_size, vision.spatial_merge_size))?;
        let template = checkpoint.chat_template()?;
        let tokenizer = checkpoint.read("tokenizer.json")?;
        let tokenizer =
            PromptTokenizer::new(&tokenizer, template, config.image_token_id, config.text.vocab_size)?;

        let Weighed { weights, measure } = Weighed::read(checkpoint, placement, published_name)?;
        let model = Model::new(&config, weights).map_err(name_weight_error)?;
        let max_tokens = config.text.max_position_embeddings;
        let inputs = InputLimits {
            min_pixels: preprocessor.min_pixels,
            max_pixels: preprocessor.max_pixels,
            token_side_px: preprocessor.patch_size * preprocessor.merge_size,
            max_tokens,
        };
        let info = measure.info(Family::Qwen25Vl, &json, name, inputs)?;
        let reader = Reader { decoder: model.text, tokenizer, placement: placement.clone(), max_tokens };
        Ok(Self { visual: model.visual, reader, preprocessor, info })
    }

    /// From patches to vision tokens.
    pub fn visual(&self) -> &super::vision::VisionTower {
        &self.visual
    }

    /// From prompts and vision tokens to scores.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// How pictures become patches.
    pub fn preprocessor(&self) -> &PreprocessorConfig {
        &self.preprocessor
    }

    fn encode_pass(&self, pictures: &[(Tensor, GridThw)]) -> Result<Vec<VisionTokens>> {
        let grids: Vec<GridThw> = pictures.iter().map(|(_, grid)| *grid).collect();
        let values: Vec<&Tensor> = pictures.iter().map(|(values, _)| values).collect();
        let values = self.reader.bring(&Tensor::cat(&values, 0)?)?;
        let tokens = self.visual.forward(&values, &grids)?;
        let width = tokens.dim(1)?;
        let mut tokens = tokens.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>()?.into_iter();
        let one = |grid: GridThw| {
            let (height, across) = grid.merged(self.preprocessor.merge_size);
            let grid = [grid.t, height, across];
            let count = grid.iter().product::<usize>() * width;
            VisionTokens { grid, width, tokens: tokens.by_ref().take(count).collect(), detail: Detail::None }
        };
        Ok(grids.into_iter().map(one).collect())
    }
}

impl Vlm for Qwen25Vl {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn encode(&self, pictures: &[&Raster]) -> Result<Vec<VisionTokens>> {
        let prepared: Vec<(Tensor, GridThw)> =
            pictures.par_iter().map(|picture| patches(picture, &self.preprocessor)).collect::<Result<_>>()?;
        let device = &self.reader.placement.device;
        in_passes(device, &prepared, &PATCHES, |(_, grid)| grid.patches(), |pass| self.encode_pass(pass))
    }

    fn score(&self, requests: &[ScoreRequest]) -> Result<Vec<OptionScores>> {
        self.reader.score(requests, |vision| {
            Ok(Placed {
                text: Cow::Borrowed(self.reader.tokenizer.image_text()),
                runs: vec![vision.grid],
                rows: vec![&vision.tokens],
                added: Vec::new(),
            })
        })
    }
}

/// Later versions of transformers write `model.visual.*` and `model.language_model.*`.
fn published_name(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("model.language_model.") {
        return format!("model.{rest}");
    }
    match name.strip_prefix("model.") {
        Some(rest) if rest.starts_with("visual.") => rest.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_names_map_to_published_ones() {
        for (later, published) in [
            ("model.visual.blocks.0.attn.qkv.weight", "visual.blocks.0.attn.qkv.weight"),
            ("model.language_model.layers.0.mlp.up_proj.weight", "model.layers.0.mlp.up_proj.weight"),
            ("model.layers.0.mlp.up_proj.weight", "model.layers.0.mlp.up_proj.weight"),
            ("visual.merger.ln_q.weight", "visual.merger.ln_q.weight"),
            ("lm_head.weight", "lm_head.weight"),
        ] {
            assert_eq!(published_name(later), published);
        }
    }
}
