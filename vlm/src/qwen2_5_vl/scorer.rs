//! A Qwen2.5-VL checkpoint ready to answer: pictures to vision tokens, questions and options to log-likelihoods.
//!
//! Ties the architecture to preprocessing, tokenizer and packing behind [`Vlm`].

use super::config::ARCHITECTURE;
use super::packing::{Conversation, Packed, Places, pack};
use super::{Config, GridThw, Model};
use crate::checkpoint::{Checkpoint, name_weight_error};
use crate::error::{Error, Result};
use crate::model::{InputLimits, ModelInfo, OptionScores, ScoreRequest, VisionTokens, Vlm};
use crate::preprocess::{PreprocessorConfig, patches};
use crate::prompt::PromptRegime;
use crate::tokens::{PromptTokenizer, PromptTokens};
use candle_core::{D, DType, Device, Tensor};
use candle_nn::VarBuilder;
use flipside_shared::raster::Raster;
use rayon::prelude::*;
use serde::Deserialize;

/// Slots of one pass through the decoder. Small passes stay in the processor's cache and spread over its cores; larger
/// ones were slower.
const SLOTS_PER_PASS: usize = 512;
/// Patches of one pass through the vision tower.
const PATCHES_PER_PASS: usize = 1024;

/// The model with everything around it.
pub struct Qwen25Vl {
    model: Model,
    preprocessor: PreprocessorConfig,
    tokenizer: PromptTokenizer,
    info: ModelInfo,
    device: Device,
}

/// What our own checkpoints say of themselves under `flipside` in config.json.
#[derive(Deserialize, Default)]
#[serde(default)]
struct SelfDescription {
    name: Option<String>,
    limits: String,
}

/// The hidden states and log-probabilities of a packed batch.
pub struct Outcome {
    /// `(batch * seq, hidden)`: the last hidden states.
    pub hidden: Tensor,
    /// `(predictions)`: the log-probability of each predicted token.
    pub log_probs: Tensor,
}

impl Qwen25Vl {
    /// Loads a checkpoint as f32.
    ///
    /// # Errors
    /// Every variant but [`Error::BadRequest`]: see there.
    pub fn load(checkpoint: &Checkpoint, name: &str, device: &Device) -> Result<Self> {
        let json = checkpoint.text("config.json")?;
        let config = Config::from_json(&json)?;
        let own = describe(&json)?;
        let preprocessor = PreprocessorConfig::from_json(&checkpoint.text("preprocessor_config.json")?)?;
        check_geometry(&config, &preprocessor)?;
        let template = checkpoint.chat_template()?;
        let tokenizer = checkpoint.read("tokenizer.json")?;
        let tokenizer =
            PromptTokenizer::new(&tokenizer, template, config.image_token_id, config.text.vocab_size)?;

        let weights = checkpoint.weights(DType::F32, device)?;
        let parameter_count = weights.tensors.values().map(Tensor::elem_count).sum();
        let builder = VarBuilder::from_tensors(weights.tensors, DType::F32, device);
        let model = Model::new(&config, builder).map_err(name_weight_error)?;
        let info = ModelInfo {
            name: own.name.unwrap_or_else(|| name.to_owned()),
            family: "qwen2_5_vl",
            parameter_count,
            dtype: "f32".to_owned(),
            device: if device.is_cpu() { "cpu" } else { "cuda" }.to_owned(),
            inputs: InputLimits {
                min_pixels: preprocessor.min_pixels,
                max_pixels: preprocessor.max_pixels,
                token_side_px: preprocessor.patch_size * preprocessor.merge_size,
                max_tokens: config.text.max_position_embeddings,
            },
            limits: own.limits,
            weights_sha256: weights.sha256,
        };
        Ok(Self { model, preprocessor, tokenizer, info, device: device.clone() })
    }

    /// The weights and layers.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// How pictures become patches.
    pub fn preprocessor(&self) -> &PreprocessorConfig {
        &self.preprocessor
    }

    /// The tokens of a prompt and its options.
    ///
    /// # Errors
    /// [`Error::BadRequest`].
    pub fn tokens(&self, question: &str, options: &[String], regime: PromptRegime) -> Result<PromptTokens> {
        self.tokenizer.encode(&regime.text(question, options), options)
    }

