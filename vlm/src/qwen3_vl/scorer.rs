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
use crate::passes::{PATCHES, in_passes};
use crate::preprocess::{PreprocessorConfig, patches};
use crate::qwen2_5_vl::GridThw;
use crate::reader::{Placed, Reader};
use crate::tokens::PromptTokenizer;
use candle_core::{DType, Tensor};
use flipside_shared::raster::Raster;
use rayon::prelude::*;
use std::borrow::Cow;

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
        let reader = Reader { decoder, tokenizer, placement: placement.clone(), max_tokens };
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
        let values = self.reader.bring(&Tensor::stack(&values, 0)?)?;
        let seen = self.visual.forward(&values, *grid)?;
        let (rows, columns) = grid.merged(self.preprocessor.merge_size);
        let numbers = |t: &Tensor| t.flatten_from(1)?.to_dtype(DType::F32)?.to_vec2::<f32>();
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
        let see = |pass: &[(Tensor, GridThw)]| -> Result<Vec<VisionTokens>> {
            let of_one_grid = pass.chunk_by(|a, b| a.1 == b.1).map(|pictures| self.see(pictures));
            Ok(of_one_grid.collect::<Result<Vec<_>>>()?.concat())
        };
        in_passes(&self.reader.placement.device, &prepared, &PATCHES, |(_, grid)| grid.patches(), see)
    }

    fn score(&self, requests: &[ScoreRequest]) -> Result<Vec<OptionScores>> {
        self.reader.score(requests, |vision| self.place(vision))
    }
}
