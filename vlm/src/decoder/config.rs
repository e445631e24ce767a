//! The decoder's part of `config.json`, in the layout of the published files and in later ones.
//!
//! Pure values; knows nothing of tensors. Published files leave out what equals the defaults of their configuration
//! class, so each kind of decoder has its own.

use crate::error::{Error, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The decoder's shape.
#[derive(Clone, Debug, PartialEq)]
pub struct TextConfig {
    /// Rows of the embedding matrix.
    pub vocab_size: usize,
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Width inside the feed-forward layers.
    pub intermediate_size: usize,
    /// Number of decoder layers.
    pub num_hidden_layers: usize,
    /// Query heads.
    pub num_attention_heads: usize,
    /// Key and value heads; divides the query heads.
    pub num_key_value_heads: usize,
    /// Width of one attention head.
    pub head_dim: usize,
    /// Epsilon of the RMS norms.
    pub rms_norm_eps: f64,
    /// Longest sequence the positions were made for.
    pub max_position_embeddings: usize,
    /// Base of the rotary frequencies.
    pub rope_theta: f64,
    /// Which axis each frequency follows.
    pub axes: Axes,
    /// Whether queries, keys and values have a bias.
    pub qkv_bias: bool,
    /// Whether each query and key head is normalised.
    pub qk_norm: bool,
    /// Whether the language head is the embedding matrix.
    pub tie_word_embeddings: bool,
}

/// Which of the positions (time, height, width) each rotary frequency follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axes {
    /// The first alone: plain text positions.
    One,
    /// A stretch of frequencies each, in order.
    Stretches([usize; 3]),
    /// By turns for as long as height and width have frequencies left, then time.
    Interleaved([usize; 3]),
}

impl Axes {
    /// The axis of each of the `half` frequencies.
    pub(super) fn of_frequencies(self, half: usize) -> Vec<u32> {
        let axis = |i: usize| match self {
            Self::One => 0,
            Self::Stretches([time, height, _]) => u32::from(i >= time) + u32::from(i >= time + height),
            Self::Interleaved(section) => {
                let turn = i % 3;
                if i < section[turn] * 3 { turn as u32 } else { 0 }
            }
        };
        (0..half).map(axis).collect()
    }
}

/// The decoders there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFamily {
    /// Llama and those built like it.
    Llama,
    /// Qwen2.
    Qwen2,
    /// Qwen2 with positions along three axes.
    Qwen25Vl,
    /// Qwen3 with positions along three axes.
    Qwen3Vl,
}

/// The fields as they stand in the file.
#[derive(Deserialize)]
struct Fields {
    vocab_size: usize,
    hidden_size: usize,
    intermediate_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    num_key_value_heads: Option<usize>,
    head_dim: Option<usize>,
    rms_norm_eps: f64,
    max_position_embeddings: usize,
    rope_theta: f64,
    #[serde(default)]
    mrope_section: Vec<usize>,
    #[serde(default)]
    tie_word_embeddings: bool,
    #[serde(default)]
    attention_bias: bool,
    #[serde(default)]
    mlp_bias: bool,
    #[serde(default)]
    use_sliding_window: bool,
    hidden_act: Option<String>,
}

impl TextFamily {
    /// The family that a nested `text_config` names.
    pub(crate) fn named(text: &Map<String, Value>) -> Result<Self> {
        match text.get("model_type").and_then(Value::as_str) {
            Some("llama") => Ok(Self::Llama),
            Some("qwen2") => Ok(Self::Qwen2),
            other => Err(bad(format!(
                "the language model {} is not supported (supported: llama, qwen2)",
                other.unwrap_or("(none named)")
            ))),
        }
    }

    fn defaults(self) -> Value {
        match self {
            Self::Llama => json!({"vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 11008,
                "num_hidden_layers": 32, "num_attention_heads": 32, "rms_norm_eps": 1e-6,
                "max_position_embeddings": 2048, "rope_theta": 10_000.0}),
            Self::Qwen2 => json!({"vocab_size": 151_936, "hidden_size": 4096, "intermediate_size": 22016,
                "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32, "rms_norm_eps": 1e-6,
                "max_position_embeddings": 32768, "rope_theta": 10_000.0}),
            Self::Qwen25Vl => json!({"rms_norm_eps": 1e-6, "max_position_embeddings": 32768,
                "rope_theta": 1_000_000.0}),
            Self::Qwen3Vl => json!({"vocab_size": 151_936, "hidden_size": 4096, "intermediate_size": 22016,
                "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32, "head_dim": 128,
                "rms_norm_eps": 1e-6, "max_position_embeddings": 128_000, "rope_theta": 500_000.0,
                "mrope_section": [24, 20, 20]}),
        }
    }