    /// One pass of the decoder over a packed batch; `vision (rows, hidden)` holds the vision tokens of its pictures, one
    /// after the other. Differentiable with respect to `vision`.
    ///
    /// # Errors
    /// When the vision rows are not those the batch was packed for.
    pub fn run(&self, packed: &Packed, vision: &Tensor) -> Result<Outcome> {
        let (batch, seq) = (packed.batch, packed.seq);
        let ids = Tensor::new(packed.text_ids.as_slice(), &self.device)?;
        let rows = Tensor::new(packed.rows.as_slice(), &self.device)?;
        let table = Tensor::cat(&[&self.model.text.embed(&ids)?, vision], 0)?;
        let embeds = table.index_select(&rows, 0)?.reshape((batch, seq, ()))?;
        let positions = Tensor::from_slice(&packed.positions, (3, batch, seq), &self.device)?;
        let mask = Tensor::from_slice(&packed.mask, (batch, 1, seq, seq), &self.device)?;
        let hidden = self.model.text.forward(&embeds, &positions, &mask)?.flatten_to(1)?;

        let from = Tensor::new(packed.predicted_from.as_slice(), &self.device)?;
        let predicted = Tensor::new(packed.predicted.as_slice(), &self.device)?;
        let logits = self.model.text.logits(&hidden.index_select(&from, 0)?)?;
        let log_probs = candle_nn::ops::log_softmax(&logits, D::Minus1)?;
        let log_probs = log_probs.gather(&predicted.unsqueeze(1)?, 1)?.squeeze(1)?;
        Ok(Outcome { hidden, log_probs })
    }

    fn encode_pass(&self, pictures: &[(Tensor, GridThw)]) -> Result<Vec<VisionTokens>> {
        let grids: Vec<GridThw> = pictures.iter().map(|(_, grid)| *grid).collect();
        let values: Vec<&Tensor> = pictures.iter().map(|(values, _)| values).collect();
        let values = Tensor::cat(&values, 0)?.to_device(&self.device)?;
        let tokens = self.model.visual.forward(&values, &grids)?;
        let width = tokens.dim(1)?;
        let mut tokens = tokens.flatten_all()?.to_vec1::<f32>()?.into_iter();
        let one = |grid: GridThw| {
            let (height, across) = grid.merged(self.preprocessor.merge_size);
            let grid = [grid.t, height, across];
            let count = grid.iter().product::<usize>() * width;
            VisionTokens { grid, width, tokens: tokens.by_ref().take(count).collect() }
        };
        Ok(grids.into_iter().map(one).collect())
    }

    fn score_pass(&self, asked: &[(Conversation, &VisionTokens)]) -> Result<Vec<OptionScores>> {
        let conversations: Vec<Conversation> = asked.iter().map(|(conversation, _)| *conversation).collect();
        let packed = pack(&conversations);
        let vision: Vec<f32> = asked.iter().flat_map(|(_, vision)| vision.tokens.iter().copied()).collect();
        let width = asked.first().map_or(1, |(_, vision)| vision.width);
        let vision = Tensor::from_vec(vision, ((), width), &self.device)?;
        let outcome = self.run(&packed, &vision)?;
        let log_probs = outcome.log_probs.to_vec1::<f32>()?;
        let hidden = outcome.hidden.to_device(&Device::Cpu)?.to_vec2::<f32>()?;
        Ok(packed.requests.iter().map(|places| read_scores(places, &log_probs, &hidden)).collect())
    }
}

impl Vlm for Qwen25Vl {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn encode(&self, pictures: &[&Raster]) -> Result<Vec<VisionTokens>> {
        let prepared: Vec<(Tensor, GridThw)> =
            pictures.par_iter().map(|picture| patches(picture, &self.preprocessor)).collect::<Result<_>>()?;
        let passes = passes(&prepared, PATCHES_PER_PASS, |(_, grid)| grid.patches());
        let encoded: Vec<_> =
            passes.into_par_iter().map(|pass| self.encode_pass(pass)).collect::<Result<_>>()?;
        Ok(encoded.into_iter().flatten().collect())
    }

