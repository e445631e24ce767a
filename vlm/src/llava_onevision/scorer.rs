//! A LLaVA-OneVision checkpoint ready to answer.
//!
//! Ties the tower to preprocessing and the decoder to the reader behind [`Vlm`].

use super::arrangement::{Arrangement, Bounds};
use super::{Config, Sights};
use crate::checkpoint::{Checkpoint, name_weight_error};
use crate::decoder::Decoder;
use crate::device::Placement;
use crate::error::{Error, Result};
use crate::family::{Family, Weighed};
use crate::model::{Detail, InputLimits, ModelInfo, OptionScores, ScoreRequest, VisionTokens, Vlm};
use crate::preprocess::anyres::AnyresConfig;
use crate::reader::{Placed, Reader};
use crate::siglip::in_passes;
use crate::tokens::PromptTokenizer;
use candle_core::{DType, Tensor};
use flipside_shared::raster::Raster;
use rayon::prelude::*;
use std::borrow::Cow;

/// The model with everything around it.
pub struct LlavaOnevision {
    sights: Sights,
    reader: Reader,
    preprocessor: AnyresConfig,
    config: Config,
    info: ModelInfo,
    placement: Placement,
}

impl LlavaOnevision {
    /// Loads a checkpoint as f32.
    ///
    /// # Errors
    /// Every variant but [`Error::BadRequest`]: see there.
    pub fn load(checkpoint: &Checkpoint, name: &str, placement: &Placement) -> Result<Self> {
        let json = checkpoint.text("config.json")?;
        let config = Config::from_json(&json)?;
        let preprocessor = AnyresConfig::from_json(&checkpoint.text("preprocessor_config.json")?)?;
        config.vision.takes(preprocessor.tile_px)?;
        if preprocessor.resolutions != config.resolutions {
            return Err(Error::BadJson {
                file: "preprocessor_config.json".to_owned(),
                reason: "image_grid_pinpoints differ from those of config.json".to_owned(),
            });
        }
        let template = checkpoint.chat_template()?;
        let tokenizer = checkpoint.read("tokenizer.json")?;
        let tokenizer =
            PromptTokenizer::new(&tokenizer, template, config.image_token_id, config.text.vocab_size)?;

        let Weighed { weights, measure } = Weighed::read(checkpoint, placement, later_name)?;
        let sights = Sights::new(&config, weights.clone()).map_err(name_weight_error)?;
        let decoder = Decoder::new(&config.text, weights.pp("language_model"), weights.pp("lm_head"))
            .map_err(name_weight_error)?;
        let max_tokens = config.text.max_position_embeddings;
        let areas = || preprocessor.resolutions.iter().map(|[height, width]| height * width);
        let inputs = InputLimits {
            min_pixels: areas().min().unwrap_or(0),
            max_pixels: areas().max().unwrap_or(0),
            token_side_px: config.vision.patch_size,
            max_tokens,
        };
        let info = measure.info(Family::LlavaOnevision, &json, name, inputs)?;
        let reader = Reader { decoder, tokenizer, placement: placement.clone(), max_tokens };
        Ok(Self { sights, reader, preprocessor, config, info, placement: placement.clone() })
    }

    /// From tiles to vision tokens.
    pub fn sights(&self) -> &Sights {
        &self.sights
    }

    /// From prompts and vision tokens to scores.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The patches of the whole and then of the tiles, `(1 + tiles, patches, channels * side * side)` on the CPU.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when the picture is so elongated that nothing of its larger copy would be kept.
    pub fn patches(&self, picture: &Raster) -> Result<Tensor> {
        if self.arrangement(picture).kept.contains(&0) {
            return Err(Error::BadRequest {
                reason: format!(
                    "a picture of {}x{} is too elongated for this model",
                    picture.width_px, picture.height_px
                ),
            });
        }
        self.config.vision.patches(&self.preprocessor.tiles(picture)?, &self.preprocessor.levels)
    }

    /// How the finer tokens of a picture are arranged.
    pub fn arrangement(&self, picture: &Raster) -> Arrangement {
        let size = self.preprocessor.best(picture.width_px, picture.height_px);
        let bounds = Bounds { side: self.config.vision.side(), most_tiles: self.config.most_tiles };
        let tiles = size.map(|side| side / self.preprocessor.tile_px);
        Arrangement::new(bounds, tiles, (picture.width_px, picture.height_px))
    }

