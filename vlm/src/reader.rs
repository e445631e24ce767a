//! The reading half of every family: a prompt with its picture's vision tokens to the log-likelihood of each option.
//!
//! Families differ in how a picture stands in the prompt; they say so in a [`Placed`], and all else is done here.
//! Knows tokens, packing and the decoder; nothing of pictures.

use crate::decoder::Decoder;
use crate::device::Placement;
use crate::error::{Error, Result};
use crate::model::{OptionScores, ScoreRequest, VisionTokens};
use crate::nn;
use crate::packing::{Conversation, Packed, Places, pack};
use crate::passes::{PassSize, in_passes};
use crate::prompt::PromptRegime;
use crate::tokens::{PromptTokenizer, PromptTokens};
use candle_core::{DType, Tensor};
use std::borrow::Cow;

/// Slots of a pass through the decoder.
const SLOTS: PassSize = PassSize { cpu: 512, gpu: 8192 };

/// The decoder with everything that a prompt needs.
pub struct Reader {
    /// From embeddings to hidden states and logits.
    pub decoder: Decoder,
    /// From questions and options to token ids.
    pub tokenizer: PromptTokenizer,
    /// Where the decoder's weights are, and in which number format.
    pub placement: Placement,
    /// Most tokens in a prompt with all its options.
    pub max_tokens: usize,
}

/// How a picture stands in a prompt.
#[derive(Clone, Debug)]
pub struct Placed<'a> {
    /// The text in the place of the template's image token, with one image token for each run.
    pub text: Cow<'a, str>,
    /// Per run, vision tokens along time, height and width; see [`crate::packing`].
    pub runs: Vec<[usize; 3]>,
    /// The vision tokens of all runs, one after the other.
    pub rows: Vec<&'a [f32]>,
    /// What is added to them after each of the first layers, in the same order.
    pub added: Vec<&'a [f32]>,
}

/// The hidden states and log-probabilities of a packed batch.
pub struct Outcome {
    /// `(batch * seq, hidden)`: the last hidden states.
    pub hidden: Tensor,
    /// `(predictions)` in f32: the log-probability of each predicted token.
    pub log_probs: Tensor,
}

/// The vision rows of a packed batch.
pub struct Sight {
    /// `(rows, hidden)`: the vision tokens of all conversations, one after the other.
    pub tokens: Tensor,
    /// The same for each of the first layers, to be added to their output.
    pub added: Vec<Tensor>,
}

/// A request on its way.
struct Asked<'a> {
    tokens: PromptTokens,
    placed: Placed<'a>,
}

impl Asked<'_> {
    fn conversation(&self) -> Conversation<'_> {
        Conversation { tokens: &self.tokens, runs: &self.placed.runs }
    }
}

impl Reader {
    /// A tensor of f32 where the layers are and in their number format.
    pub(crate) fn bring(&self, values: &Tensor) -> Result<Tensor> {
        Ok(values.to_device(&self.placement.device)?.to_dtype(self.placement.dtype)?)
    }

    /// The tokens of a prompt and its options; `image` as in [`PromptTokenizer::encode`].
    ///
    /// # Errors
    /// [`Error::BadRequest`].
    pub fn tokens(
        &self,
        question: &str,
        options: &[String],
        regime: PromptRegime,
        image: &str,
    ) -> Result<PromptTokens> {
        self.tokenizer.encode(&regime.text(question, options), options, image)
    }

    /// One pass of the decoder over a packed batch. Differentiable with respect to what is seen.
    ///
    /// # Errors
    /// When the vision rows are not those the batch was packed for.
    pub fn run(&self, packed: &Packed, sight: &Sight) -> Result<Outcome> {
        let (batch, seq) = (packed.batch, packed.seq);
        let ids = Tensor::new(packed.text_ids.as_slice(), &self.placement.device)?;
        let rows = Tensor::new(packed.rows.as_slice(), &self.placement.device)?;
        let seen = sight.tokens.to_dtype(self.placement.dtype)?;
        let table = Tensor::cat(&[&self.decoder.embed(&ids)?, &seen], 0)?;
        let embeds = table.index_select(&rows, 0)?.reshape((batch, seq, ()))?;
        let positions = Tensor::from_slice(&packed.positions, (3, batch, seq), &self.placement.device)?;
        let mask = Tensor::from_slice(&packed.mask, (batch, 1, seq, seq), &self.placement.device)?;
        let added = self.spread(packed, &sight.added)?;
        let hidden = self.decoder.forward_with(&embeds, &positions, &mask, &added)?.flatten_to(1)?;

        let from = Tensor::new(packed.predicted_from.as_slice(), &self.placement.device)?;
        let predicted = Tensor::new(packed.predicted.as_slice(), &self.placement.device)?;
        let logits = self.decoder.logits(&hidden.index_select(&from, 0)?)?;
        let log_probs = nn::log_softmax_last(&logits)?.gather(&predicted.unsqueeze(1)?, 1)?.squeeze(1)?;
        Ok(Outcome { hidden, log_probs })
    }

