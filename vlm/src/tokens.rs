//! From a question and its options to token ids: the chat template and the checkpoint's tokenizer together.
//!
//! A run of vision tokens is one image token here; how many stand in its place depends on the picture and is decided
//! when sequences are packed.

use crate::chat::ChatTemplate;
use crate::error::{Error, Result};
use tokenizers::Tokenizer;

/// Renders and tokenizes conversations.
pub struct PromptTokenizer {
    tokenizer: Tokenizer,
    template: ChatTemplate,
    image_token: u32,
    image_text: String,
    reserved: Vec<String>,
    closing: usize,
}

/// A prompt and its options as token ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptTokens {
    /// The text around the runs of vision tokens: one stretch before each and, to the end of the generation prompt,
    /// one that is not empty after the last.
    pub prompt: Vec<Vec<u32>>,
    /// Per option, its tokens and the end-of-turn tokens; each not empty.
    pub options: Vec<Vec<u32>>,
    /// How many tokens at the end of each option are end-of-turn tokens.
    pub closing: usize,
}

impl PromptTokenizer {
    /// `json` is `tokenizer.json`; `vocab_size` the number of embeddings.
    ///
    /// # Errors
    /// [`Error::BadJson`] when the file cannot be read, [`Error::Tokenizer`] when it has no image token or more tokens
    /// than the model has embeddings, [`Error::ChatTemplate`] when the template writes no image.
    pub fn new(json: &[u8], template: ChatTemplate, image_token: u32, vocab_size: usize) -> Result<Self> {
        let tokenizer = Tokenizer::from_bytes(json)
            .map_err(|e| Error::BadJson { file: "tokenizer.json".to_owned(), reason: e.to_string() })?;
        let Some(image_text) = tokenizer.id_to_token(image_token) else {
            return Err(unfit(format!(
                "it has no token {image_token}, which config.json names as the image token"
            )));
        };
        let tokens = tokenizer.get_vocab_size(true);
        if tokens > vocab_size {
            return Err(unfit(format!("it has {tokens} tokens, the model only {vocab_size} embeddings")));
        }
        let added = tokenizer.get_added_tokens_decoder();
        let special = added.into_values().filter(|token| token.special).map(|token| token.content);
        let reserved = special.chain([image_text.clone()]).collect();
        let mut this = Self { tokenizer, template, image_token, image_text, reserved, closing: 0 };
        this.closing = this.closing_length()?;
        Ok(this)
    }

    /// The text of the image token.
    pub fn image_text(&self) -> &str {
        &self.image_text
    }

    /// Tokenizes the conversation of `prompt` with each option as the assistant's answer. `image` is the text that
    /// stands for the picture, with one image token for each run of vision tokens: [`PromptTokenizer::image_text`]
    /// when there is nothing around or between them.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when a text contains one of the tokenizer's reserved tokens, or when an option does not
    /// leave the tokens of the prompt as they are.
    pub fn encode(&self, prompt: &str, options: &[String], image: &str) -> Result<PromptTokens> {
        for text in options.iter().map(String::as_str).chain([prompt]) {
            if let Some(token) = self.reserved.iter().find(|token| text.contains(token.as_str())) {
                return Err(Error::BadRequest {
                    reason: format!("the text contains the reserved token {token}"),
                });
            }
        }
        let start = self.ids(&self.with_image(self.template.prompt(prompt)?, image)?)?;
        let options = options
            .iter()
            .map(|option| {
                let mut whole =
                    self.ids(&self.with_image(self.template.answered(prompt, option)?, image)?)?;
                if whole.len() <= start.len() || whole[..start.len()] != start {
                    return Err(Error::BadRequest {
                        reason: format!("the option {option:?} runs together with the prompt before it"),
                    });
                }
                Ok(whole.split_off(start.len()))
            })
            .collect::<Result<_>>()?;
        Ok(PromptTokens { prompt: self.split_at_images(&start, image)?, options, closing: self.closing })
    }

    /// How many tokens end the assistant's turn. A blank before the answer belongs to the answer where there is one,
    /// so an empty answer may have one token more than the end; two answers may share their last token (as unknown
    /// words do). The least of these is right.
    fn closing_length(&self) -> Result<usize> {
        let answers = ["0".to_owned(), "1".to_owned()];
        let encoded = self.encode("?", &answers, &self.image_text)?;
        let [zero, one] = encoded.options.as_slice() else { return Ok(0) };
        let shared = zero.iter().rev().zip(one.iter().rev()).take_while(|(a, b)| a == b).count();
        let prompt = encoded.prompt.iter().map(Vec::len).sum::<usize>() + encoded.prompt.len() - 1;
        let empty = self.ids(&self.template.answered("?", "")?)?;
        Ok(shared.min(empty.len().saturating_sub(prompt)))
    }

    fn with_image(&self, rendered: String, image: &str) -> Result<String> {
        let written = rendered.matches(&self.image_text).count();
        if written != 1 {
            return Err(Error::ChatTemplate {
                reason: format!("it writes {written} image tokens for one picture"),
            });
        }
        Ok(if image == self.image_text { rendered } else { rendered.replacen(&self.image_text, image, 1) })
    }

    fn split_at_images(&self, prompt: &[u32], image: &str) -> Result<Vec<Vec<u32>>> {
        let stretches: Vec<Vec<u32>> =
            prompt.split(|&id| id == self.image_token).map(<[u32]>::to_vec).collect();
        if stretches.len() != image.matches(&self.image_text).count() + 1 {
            return Err(unfit(format!("it does not keep {} in one piece", self.image_text)));
        }
        if stretches.last().is_none_or(Vec::is_empty) {
            return Err(Error::ChatTemplate { reason: "nothing follows the image".to_owned() });
        }
        Ok(stretches)
    }

    fn ids(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self.tokenizer.encode_fast(text, false).map_err(|e| unfit(e.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }
}

fn unfit(reason: String) -> Error {
    Error::Tokenizer { reason }
}
