//! The tokenizer of the embedded model: byte-level BPE in the style of Qwen2, whose merges are chosen so that every
//! word of the scene world, with and without a space before it, is one token. Any other text still has its bytes.

use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The special tokens, in the order of their ids after the words.
pub(super) const SPECIAL: [&str; 7] = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
];

/// How Qwen2 cuts text before merging.
const SPLIT: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// Tokens, merges and ids.
pub(super) struct Vocabulary {
    tokens: Vec<String>,
    merges: Vec<(String, String)>,
}

impl Vocabulary {
    /// Of the scene world's words.
    pub(super) fn of_words(words: &[&str]) -> Self {
        let mut tokens: Vec<String> = (0..=255u8).map(|byte| visible(byte).to_string()).collect();
        let mut merges: Vec<(String, String)> = Vec::new();
        let mut ranks: HashMap<(String, String), usize> = HashMap::new();
        // Short words first, so that longer ones build on them ("cube" + "s").
        let mut words: Vec<&str> =
            words.iter().copied().filter(|w| w.chars().all(char::is_alphabetic)).collect();
        words.sort_by_key(|word| (word.len(), *word));
        let spaced: Vec<String> = words.iter().map(|word| format!(" {word}")).collect();
        for word in words.into_iter().map(str::to_owned).chain(spaced) {
            let mut pieces: Vec<String> = word.bytes().map(|byte| visible(byte).to_string()).collect();
            // Merges that are there already, in their order.
            while let Some(at) = (0..pieces.len().saturating_sub(1))
                .filter(|i| ranks.contains_key(&(pieces[*i].clone(), pieces[i + 1].clone())))
                .min_by_key(|i| ranks[&(pieces[*i].clone(), pieces[i + 1].clone())])
            {
                let right = pieces.remove(at + 1);
                pieces[at].push_str(&right);
            }
            // New ones come last, so no earlier word is cut differently by them.
            while pieces.len() > 1 {
                let right = pieces.remove(1);
                let pair = (pieces[0].clone(), right.clone());
                pieces[0].push_str(&right);
                ranks.insert(pair.clone(), merges.len());
                merges.push(pair);
                tokens.push(pieces[0].clone());
            }
        }
        tokens.extend(SPECIAL.map(str::to_owned));
        Self { tokens, merges }
    }

    /// Number of tokens.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The id of a special token.
    pub(super) fn special(&self, name: &str) -> u32 {
        self.tokens.iter().rposition(|token| token == name).unwrap_or(0) as u32
    }

    /// `tokenizer.json`.
    pub(super) fn tokenizer_json(&self) -> Value {
        let words = self.tokens.len() - SPECIAL.len();
        let vocab: Map<String, Value> =
            self.tokens[..words].iter().enumerate().map(|(id, token)| (token.clone(), json!(id))).collect();
        let merges: Vec<String> = self.merges.iter().map(|(a, b)| format!("{a} {b}")).collect();
        let added: Vec<Value> = SPECIAL
            .iter()
            .enumerate()
            .map(|(index, content)| {
                json!({"id": words + index, "content": content, "single_word": false, "lstrip": false,
                    "rstrip": false, "normalized": false, "special": true})
            })
            .collect();
        let bytes = |trim: bool| json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": trim, "use_regex": false});
        json!({
            "version": "1.0", "truncation": null, "padding": null, "added_tokens": added,
            "normalizer": {"type": "NFC"},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": SPLIT}, "behavior": "Isolated", "invert": false}, bytes(false)]},
            "post_processor": bytes(false), "decoder": bytes(false),
            "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
                "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
                "vocab": vocab, "merges": merges},
        })
    }
}

/// The printable character that stands for a byte in byte-level BPE.
fn visible(byte: u8) -> char {
    let printable = |b: u8| matches!(b, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    if printable(byte) {
        return char::from(byte);
    }
    let place = (0..byte).filter(|b| !printable(*b)).count() as u32;
    char::from_u32(256 + place).unwrap_or(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use flipside_shared::scene::words;
    use tokenizers::Tokenizer;

    #[test]
    fn every_word_is_one_token_and_every_text_survives() {
        let vocabulary = Vocabulary::of_words(words());
        let json = vocabulary.tokenizer_json().to_string();
        let tokenizer = Tokenizer::from_bytes(json.as_bytes()).unwrap();
        for word in words() {
            for text in [(*word).to_owned(), format!(" {word}")] {
                let ids = tokenizer.encode_fast(text.as_str(), false).unwrap().get_ids().to_vec();
                let spaced_mark = text.starts_with(' ') && !word.chars().all(char::is_alphabetic);
                assert_eq!(ids.len(), if spaced_mark { 2 } else { 1 }, "{text:?}: {ids:?}");
            }
        }
        for text in ["Is there a red cube?", "Ünïcode 日本語 \n 42, ok?", "\u{0}\u{7f}"] {
            let ids = tokenizer.encode_fast(text, false).unwrap();
            assert_eq!(tokenizer.decode(ids.get_ids(), false).unwrap(), text);
        }
        assert_eq!(tokenizer.token_to_id("<|im_end|>"), Some(vocabulary.special("<|im_end|>")));
        assert_eq!(tokenizer.get_vocab_size(true), vocabulary.len());
    }
}
