//! An Idefics3 or SmolVLM checkpoint ready to answer.
//!
//! Ties the tower to preprocessing and the decoder to the reader behind [`Vlm`].

use super::{Config, Sights};
use crate::checkpoint::{Checkpoint, name_weight_error};
use crate::decoder::Decoder;
use crate::device::Placement;
use crate::error::{Error, Result};
use crate::family::{Family, Weighed};
use crate::model::{Detail, InputLimits, ModelInfo, OptionScores, ScoreRequest, VisionTokens, Vlm};
use crate::preprocess::tiles::{Tiles, TilesConfig};
use crate::reader::{Placed, Reader};
use crate::siglip::in_passes;
use crate::tokens::PromptTokenizer;
use candle_core::Tensor;
use flipside_shared::raster::Raster;
use rayon::prelude::*;
use std::borrow::Cow;
use std::fmt::Write;

/// Stands before every tile and after the last.
const AROUND: &str = "<fake_token_around_image>";
/// Marks the whole picture.
const WHOLE: &str = "<global-img>";

/// The model with everything around it.
pub struct Idefics3 {
    sights: Sights,
    reader: Reader,
    preprocessor: TilesConfig,
    config: Config,
    info: ModelInfo,
    placement: Placement,
}

impl Idefics3 {
    /// Loads a checkpoint as f32.
    ///
    /// # Errors
    /// Every variant but [`Error::BadRequest`]: see there.
    pub fn load(checkpoint: &Checkpoint, name: &str, placement: &Placement) -> Result<Self> {
        let json = checkpoint.text("config.json")?;
        let config = Config::from_json(&json)?;
        let preprocessor = TilesConfig::from_json(&checkpoint.text("preprocessor_config.json")?)?;
        config.vision.takes(preprocessor.tile_px)?;
        let template = checkpoint.chat_template()?;
        let tokenizer = checkpoint.read("tokenizer.json")?;
        let tokenizer =
            PromptTokenizer::new(&tokenizer, template, config.image_token_id, config.text.vocab_size)?;

        let Weighed { weights, measure } = Weighed::read(checkpoint, placement, str::to_owned)?;
        let sights = Sights::new(&config, weights.clone()).map_err(name_weight_error)?;
        let decoder = Decoder::new(&config.text, weights.pp("model.text_model"), weights.pp("lm_head"))
            .map_err(name_weight_error)?;
        let max_tokens = config.text.max_position_embeddings;
        let inputs = InputLimits {
            min_pixels: preprocessor.tile_px * preprocessor.tile_px,
            max_pixels: preprocessor.longest_side_px * preprocessor.longest_side_px,
            token_side_px: config.vision.patch_size * config.scale_factor,
            max_tokens,
        };
        let info = measure.info(Family::Idefics3, &json, name, inputs)?;
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

    /// How pictures become tiles.
    pub fn preprocessor(&self) -> &TilesConfig {
        &self.preprocessor
    }

    /// The patches of tiles, `(tiles, patches, channels * side * side)` on the CPU.
    ///
    /// # Errors
    /// [`Error::Compute`] when a tile has another size than the tower was built for.
    pub fn patches(&self, tiles: &Tiles) -> Result<Tensor> {
        self.config.vision.patches(&tiles.pictures, &self.preprocessor.levels)
    }

    /// Tokens along a side of a tile.
    fn side(&self) -> usize {
        self.config.vision.side() / self.config.scale_factor
    }

    /// How a picture stands in a prompt.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when the tokens are not of this model.
    pub fn place<'a>(&self, vision: &'a VisionTokens) -> Result<Placed<'a>> {
        let tile = self.side() * self.side() * self.reader.decoder.width();
        let (rows, columns, tokens) = match &vision.detail {
            Detail::Tiles { rows, columns, tokens } => (*rows, *columns, tokens.as_slice()),
            _ => (0, 0, [].as_slice()),
        };
        if vision.tokens.len() != tile || tokens.len() != rows * columns * tile {
            return Err(Error::BadRequest { reason: "the vision tokens are of another model".to_owned() });
        }
        let image = self.reader.tokenizer.image_text();
        let mut text = String::new();
        for row in 1..=rows {
            for column in 1..=columns {
                // Writing to a string cannot fail.
                let _ = write!(text, "{AROUND}<row_{row}_col_{column}>{image}");
            }
            text.push('\n');
        }
        if rows > 0 {
            text.push('\n');
        }
        let _ = write!(text, "{AROUND}{WHOLE}{image}{AROUND}");
        Ok(Placed {
            text: Cow::Owned(text),
            runs: vec![[self.side() * self.side(), 1, 1]; rows * columns + 1],
            rows: vec![tokens, &vision.tokens],
            added: Vec::new(),
        })
    }
}

impl Vlm for Idefics3 {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn encode(&self, pictures: &[&Raster]) -> Result<Vec<VisionTokens>> {
        let prepare = |picture: &&Raster| -> Result<(Tiles, Tensor)> {
            let tiles = self.preprocessor.tiles(picture)?;
            let patches = self.patches(&tiles)?;
            Ok((tiles, patches))
        };
        let (tiles, patches): (Vec<Tiles>, Vec<Tensor>) =
            pictures.par_iter().map(prepare).collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let seen = in_passes(&patches, &self.placement, |patches| self.sights.forward(patches))?;
        let mut seen = seen.into_iter();
        let one = |tiles: &Tiles| {
            let (rows, columns) = (tiles.rows, tiles.columns);
            let tokens: Vec<f32> = seen.by_ref().take(rows * columns).flatten().collect();
            VisionTokens {
                grid: [1, self.side(), self.side()],
                width: self.reader.decoder.width(),
                tokens: seen.next().unwrap_or_default(),
                detail: match rows {
                    0 => Detail::None,
                    _ => Detail::Tiles { rows, columns, tokens },
                },
            }
        };
        Ok(tiles.iter().map(one).collect())
    }

    fn score(&self, requests: &[ScoreRequest]) -> Result<Vec<OptionScores>> {
        self.reader.score(requests, |vision| self.place(vision))
    }
}
