//! The reading half of every family: a prompt with its picture's vision tokens to the log-likelihood of each option.
//!
//! Families differ in how a picture stands in the prompt; they say so in a [`Placed`], and all else is done here.
//! Knows tokens, packing and the decoder; nothing of pictures.

use crate::decoder::Decoder;
use crate::error::{Error, Result};
use crate::model::{OptionScores, ScoreRequest, VisionTokens};
use crate::packing::{Conversation, Packed, Places, pack};
use crate::prompt::PromptRegime;
use crate::tokens::{PromptTokenizer, PromptTokens};
use candle_core::{D, Device, Tensor};
use rayon::prelude::*;
use std::borrow::Cow;

/// Slots of one pass through the decoder. Small passes stay in the processor's cache and spread over its cores; larger
/// ones were slower.
const SLOTS_PER_PASS: usize = 512;

/// The decoder with everything that a prompt needs.
pub struct Reader {
    /// From embeddings to hidden states and logits.
    pub decoder: Decoder,
    /// From questions and options to token ids.
    pub tokenizer: PromptTokenizer,
    /// Where the decoder's weights are.
    pub device: Device,
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
    /// `(predictions)`: the log-probability of each predicted token.
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
        let ids = Tensor::new(packed.text_ids.as_slice(), &self.device)?;
        let rows = Tensor::new(packed.rows.as_slice(), &self.device)?;
        let table = Tensor::cat(&[&self.decoder.embed(&ids)?, &sight.tokens], 0)?;
        let embeds = table.index_select(&rows, 0)?.reshape((batch, seq, ()))?;
        let positions = Tensor::from_slice(&packed.positions, (3, batch, seq), &self.device)?;
        let mask = Tensor::from_slice(&packed.mask, (batch, 1, seq, seq), &self.device)?;
        let added = self.spread(packed, &sight.added)?;
        let hidden = self.decoder.forward_with(&embeds, &positions, &mask, &added)?.flatten_to(1)?;

        let from = Tensor::new(packed.predicted_from.as_slice(), &self.device)?;
        let predicted = Tensor::new(packed.predicted.as_slice(), &self.device)?;
        let logits = self.decoder.logits(&hidden.index_select(&from, 0)?)?;
        let log_probs = candle_nn::ops::log_softmax(&logits, D::Minus1)?;
        let log_probs = log_probs.gather(&predicted.unsqueeze(1)?, 1)?.squeeze(1)?;
        Ok(Outcome { hidden, log_probs })
    }

    /// Brings what is added to vision rows to their slots, with nothing at those of text: `(batch, seq, hidden)` each.
    fn spread(&self, packed: &Packed, added: &[Tensor]) -> Result<Vec<Tensor>> {
        let text_rows = packed.text_ids.len() as u32;
        let rows: Vec<u32> = packed.rows.iter().map(|row| (row + 1).saturating_sub(text_rows)).collect();
        let spread = |added: &Tensor| {
            let nothing = Tensor::zeros((1, added.dim(1)?), added.dtype(), &self.device)?;
            let rows = Tensor::new(rows.as_slice(), &self.device)?;
            let spread = Tensor::cat(&[&nothing, added], 0)?.index_select(&rows, 0)?;
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
        let passes = passes(&asked, SLOTS_PER_PASS, length);
        let scores: Vec<_> =
            passes.into_par_iter().map(|pass| self.score_pass(pass)).collect::<Result<_>>()?;
        Ok(scores.into_iter().flatten().collect())
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
        let hidden = outcome.hidden.to_device(&Device::Cpu)?.to_vec2::<f32>()?;
        Ok(packed.requests.iter().map(|places| read_scores(places, &log_probs, &hidden)).collect())
    }

    fn sight(&self, asked: &[Asked]) -> Result<Sight> {
        let width = self.decoder.width();
        let tensor = |rows: Vec<f32>| Tensor::from_vec(rows, ((), width), &self.device);
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

/// Cuts a list into stretches whose sizes add up to at most `most`, at least one entry each; smaller ones when that
/// keeps every thread busy.
pub(crate) fn passes<T>(list: &[T], most: usize, size: impl Fn(&T) -> usize) -> Vec<&[T]> {
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