    /// Brings what is added to vision rows to their slots, with nothing at those of text: `(batch, seq, hidden)` each.
    fn spread(&self, packed: &Packed, added: &[Tensor]) -> Result<Vec<Tensor>> {
        let text_rows = packed.text_ids.len() as u32;
        let rows: Vec<u32> = packed.rows.iter().map(|row| (row + 1).saturating_sub(text_rows)).collect();
        let spread = |added: &Tensor| {
            let nothing = Tensor::zeros((1, added.dim(1)?), added.dtype(), &self.placement.device)?;
            let rows = Tensor::new(rows.as_slice(), &self.placement.device)?;
            let spread = Tensor::cat(&[&nothing, added], 0)?.index_select(&rows, 0)?;
            let spread = spread.to_dtype(self.placement.dtype)?;
            Ok(spread.reshape((packed.batch, packed.seq, ()))?)
        };
        added.iter().map(spread).collect()
    }

    /// The log-likelihood of each option of each request, in order; `place` puts a picture into a prompt.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when a request has no option, a text cannot be tokenized or is too long, or `place` says
    /// so; [`Error::Compute`].
    pub fn score<'a>(
        &self,
        requests: &[ScoreRequest<'a>],
        place: impl Fn(&'a VisionTokens) -> Result<Placed<'a>>,
    ) -> Result<Vec<OptionScores>> {
        let asked = self.ask(requests, place)?;
        let length = |asked: &Asked| asked.conversation().length();
        let longest = asked.iter().map(length).max().unwrap_or(0);
        if longest > self.max_tokens {
            let most = self.max_tokens;
            return Err(Error::BadRequest {
                reason: format!(
                    "the prompt and its options take {longest} tokens, the model can read {most}"
                ),
            });
        }
        in_passes(&self.placement.device, &asked, &SLOTS, length, |pass| self.score_pass(pass))
    }

    /// Every request with its tokens; a text that occurs again (the same question on many pictures) is tokenized once.
    fn ask<'a>(
        &self,
        requests: &[ScoreRequest<'a>],
        place: impl Fn(&'a VisionTokens) -> Result<Placed<'a>>,
    ) -> Result<Vec<Asked<'a>>> {
        let mut all: Vec<Asked> = Vec::with_capacity(requests.len());
        for (index, request) in requests.iter().enumerate() {
            if request.options.is_empty() {
                return Err(Error::BadRequest { reason: "a question needs at least one option".to_owned() });
            }
            let placed = place(request.vision)?;
            let same = |(before, asked): &(&ScoreRequest, &Asked)| {
                same_text(before, request) && asked.placed.text == placed.text
            };
            let tokens = match requests[..index].iter().zip(&all).rev().find(same) {
                Some((_, asked)) => asked.tokens.clone(),
                None => self.tokens(request.question, request.options, request.regime, &placed.text)?,
            };
            all.push(Asked { tokens, placed });
        }
        Ok(all)
    }

    fn score_pass(&self, asked: &[Asked]) -> Result<Vec<OptionScores>> {
        let conversations: Vec<Conversation> = asked.iter().map(Asked::conversation).collect();
        let packed = pack(&conversations);
        let outcome = self.run(&packed, &self.sight(asked)?)?;
        let log_probs = outcome.log_probs.to_vec1::<f32>()?;
        // Of all hidden states only those that are told leave the device.
        let told: Vec<u32> = packed.requests.iter().flat_map(told_slots).collect();
        let told = Tensor::new(told, &self.placement.device)?;
        let states = outcome.hidden.index_select(&told, 0)?.to_dtype(DType::F32)?.to_vec2::<f32>()?;
        let mut states = states.into_iter();
        Ok(packed.requests.iter().map(|places| read_scores(places, &log_probs, &mut states)).collect())
    }

    fn sight(&self, asked: &[Asked]) -> Result<Sight> {
        let width = self.decoder.width();
        let tensor = |rows: Vec<f32>| Tensor::from_vec(rows, ((), width), &self.placement.device);
        let layers = asked.iter().map(|asked| asked.placed.added.len()).max().unwrap_or(0);
        let added = |layer: usize| {
            tensor(
                asked
                    .iter()
                    .filter_map(|asked| asked.placed.added.get(layer))
                    .copied()
                    .flatten()
                    .copied()
                    .collect(),
            )
        };
        Ok(Sight {
            tokens: tensor(asked.iter().flat_map(|asked| asked.placed.rows.concat()).collect())?,
            added: (0..layers).map(added).collect::<candle_core::Result<_>>()?,
        })
    }
}

fn same_text(a: &ScoreRequest, b: &ScoreRequest) -> bool {
    a.regime == b.regime && a.question == b.question && a.options == b.options
}

/// The flat slots whose hidden states [`read_scores`] wants, in its order.
fn told_slots(places: &Places) -> impl Iterator<Item = u32> {
    std::iter::once(places.context).chain(places.answers.iter().flat_map(Clone::clone))
}

fn read_scores(
    places: &Places,
    log_probs: &[f32],
    states: &mut impl Iterator<Item = Vec<f32>>,
) -> OptionScores {
    let sum = |range: &std::ops::Range<usize>| log_probs[range.clone()].iter().map(|&p| f64::from(p)).sum();
    let context_state = states.next().unwrap_or_default();
    let mean = |slots: &std::ops::Range<u32>| {
        let rows: Vec<Vec<f32>> = states.take(slots.len()).collect();
        let mut mean = vec![0f32; rows.first().map_or(0, Vec::len)];
        for row in &rows {
            mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += value / rows.len() as f32);
        }
        mean
    };
    OptionScores {
        log_likelihoods: places.predictions.iter().map(sum).collect(),
        token_counts: places.predictions.iter().map(|range| range.len() as u32).collect(),
        context_state,
        option_states: places.answers.iter().map(mean).collect(),
    }
}
