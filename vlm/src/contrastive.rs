//! Models that put pictures and texts into one space: what they answer to, and the text tower that CLIP and SigLIP share
//! but for a few words.

use crate::checkpoint::name_weight_error;
use crate::encoder::{Encoder, Stack};
use crate::error::{Error, Result};
use crate::layers::{LayerNorm, Linear, initial};
use crate::model::ModelInfo;
use crate::nn::Scope;
use crate::passes::{PassSize, in_passes};
use candle_core::{D, DType, Device, Tensor};
use candle_nn::VarBuilder;
use flipside_shared::raster::Raster;
use tokenizers::Tokenizer;

/// Tokens of one pass through a text tower.
const TOKENS: PassSize = PassSize { cpu: 512, gpu: 8192 };

/// A loaded model with a picture and a text tower. Stateless.
pub trait Contrastive {
    /// What the model is.
    fn info(&self) -> &ModelInfo;

    /// The embedding of each picture, in order, of length 1.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when a picture cannot be resized; [`Error::Compute`].
    fn embed_pictures(&self, pictures: &[&Raster]) -> Result<Vec<Vec<f32>>>;

    /// The embedding of each text, in order, of length 1.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when a text is too long; [`Error::Compute`].
    fn embed_texts(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>>;

    /// How the cosine of two embeddings becomes a logit.
    fn likeness(&self) -> Likeness;
}

/// `scale * cosine + bias` is the logit of a picture and a text: CLIP's softmax over texts takes it, SigLIP's sigmoid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// Factor.
    pub scale: f32,
    /// Summand; 0 for CLIP.
    pub bias: f32,
}

impl Likeness {
    /// The logit of two embeddings.
    pub fn logit(self, picture: &[f32], text: &[f32]) -> f32 {
        self.scale * picture.iter().zip(text).map(|(a, b)| a * b).sum::<f32>() + self.bias
    }
}

/// `(n, width)` with every row at length 1.
pub(crate) fn unit(x: &Tensor) -> candle_core::Result<Tensor> {
    x.broadcast_div(&x.sqr()?.sum_keepdim(D::Minus1)?.sqrt()?)
}

/// At which token a text's embedding is taken, and what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The first of this token; a text sees itself from left to right, so what follows does not count.
    First(u32),
    /// The token with the highest number, as in CLIP's first files.
    Highest,
    /// The last place, after filling up with this token; all places see each other.
    Last(u32),
}

/// Sizes of a text tower beside those of its blocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextShape {
    pub(crate) vocab_size: usize,
    pub(crate) max_tokens: usize,
    pub(crate) width: usize,
    /// Whether the last layer has a bias.
    pub(crate) head_bias: bool,
}

/// Tokenizer, embeddings, blocks and head.
pub(crate) struct TextTower {
    tokenizer: Tokenizer,
    embeddings: Tensor,
    positions: Tensor,
    encoder: Encoder,
    norm: LayerNorm,
    head: Linear,
    ending: Ending,
    max_tokens: usize,
    device: Device,
}

impl TextTower {
    /// Takes `embeddings.*`, `encoder.*` and `final_layer_norm.*` from `weights` and the last layer from `head`.
    pub(crate) fn new(
        tokenizer: &[u8],
        (stack, shape, ending): (&Stack, TextShape, Ending),
        weights: VarBuilder,
        head: VarBuilder,
    ) -> Result<Self> {
        let tokenizer = Tokenizer::from_bytes(tokenizer)
            .map_err(|e| Error::BadJson { file: "tokenizer.json".to_owned(), reason: e.to_string() })?;
        let tokens = tokenizer.get_vocab_size(true);
        if tokens > shape.vocab_size {
            return Err(Error::Tokenizer {
                reason: format!("it has {tokens} tokens, the model only {} embeddings", shape.vocab_size),
            });
        }
        let build = || -> candle_core::Result<Self> {
            let embeddings = weights.pp("embeddings");
            let table = |rows, name| embeddings.get_with_hints((rows, stack.hidden), name, initial());
            let layer = if shape.head_bias { Linear::new } else { Linear::without_bias };
            Ok(Self {
                tokenizer,
                embeddings: table(shape.vocab_size, "token_embedding.weight")?,
                positions: table(shape.max_tokens, "position_embedding.weight")?,
                encoder: Encoder::new(stack, weights.pp("encoder"))?,
                norm: LayerNorm::new(stack.hidden, stack.eps, weights.pp("final_layer_norm"))?,
                head: layer(stack.hidden, shape.width, head)?,
                ending,
                max_tokens: shape.max_tokens,
                device: weights.device().clone(),
            })
        };
        build().map_err(name_weight_error)
    }

