//! Stages 2 and 3: the language model learns to answer, from the stored features of the finished vision tower or
//! together with it.
//!
//! Beside the answers, a head that is thrown away afterwards asks the middle of the network, at the last word of
//! each object phrase, what the phrase refers to: how many objects, and when it is one, its attributes and place.
//! Relations are two such look-ups and a comparison, and hard to learn without.

use super::lessons::KINDS;
use super::shards::ShardLoss;
use super::sheet::{Page, Scribe, Sheets, named};
use super::world::TOKENS;
use crate::error::Result;
use crate::nn;
use crate::qwen2_5_vl::{Config, GridThw, Model};
use candle_core::Tensor;
use candle_nn::{Init, VarBuilder};

/// The head looks after this many layers.
const TAP: usize = 3;
/// Where in its outputs the classes lie: count, shape, colour, material, size; then three places.
const CLASSES: [(usize, usize); 5] = [(0, 6), (6, 4), (10, 8), (18, 2), (20, 2)];
const PLACES: usize = 22;
const OUTPUTS: usize = 25;
const PLACE_WEIGHT: f64 = 4.0;
/// Weight of the head's loss against the answers'.
const GROUNDING_WEIGHT: f64 = 0.3;
/// Weight of stage 1's loss while the tower learns together with the language model.
pub(super) const DENSE_WEIGHT: f64 = 1.0;

/// The model with its grounding head.
pub(super) struct Speaker {
    pub(super) model: Model,
    norm: Tensor,
    head: (Tensor, Tensor),
}

/// Where the vision features of a batch come from.
pub(super) enum Sight {
    /// Features of the frozen tower before the merger, all pictures one after the other.
    Features(Tensor),
    /// Patches, for the tower to learn as well. Either may lie in main memory while the model does not.
    Patches(Tensor),
}

impl Speaker {
    pub(super) fn new(config: &Config, weights: VarBuilder) -> Result<Self> {
        let width = config.text.hidden_size;
        let grounding = weights.pp("grounding");
        Ok(Self {
            norm: grounding.get_with_hints(width, "norm.weight", Init::Const(1.))?,
            head: (
                grounding.get_with_hints((OUTPUTS, width), "weight", Init::Const(0.))?,
                grounding.get_with_hints(OUTPUTS, "bias", Init::Const(0.))?,
            ),
            model: Model::new(config, weights)?,
        })
    }

    /// Features before the merger, `(images * 196, vision_hidden)`, and vision tokens, `(images * 49, hidden)`.
    pub(super) fn see(&self, sight: &Sight) -> Result<(Tensor, Tensor)> {
        let features = match sight {
            Sight::Features(features) => features.to_device(self.norm.device())?,
            Sight::Patches(patches) => {
                let grid = GridThw { t: 1, h: 2 * TOKENS, w: 2 * TOKENS };
                let images = patches.dim(0)? / grid.patches();
                let patches = patches.to_device(self.norm.device())?;
                self.model.visual.forward_blocks(&patches, &vec![grid; images])?
            }
        };
        let tokens = self.model.visual.merge(&features)?;
        Ok((features, tokens))
    }