    fn score(&self, requests: &[ScoreRequest]) -> Result<Vec<OptionScores>> {
        let tokens = self.tokens_of(requests)?;
        let asked: Vec<(Conversation, &VisionTokens)> = requests
            .iter()
            .zip(&tokens)
            .map(|(request, tokens)| (Conversation { tokens, grid: request.vision.grid }, request.vision))
            .collect();
        let length = |(conversation, _): &(Conversation, &VisionTokens)| conversation.length();
        let longest = asked.iter().map(length).max().unwrap_or(0);
        if longest > self.info.inputs.max_tokens {
            let most = self.info.inputs.max_tokens;
            return Err(Error::BadRequest {
                reason: format!(
                    "the prompt and its options take {longest} tokens, the model can read {most}"
                ),
            });
        }
        let passes = passes(&asked, SLOTS_PER_PASS, length);
        let scores: Vec<_> =
            passes.into_par_iter().map(|pass| self.score_pass(pass)).collect::<Result<_>>()?;
        Ok(scores.into_iter().flatten().collect())
    }
}

impl Qwen25Vl {
    /// Tokens of every request; a text that occurs again (the same question on many pictures) is tokenized once.
    fn tokens_of(&self, requests: &[ScoreRequest]) -> Result<Vec<PromptTokens>> {
        let mut known: Vec<(&ScoreRequest, PromptTokens)> = Vec::new();
        for request in requests {
            if request.options.is_empty() {
                return Err(Error::BadRequest { reason: "a question needs at least one option".to_owned() });
            }
            let seen = |other: &&(&ScoreRequest, PromptTokens)| same_text(other.0, request);
            let tokens = match known.iter().rev().find(seen) {
                Some((_, tokens)) => tokens.clone(),
                None => self.tokens(request.question, request.options, request.regime)?,
            };
            known.push((request, tokens));
        }
        Ok(known.into_iter().map(|(_, tokens)| tokens).collect())
    }
}

fn same_text(a: &ScoreRequest, b: &ScoreRequest) -> bool {
    a.regime == b.regime && a.question == b.question && a.options == b.options
}

/// Cuts a list into stretches whose sizes add up to at most `most`, at least one entry each; smaller ones when that
/// keeps every thread busy.
fn passes<T>(list: &[T], most: usize, size: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let total: usize = list.iter().map(&size).sum();
    let most = most.min(total.div_ceil(rayon::current_num_threads()));
    let mut stretches = Vec::new();
    let (mut start, mut sum) = (0, 0);
    for (index, entry) in list.iter().enumerate() {
        let own = size(entry);
        if index > start && sum + own > most {
            stretches.push(&list[start..index]);
            (start, sum) = (index, 0);
        }
        sum += own;
    }
    if start < list.len() {
        stretches.push(&list[start..]);
    }
    stretches
}

fn read_scores(places: &Places, log_probs: &[f32], hidden: &[Vec<f32>]) -> OptionScores {
    let sum = |range: &std::ops::Range<usize>| log_probs[range.clone()].iter().map(|&p| f64::from(p)).sum();
    let mean = |slots: &std::ops::Range<u32>| {
        let rows = &hidden[slots.start as usize..slots.end as usize];
        let mut mean = vec![0f32; rows.first().map_or(0, Vec::len)];
        for row in rows {
            mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += value / rows.len() as f32);
        }
        mean
    };
    OptionScores {
        log_likelihoods: places.predictions.iter().map(sum).collect(),
        token_counts: places.predictions.iter().map(|range| range.len() as u32).collect(),
        context_state: hidden[places.context as usize].clone(),
        option_states: places.answers.iter().map(mean).collect(),
    }
}

fn describe(json: &str) -> Result<SelfDescription> {
    #[derive(Deserialize)]
    struct Root {
        #[serde(default)]
        flipside: SelfDescription,
    }
    let root: Root = serde_json::from_str(json)
        .map_err(|e| Error::BadJson { file: "config.json".to_owned(), reason: format!("flipside: {e}") })?;
    Ok(root.flipside)
}

/// The picture must be cut the way the tower was built.
fn check_geometry(config: &Config, preprocessor: &PreprocessorConfig) -> Result<()> {
    let vision = &config.vision;
    let tower = (vision.patch_size, vision.temporal_patch_size, vision.spatial_merge_size);
    let cut = (preprocessor.patch_size, preprocessor.temporal_patch_size, preprocessor.merge_size);
    if tower != cut || vision.in_channels != 3 {
        return Err(Error::BadJson {
            file: "preprocessor_config.json".to_owned(),
            reason: format!(
                "patch, frames and merge are {cut:?}, but {ARCHITECTURE} was built for {tower:?}"
            ),
        });
    }
    Ok(())
}