    /// Reads the decoder's fields.
    ///
    /// # Errors
    /// [`Error::BadJson`] when a field is absent, contradicts another or asks for what there is no code for.
    pub(crate) fn read(self, mut text: Map<String, Value>) -> Result<TextConfig> {
        for name in ["rope_scaling", "rope_parameters"] {
            let Some(Value::Object(rope)) = text.get(name).cloned() else { continue };
            let kind =
                ["rope_type", "type"].iter().find_map(|field| rope.get(*field).and_then(Value::as_str));
            if let Some(kind) = kind.filter(|kind| !["default", "mrope"].contains(kind)) {
                return Err(bad(format!("rotary positions of type {kind} are not supported")));
            }
            for field in ["mrope_section", "rope_theta"] {
                if let Some(value) = rope.get(field) {
                    text.insert(field.to_owned(), value.clone());
                }
            }
        }
        text.retain(|_, value| !value.is_null());
        if let Value::Object(defaults) = self.defaults() {
            for (name, value) in defaults {
                text.entry(name).or_insert(value);
            }
        }
        let fields: Fields = serde_json::from_value(Value::Object(text)).map_err(|e| bad(e.to_string()))?;
        self.check(fields)
    }

    /// Finds contradictions before a tensor does, so that the message names the field.
    fn check(self, fields: Fields) -> Result<TextConfig> {
        let (hidden, heads) = (fields.hidden_size, fields.num_attention_heads);
        if fields.head_dim.is_none() {
            divides("hidden_size / num_attention_heads", hidden, heads)?;
        }
        let head_dim = fields.head_dim.unwrap_or_else(|| hidden / heads);
        let kv_heads = fields.num_key_value_heads.unwrap_or(heads);
        divides("num_attention_heads / num_key_value_heads", heads, kv_heads)?;
        divides("text head width / 2", head_dim, 2)?;
        for (name, asked) in [
            ("attention_bias", fields.attention_bias),
            ("mlp_bias", fields.mlp_bias),
            ("use_sliding_window", fields.use_sliding_window),
        ] {
            if asked {
                return Err(bad(format!("{name} is not supported")));
            }
        }
        if let Some(other) = fields.hidden_act.filter(|name| name != "silu") {
            return Err(bad(format!("the activation {other} is not supported in the language model")));
        }
        let section = || -> Result<[usize; 3]> {
            <[usize; 3]>::try_from(fields.mrope_section.as_slice())
                .ok()
                .filter(|section| section.iter().sum::<usize>() * 2 == head_dim)
                .ok_or_else(|| {
                    bad(format!(
                        "mrope_section {:?} must be three numbers that add up to half the head width {head_dim}",
                        fields.mrope_section
                    ))
                })
        };
        Ok(TextConfig {
            axes: match self {
                Self::Llama | Self::Qwen2 => Axes::One,
                Self::Qwen25Vl => Axes::Stretches(section()?),
                Self::Qwen3Vl => Axes::Interleaved(section()?),
            },
            qkv_bias: matches!(self, Self::Qwen2 | Self::Qwen25Vl),
            qk_norm: self == Self::Qwen3Vl,
            vocab_size: fields.vocab_size,
            hidden_size: hidden,
            intermediate_size: fields.intermediate_size,
            num_hidden_layers: fields.num_hidden_layers,
            num_attention_heads: heads,
            num_key_value_heads: kv_heads,
            head_dim,
            rms_norm_eps: fields.rms_norm_eps,
            max_position_embeddings: fields.max_position_embeddings,
            rope_theta: fields.rope_theta,
            tie_word_embeddings: fields.tie_word_embeddings,
        })
    }
}

/// That `part` goes into `whole` without a rest.
pub(crate) fn divides(what: &str, whole: usize, part: usize) -> Result<()> {
    if part == 0 || !whole.is_multiple_of(part) {
        return Err(bad(format!("{what}: {whole} is not a multiple of {part}")));
    }
    Ok(())
}

/// Something in config.json is wrong.
pub(crate) fn bad(reason: String) -> Error {
    Error::BadJson { file: "config.json".to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frequency_has_its_axis() {
        assert_eq!(Axes::One.of_frequencies(3), [0, 0, 0]);
        assert_eq!(Axes::Stretches([1, 2, 3]).of_frequencies(6), [0, 1, 1, 2, 2, 2]);
        // As Qwen3-VL's 24, 20, 20, on a smaller scale: what height and width leave over is time's.
        assert_eq!(Axes::Interleaved([4, 2, 2]).of_frequencies(8), [0, 1, 2, 0, 1, 2, 0, 0]);
    }

    #[test]
    fn defaults_fill_in_and_the_unsupported_is_named() {
        let text = |json: Value| match json {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        let small =
            json!({"hidden_size": 576, "num_attention_heads": 9, "num_key_value_heads": 3, "head_dim": null});
        let config = TextFamily::Llama.read(text(small.clone())).unwrap();
        assert_eq!((config.head_dim, config.vocab_size, config.rope_theta), (64, 32000, 10_000.0));
        let refused = |name: &str, value: Value| {
            let mut map = text(small.clone());
            map.insert(name.to_owned(), value);
            TextFamily::Llama.read(map).unwrap_err().to_string()
        };
        assert!(refused("rope_scaling", json!({"rope_type": "llama3"})).contains("llama3"));
        assert!(refused("hidden_act", json!("gelu")).contains("gelu"));
        assert!(refused("attention_bias", json!(true)).contains("attention_bias"));
        assert!(refused("num_key_value_heads", json!(2)).contains("num_key_value_heads"));
        let named = TextFamily::named(&text(json!({"model_type": "mistral"}))).unwrap_err().to_string();
        assert!(named.contains("mistral") && named.contains("qwen2"), "{named}");
    }
}