    /// Loss of a batch from its vision tokens. The report is the loss of the answers, then kind by kind the questions
    /// answered right, then kind by kind the questions asked.
    pub(super) fn loss(&self, vision: &Tensor, pages: &[Page], scribe: &Scribe) -> Result<ShardLoss> {
        let sheets = Sheets::new(pages, scribe)?;
        let (hidden, middle) = self.read(vision, &sheets)?;
        let device = hidden.device();
        let slots: Vec<u32> = sheets.targets.iter().map(|t| t.slot).collect();
        let logits = self.model.text.logits(&hidden.index_select(&Tensor::new(slots, device)?, 0)?)?;
        let scale = 1.0 / sheets.asked.len().max(1) as f32;
        let tokens: Vec<u32> = sheets.targets.iter().map(|t| t.token).collect();
        let weights: Vec<f32> = sheets.targets.iter().map(|t| t.weight * scale).collect();
        let answers = nn::cross_entropy(&logits, &tokens, &weights)?;

        let mut report = vec![0.0; 1 + 2 * KINDS.len()];
        report[0] = f64::from(answers.to_scalar::<f32>()?);
        let numbers = logits.detach().to_vec2::<f32>()?;
        for asked in &sheets.asked {
            let row = &numbers[asked.target];
            let own = row[tokens[asked.target] as usize];
            let right = asked.options.iter().all(|option| row[*option as usize] <= own);
            report[1 + asked.kind] += f64::from(u8::from(right));
            report[1 + KINDS.len() + asked.kind] += 1.0;
        }
        let grounding = self.grounding(&sheets, &middle)?;
        Ok(ShardLoss { loss: (answers + (grounding * GROUNDING_WEIGHT)?)?, report })
    }

    /// Final hidden states and those after [`TAP`] layers, `(batch * seq, hidden)` each.
    pub(super) fn read(&self, vision: &Tensor, sheets: &Sheets) -> Result<(Tensor, Tensor)> {
        let device = vision.device();
        let text = self.model.text.embed(&Tensor::new(sheets.text_ids.as_slice(), device)?)?;
        let rows = Tensor::new(sheets.rows.as_slice(), device)?;
        let embeds = Tensor::cat(&[&text, vision], 0)?.index_select(&rows, 0)?;
        let embeds = embeds.reshape((sheets.batch, sheets.seq, ()))?;
        let (positions, mask) = (sheets.positions(device)?, sheets.mask(device)?);
        let (hidden, middle) = self.model.text.forward_tapped(&embeds, &positions, &mask, TAP)?;
        Ok((hidden.flatten_to(1)?, middle.flatten_to(1)?))
    }

    fn grounding(&self, sheets: &Sheets, middle: &Tensor) -> Result<Tensor> {
        let nouns = &sheets.nouns;
        if nouns.is_empty() {
            return Ok(Tensor::zeros((), middle.dtype(), middle.device())?);
        }
        let slots: Vec<u32> = nouns.iter().map(|noun| noun.slot).collect();
        let x = middle.index_select(&Tensor::new(slots, middle.device())?, 0)?;
        let outputs = nn::linear(&nn::rms_norm(&x, &self.norm, 1e-6)?, &self.head.0, Some(&self.head.1))?;
        let one = 1.0 / nouns.len() as f32;
        let mut losses = Vec::new();
        for (group, (start, classes)) in CLASSES.iter().enumerate() {
            let (targets, weights): (Vec<u32>, Vec<f32>) = nouns
                .iter()
                .map(|noun| match (group, named(noun)) {
                    (0, _) => (noun.phrase.count.min(5), one),
                    (group, Some(facts)) => (facts.classes[group - 1], one),
                    _ => (0, 0.0),
                })
                .unzip();
            losses.push(nn::cross_entropy(&outputs.narrow(1, *start, *classes)?, &targets, &weights)?);
        }
        let mut wanted = Vec::with_capacity(nouns.len() * 3);
        let mut weights = Vec::with_capacity(nouns.len() * 3);
        for noun in nouns {
            let facts = named(noun);
            weights.extend([if facts.is_some() { one } else { 0.0 }; 3]);
            wanted.extend(facts.map(|facts| facts.place).unwrap_or_default());
        }
        let shape = (nouns.len(), 3);
        let wanted = Tensor::from_vec(wanted, shape, outputs.device())?;
        let weights = Tensor::from_vec(weights, shape, outputs.device())?;
        let places = ((outputs.narrow(1, PLACES, 3)? - wanted)?.sqr()? * weights)?.sum_all()?;
        losses.push((places * PLACE_WEIGHT)?);
        Ok(Tensor::stack(&losses, 0)?.sum_all()?)
    }
}
