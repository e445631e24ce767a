//! A Qwen3-VL checkpoint ready to answer.
//!
//! Ties the vision tower to preprocessing and the decoder to the reader behind [`Vlm`].

use super::{Config, VisionTower};
use crate::checkpoint::{Checkpoint, name_weight_error};
use crate::decoder::Decoder;
use crate::device::Placement;
use crate::error::{Error, Result};
use crate::family::{Family, Weighed};
use crate::model::{Detail, InputLimits, ModelInfo, OptionScores, ScoreRequest, VisionTokens, Vlm};
use crate::preprocess::{PreprocessorConfig, patches};
use crate::qwen2_5_vl::GridThw;
use crate::reader::{Placed, Reader, passes};
use crate::tokens::PromptTokenizer;
use candle_core::Tensor;
use flipside_shared::raster::Raster;
use rayon::prelude::*;
use std::borrow::Cow;

/// Patches of one pass through the vision tower.
const PATCHES_PER_PASS: usize = 1024;

/// The model with everything around it.
pub struct Qwen3Vl {
    visual: VisionTower,
    reader: Reader,
    preprocessor: PreprocessorConfig,
    inner_layers: usize,
    info: ModelInfo,
}

impl Qwen3Vl {
    /// Loads a checkpoint as f32.
    ///
    /// # Errors
    /// Every variant but [`Error::BadRequest`]: see there.
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

        let Weighed { weights, measure } = Weighed::read(checkpoint, placement, str::to_owned)?;
        let visual = VisionTower::new(vision, weights.pp("model.visual")).map_err(name_weight_error)?;
        let decoder = Decoder::new(&config.text, weights.pp("model.language_model"), weights.pp("lm_head"))
            .map_err(name_weight_error)?;
        let max_tokens = config.text.max_position_embeddings;
        let info = measure.info(
            Family::Qwen3Vl,
            &json,
            name,
            InputLimits {
                min_pixels: preprocessor.min_pixels,
                max_pixels: preprocessor.max_pixels,
                token_side_px: preprocessor.patch_size * preprocessor.merge_size,
                max_tokens,
            },
        )?;
        let reader = Reader { decoder, tokenizer, device: placement.device.clone(), max_tokens };
        let inner_layers = vision.deepstack_visual_indexes.len();
        Ok(Self { visual, reader, preprocessor, inner_layers, info })
    }

    /// From patches to vision tokens.
    pub fn visual(&self) -> &VisionTower {
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

    /// Pictures of one grid.
    fn see(&self, pictures: &[(Tensor, GridThw)]) -> Result<Vec<VisionTokens>> {
        let Some((_, grid)) = pictures.first() else { return Ok(Vec::new()) };
        let values: Vec<&Tensor> = pictures.iter().map(|(values, _)| values).collect();
        let values = Tensor::stack(&values, 0)?.to_device(&self.reader.device)?;
        let seen = self.visual.forward(&values, *grid)?;
        let (rows, columns) = grid.merged(self.preprocessor.merge_size);
        let numbers = |t: &Tensor| t.flatten_from(1)?.to_vec2::<f32>();
        let inner = seen.inner.iter().map(numbers).collect::<candle_core::Result<Vec<_>>>()?;
        let one = |(index, tokens): (usize, Vec<f32>)| {
            let inner: Vec<f32> = inner.iter().flat_map(|layer| layer[index].iter().copied()).collect();
            VisionTokens {
                grid: [grid.t, rows, columns],
                width: self.reader.decoder.width(),
                tokens,
                detail: Detail::Inner { layers: self.inner_layers, tokens: inner },
            }
        };
        Ok(numbers(&seen.tokens)?.into_iter().enumerate().map(one).collect())
    }

    /// How a picture stands in a prompt.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when the tokens are not of this model.
    pub fn place<'a>(&self, vision: &'a VisionTokens) -> Result<Placed<'a>> {
        let length = vision.grid.iter().product::<usize>() * self.reader.decoder.width();
        let inner = match &vision.detail {
            Detail::Inner { tokens, .. } => tokens.as_slice(),
            _ => &[],
        };
        if length == 0 || vision.tokens.len() != length || inner.len() != self.inner_layers * length {
            return Err(Error::BadRequest { reason: "the vision tokens are of another model".to_owned() });
        }
        Ok(Placed {
            text: Cow::Owned(self.reader.tokenizer.image_text().to_owned()),
            runs: vec![vision.grid],
            rows: vec![&vision.tokens],
            added: inner.chunks_exact(length).collect(),
        })
    }
}

impl Vlm for Qwen3Vl {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn encode(&self, pictures: &[&Raster]) -> Result<Vec<VisionTokens>> {
        let prepared: Vec<(Tensor, GridThw)> =
            pictures.par_iter().map(|picture| patches(picture, &self.preprocessor)).collect::<Result<_>>()?;
        let passes = passes(&prepared, PATCHES_PER_PASS, |(_, grid)| grid.patches());
        let passes: Vec<&[(Tensor, GridThw)]> =
            passes.into_iter().flat_map(|pass| pass.chunk_by(|a, b| a.1 == b.1)).collect();
        let encoded: Vec<_> = passes.into_par_iter().map(|pass| self.see(pass)).collect::<Result<_>>()?;
        Ok(encoded.into_iter().flatten().collect())
    }

    fn score(&self, requests: &[ScoreRequest]) -> Result<Vec<OptionScores>> {
        self.reader.score(requests, |vision| self.place(vision))
    }
}
