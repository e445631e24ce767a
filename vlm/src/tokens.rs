//! From a question and its options to token ids: the chat template and the checkpoint's tokenizer together.
//!
//! The image is one placeholder token here; how many vision tokens stand in its place depends on the picture and is
//! decided when sequences are packed.

use crate::chat::ChatTemplate;
use crate::error::{Error, Result};
use tokenizers::Tokenizer;

/// Renders and tokenizes conversations.
pub struct PromptTokenizer {
    tokenizer: Tokenizer,
    template: ChatTemplate,
    image_token: u32,
    reserved: Vec<String>,
    closing: usize,
}

/// A prompt and its options as token ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptTokens {
    /// Everything up to the image.
    pub before_image: Vec<u32>,
    /// Everything from the image to the end of the generation prompt; not empty.
    pub after_image: Vec<u32>,
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
        if tokenizer.id_to_token(image_token).is_none() {
            return Err(unfit(format!(
                "it has no token {image_token}, which config.json names as the image token"
            )));
        }
        let tokens = tokenizer.get_vocab_size(true);
        if tokens > vocab_size {
            return Err(unfit(format!("it has {tokens} tokens, the model only {vocab_size} embeddings")));
        }
        let added = tokenizer.get_added_tokens_decoder();
        let reserved = added.into_values().filter(|token| token.special).map(|token| token.content).collect();
        let mut this = Self { tokenizer, template, image_token, reserved, closing: 0 };
        let prompt = this.ids(&this.template.prompt("?")?)?;
        this.closing = this.ids(&this.template.answered("?", "")?)?.len().saturating_sub(prompt.len());
        this.split_at_image(prompt)?;
        Ok(this)
    }

    /// Tokenizes the conversation of `prompt` with each option as the assistant's answer.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when a text contains one of the tokenizer's reserved tokens, or when an option does not
    /// leave the tokens of the prompt as they are.
    pub fn encode(&self, prompt: &str, options: &[String]) -> Result<PromptTokens> {
        for text in options.iter().map(String::as_str).chain([prompt]) {
            if let Some(token) = self.reserved.iter().find(|token| text.contains(token.as_str())) {
                return Err(Error::BadRequest {
                    reason: format!("the text contains the reserved token {token}"),
                });
            }
        }
        let start = self.ids(&self.template.prompt(prompt)?)?;
        let options = options
            .iter()
            .map(|option| {
                let mut whole = self.ids(&self.template.answered(prompt, option)?)?;
                if whole.len() <= start.len() || whole[..start.len()] != start {
                    return Err(Error::BadRequest {
                        reason: format!("the option {option:?} runs together with the prompt before it"),
                    });
                }
                Ok(whole.split_off(start.len()))
            })
            .collect::<Result<_>>()?;
        let (before_image, after_image) = self.split_at_image(start)?;
        Ok(PromptTokens { before_image, after_image, options, closing: self.closing })
    }

    fn split_at_image(&self, mut prompt: Vec<u32>) -> Result<(Vec<u32>, Vec<u32>)> {
        let places: Vec<usize> = (0..prompt.len()).filter(|&i| prompt[i] == self.image_token).collect();
        let &[place] = places.as_slice() else {
            return Err(Error::ChatTemplate {
                reason: format!("it writes {} image tokens for one picture", places.len()),
            });
        };
        let after = prompt.split_off(place + 1);
        prompt.pop();
        if after.is_empty() {
            return Err(Error::ChatTemplate { reason: "nothing follows the image".to_owned() });
        }
        Ok((prompt, after))
    }

    fn ids(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self.tokenizer.encode_fast(text, false).map_err(|e| unfit(e.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }
}

fn unfit(reason: String) -> Error {
    Error::Tokenizer { reason }
}