    /// How a picture stands in a prompt.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when the tokens are not of this model.
    pub fn place<'a>(&self, vision: &'a VisionTokens) -> Result<Placed<'a>> {
        let (whole, width) = (vision.grid.iter().product::<usize>(), self.reader.decoder.width());
        let (finer, tokens) = match &vision.detail {
            Detail::Finer { rows, columns, tokens } => (rows * columns, tokens.as_slice()),
            _ => (0, [].as_slice()),
        };
        if finer == 0 || vision.tokens.len() != whole * width || tokens.len() != finer * width {
            return Err(Error::BadRequest { reason: "the vision tokens are of another model".to_owned() });
        }
        Ok(Placed {
            text: Cow::Owned(self.reader.tokenizer.image_text().to_owned()),
            runs: vec![[whole + finer, 1, 1]],
            rows: vec![&vision.tokens, tokens],
            added: Vec::new(),
        })
    }

    /// The vision tokens of a picture from the features of its squares, the whole first.
    fn arrange(&self, picture: &Raster, mut squares: Vec<Vec<f32>>) -> Result<VisionTokens> {
        let (side, width) = (self.config.vision.side(), self.reader.decoder.width());
        let tiles = squares.split_off(1);
        let shape = (tiles.len(), side * side, width);
        let tiles = Tensor::from_vec(tiles.concat(), shape, &self.placement.device)?;
        let how = self.arrangement(picture);
        let finer = self.sights.finer(&tiles.to_dtype(self.placement.dtype)?, &how)?;
        let finer = finer.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>()?;
        let [rows, columns] = how.tokens();
        Ok(VisionTokens {
            grid: [1, side, side],
            width,
            tokens: squares.concat(),
            detail: Detail::Finer { rows, columns, tokens: finer },
        })
    }
}

impl Vlm for LlavaOnevision {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn encode(&self, pictures: &[&Raster]) -> Result<Vec<VisionTokens>> {
        let patches: Vec<Tensor> =
            pictures.par_iter().map(|picture| self.patches(picture)).collect::<Result<_>>()?;
        let seen = in_passes(&patches, &self.placement, |patches| self.sights.forward(patches))?;
        let mut seen = seen.into_iter();
        let squares = patches.iter().map(|patches| Ok(seen.by_ref().take(patches.dim(0)?).collect()));
        let squares: Vec<Vec<Vec<f32>>> = squares.collect::<candle_core::Result<_>>()?;
        pictures.iter().zip(squares).map(|(picture, squares)| self.arrange(picture, squares)).collect()
    }

    fn score(&self, requests: &[ScoreRequest]) -> Result<Vec<OptionScores>> {
        self.reader.score(requests, |vision| self.place(vision))
    }
}

/// The names that later versions of transformers write, without `model.`: published files have the language model's
/// layers under `language_model.model.*`, its head under `language_model.lm_head` and the tower under
/// `vision_tower.vision_model.*`.
fn later_name(name: &str) -> String {
    let name = name.strip_prefix("model.").unwrap_or(name);
    if let Some(head) = name.strip_prefix("language_model.lm_head.") {
        return format!("lm_head.{head}");
    }
    for (published, later) in
        [("language_model.model.", "language_model."), ("vision_tower.vision_model.", "vision_tower.")]
    {
        if let Some(rest) = name.strip_prefix(published) {
            return format!("{later}{rest}");
        }
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_and_later_names_are_one() {
        for (name, expected) in [
            (
                "language_model.model.layers.0.mlp.up_proj.weight",
                "language_model.layers.0.mlp.up_proj.weight",
            ),
            (
                "model.language_model.layers.0.mlp.up_proj.weight",
                "language_model.layers.0.mlp.up_proj.weight",
            ),
            ("language_model.lm_head.weight", "lm_head.weight"),
            ("lm_head.weight", "lm_head.weight"),
            ("vision_tower.vision_model.post_layernorm.bias", "vision_tower.post_layernorm.bias"),
            ("model.vision_tower.post_layernorm.bias", "vision_tower.post_layernorm.bias"),
            ("image_newline", "image_newline"),
            ("model.image_newline", "image_newline"),
        ] {
            assert_eq!(later_name(name), expected);
        }
    }
}