    /// The embedding of each text, in order, of length 1.
    pub(crate) fn embed(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let ids = texts.iter().map(|text| self.ids(text)).collect::<Result<Vec<_>>>()?;
        let pass = |texts: &[Vec<u32>]| -> Result<Vec<Vec<f32>>> {
            Ok(unit(&self.forward(texts)?.to_dtype(DType::F32)?)?.to_vec2::<f32>()?)
        };
        in_passes(&self.device, &ids, &TOKENS, Vec::len, pass)
    }

    /// The tokens of a text with what its tokenizer puts around it.
    fn ids(&self, text: &str) -> Result<Vec<u32>> {
        let encoding =
            self.tokenizer.encode_fast(text, true).map_err(|e| Error::Tokenizer { reason: e.to_string() })?;
        let mut ids = encoding.get_ids().to_vec();
        if ids.is_empty() || ids.len() > self.max_tokens {
            return Err(Error::BadRequest {
                reason: format!(
                    "a text takes {} tokens, the model can read 1 to {}",
                    ids.len(),
                    self.max_tokens
                ),
            });
        }
        if let Ending::Last(fill) = self.ending {
            ids.resize(self.max_tokens, fill);
        }
        Ok(ids)
    }

    /// `(texts, width)`, of any length.
    fn forward(&self, texts: &[Vec<u32>]) -> Result<Tensor> {
        let seq = texts.iter().map(Vec::len).max().unwrap_or(1);
        let taken = texts.iter().enumerate().map(|(index, ids)| Ok((index * seq + self.place(ids)?) as u32));
        let taken = taken.collect::<Result<Vec<u32>>>()?;
        let filled = |ids: &Vec<u32>| [ids.as_slice(), &vec![0; seq - ids.len()]].concat();
        let ids: Vec<u32> = texts.iter().flat_map(filled).collect();
        let x = self.embeddings.index_select(&Tensor::new(ids, &self.device)?, 0)?;
        let x = x.reshape((texts.len(), seq, ()))?.broadcast_add(&self.positions.narrow(0, 0, seq)?)?;
        let scope = match self.ending {
            Ending::Last(_) => Scope::Runs(vec![seq]),
            Ending::First(_) | Ending::Highest => Scope::Mask(from_left(seq, &self.device)?),
        };
        let x = self.encoder.forward(&x, &scope)?.flatten_to(1)?;
        let x = x.index_select(&Tensor::new(taken, &self.device)?, 0)?;
        Ok(self.head.forward(&self.norm.forward(&x)?)?)
    }

    /// The place at which a text's embedding is taken.
    fn place(&self, ids: &[u32]) -> Result<usize> {
        match self.ending {
            Ending::Last(_) => Ok(ids.len() - 1),
            Ending::First(end) => ids.iter().position(|id| *id == end).ok_or_else(|| Error::Tokenizer {
                reason: format!("it does not end a text with token {end}, as config.json says"),
            }),
            Ending::Highest => {
                let highest = ids.iter().max();
                Ok(ids.iter().position(|id| Some(id) == highest).unwrap_or(0))
            }
        }
    }
}

/// `(1, 1, seq, seq)`: each place sees itself and what is left of it.
fn from_left(seq: usize, device: &Device) -> candle_core::Result<Tensor> {
    let seen = (0..seq * seq).map(|i| if i % seq <= i / seq { 0.0 } else { f32::NEG_INFINITY });
    Tensor::from_iter(seen, device)?.reshape((1, 1, seq, seq))
}
