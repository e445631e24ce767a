//! `config.json` of a CLIP checkpoint. Pure values; knows nothing of tensors.

use crate::contrastive::{Ending, TextShape};
use crate::decoder::config::{bad, divides};
use crate::encoder::Stack;
use crate::error::Result;
use crate::family::{Family, object};
use crate::layers::Activation;
use crate::siglip::vision::VisionConfig;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Everything the model needs to know about its own shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The vision tower.
    pub vision: VisionConfig,
    /// The text tower.
    pub text: TextConfig,
    /// Width of the common space.
    pub projection_dim: usize,
}

/// A text tower's shape.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct TextConfig {
    /// Rows of the embedding matrix.
    pub vocab_size: usize,
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Width inside the feed-forward layers.
    pub intermediate_size: usize,
    /// Number of blocks.
    pub num_hidden_layers: usize,
    /// Attention heads.
    pub num_attention_heads: usize,
    /// Longest text, tokens.
    pub max_position_embeddings: usize,
    /// Inside the feed-forward layers.
    pub hidden_act: Activation,
    /// Epsilon of the norms.
    pub layer_norm_eps: f64,
    /// The token that ends a text.
    pub eos_token_id: u32,
    /// The token that texts are filled up with.
    pub pad_token_id: u32,
    /// Width of the text embedding, where the file gives it; the hidden size otherwise.
    pub projection_size: Option<usize>,
}

impl TextConfig {
    /// Reads `text_config`; `defaults` are those of its configuration class.
    pub(crate) fn read(root: &Map<String, Value>, defaults: Value) -> Result<Self> {
        let mut fields = match root.get("text_config") {
            Some(Value::Object(text)) => text.clone(),
            _ => return Err(bad("text_config is missing".to_owned())),
        };
        fields.retain(|_, value| !value.is_null());
        if let Value::Object(defaults) = defaults {
            for (name, value) in defaults {
                fields.entry(name).or_insert(value);
            }
        }
        let config: Self =
            serde_json::from_value(Value::Object(fields)).map_err(|e| bad(format!("text_config: {e}")))?;
        divides("text hidden_size / num_attention_heads", config.hidden_size, config.num_attention_heads)?;
        Ok(config)
    }

    /// The blocks' shape.
    pub fn stack(&self) -> Stack {
        Stack {
            hidden: self.hidden_size,
            inside: self.intermediate_size,
            layers: self.num_hidden_layers,
            heads: self.num_attention_heads,
            eps: self.layer_norm_eps,
            activation: self.hidden_act,
        }
    }
}

impl Config {
    /// Reads `config.json`.
    ///
    /// # Errors
    /// [`crate::Error::BadJson`] when a field is absent or contradicts another,
    /// [`crate::Error::UnsupportedArchitecture`] when the file describes another family.
    pub fn from_json(json: &str) -> Result<Self> {
        Family::Clip.check(json)?;
        let mut root = object(json)?;
        if let Some(Value::Object(vision)) = root.get_mut("vision_config") {
            vision.entry("hidden_act").or_insert_with(|| "quick_gelu".into());
            vision.entry("layer_norm_eps").or_insert_with(|| 1e-5.into());
        }
        let projection = root.get("projection_dim").and_then(Value::as_u64).unwrap_or(512);
        Ok(Self {
            vision: VisionConfig::read(&root, &[("patch_size", 32)])?,
            text: TextConfig::read(
                &root,
                json!({"vocab_size": 49408, "hidden_size": 512, "intermediate_size": 2048, "num_hidden_layers": 12,
                    "num_attention_heads": 8, "max_position_embeddings": 77, "hidden_act": "quick_gelu",
                    "layer_norm_eps": 1e-5, "eos_token_id": 49407, "pad_token_id": 1}),
            )?,
            projection_dim: usize::try_from(projection).map_err(|e| bad(format!("projection_dim: {e}")))?,
        })
    }

    pub(super) fn text_shape(&self) -> TextShape {
        TextShape {
            vocab_size: self.text.vocab_size,
            max_tokens: self.text.max_position_embeddings,
            width: self.projection_dim,
            head_bias: false,
        }
    }

    /// The first published files name 2 as the token that ends a text, which it never was.
    pub(super) fn ending(&self) -> Ending {
        match self.text.eos_token_id {
            2 => Ending::Highest,
            end => Ending::First(end),
        }
    }
}
