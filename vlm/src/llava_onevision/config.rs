//! `config.json` of a LLaVA-OneVision checkpoint. Pure values; knows nothing of tensors.

use crate::decoder::config::{TextConfig, TextFamily, bad};
use crate::error::Result;
use crate::family::{Family, image_token, nested_text, object};
use crate::layers::Activation;
use crate::preprocess::anyres::published_resolutions;
use crate::siglip::vision::VisionConfig;
use serde::Deserialize;
use serde_json::Value;

/// Everything the model needs to know about its own shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The language model.
    pub text: TextConfig,
    /// The vision tower, with as many blocks as are used.
    pub vision: VisionConfig,
    /// Between the two layers of the projector.
    pub projector_act: Activation,
    /// Whether the projector has biases.
    pub projector_bias: bool,
    /// More finer tokens than so many tiles have are reduced.
    pub most_tiles: usize,
    /// Height and width of the sizes a picture may be brought to, pixels.
    pub resolutions: Vec<[usize; 2]>,
    /// The token that stands for one vision token.
    pub image_token_id: u32,
}

/// The fields of its own, with the defaults of its configuration class.
#[derive(Deserialize)]
struct Fields {
    #[serde(default = "gelu")]
    projector_hidden_act: Activation,
    #[serde(default = "yes")]
    multimodal_projector_bias: bool,
    #[serde(default = "last")]
    vision_feature_layer: Value,
    #[serde(default = "full")]
    vision_feature_select_strategy: String,
    #[serde(default = "nine")]
    vision_aspect_ratio: String,
    image_grid_pinpoints: Option<Vec<[usize; 2]>>,
}

fn gelu() -> Activation {
    Activation::Gelu
}
fn yes() -> bool {
    true
}
fn last() -> Value {
    Value::from(-1)
}
fn full() -> String {
    "full".to_owned()
}
fn nine() -> String {
    "anyres_max_9".to_owned()
}

/// Published files leave out what equals these.
const VISION: [(&str, usize); 6] = [
    ("hidden_size", 1152),
    ("intermediate_size", 4304),
    ("patch_size", 14),
    ("image_size", 384),
    ("num_hidden_layers", 26),
    ("num_attention_heads", 16),
];

impl Config {
    /// Reads `config.json`.
    ///
    /// # Errors
    /// [`crate::Error::BadJson`] when a field is absent, contradicts another or asks for what there is no code for,
    /// [`crate::Error::UnsupportedArchitecture`] when the file describes another family.
    pub fn from_json(json: &str) -> Result<Self> {
        Family::LlavaOnevision.check(json)?;
        let root = object(json)?;
        let mut text = nested_text(&root)?;
        // The class hands the language model's own word on tying up when the top says no.
        if let Some(own) =
            root["text_config"].get("tie_word_embeddings").filter(|own| **own == Value::Bool(true))
        {
            text.insert("tie_word_embeddings".to_owned(), own.clone());
        }
        let fields: Fields = serde_json::from_str(json).map_err(|e| bad(e.to_string()))?;
        let mut vision = VisionConfig::read(&root, &VISION)?;
        let layer = fields.vision_feature_layer.as_i64();
        vision.num_hidden_layers =
            layer.and_then(|layer| blocks(layer, vision.num_hidden_layers)).ok_or_else(|| {
                bad(format!("vision_feature_layer {} is not supported", fields.vision_feature_layer))
            })?;
        if fields.vision_feature_select_strategy != "full" {
            return Err(bad(format!(
                "vision_feature_select_strategy {} is not supported",
                fields.vision_feature_select_strategy
            )));
        }
        let most_tiles =
            fields.vision_aspect_ratio.strip_prefix("anyres_max_").and_then(|most| most.parse().ok());
        Ok(Self {
            text: TextFamily::named(&text)?.read(text)?,
            vision,
            projector_act: fields.projector_hidden_act,
            projector_bias: fields.multimodal_projector_bias,
            most_tiles: most_tiles.filter(|most| *most > 0).ok_or_else(|| {
                bad(format!("vision_aspect_ratio {} is not supported", fields.vision_aspect_ratio))
            })?,
            resolutions: fields.image_grid_pinpoints.unwrap_or_else(published_resolutions),
            image_token_id: image_token(&root)?,
        })
    }
}

/// After how many blocks features are taken: `layer` counts what goes into the first block as 0, or from the end.
fn blocks(layer: i64, depth: usize) -> Option<usize> {
    let depth = i64::try_from(depth).ok()?;
    let blocks = if layer < 0 { depth + 1 + layer } else { layer };
    usize::try_from(blocks).ok().filter(|_| blocks <= depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_count_from_both_ends() {
        assert_eq!((blocks(-1, 26), blocks(-2, 26), blocks(3, 26)), (Some(26), Some(25), Some(3)));
        assert_eq!((blocks(27, 26), blocks(-28, 26)), (None, None));
    }

    #[test]
    fn a_sparse_file_takes_the_defaults() {
        // What the published half-billion checkpoint spells out, and no more.
        let json = r#"{"architectures": ["LlavaOnevisionForConditionalGeneration"], "image_token_index": 151646,
            "tie_word_embeddings": false, "vision_config": {"model_type": "siglip_vision_model"},
            "text_config": {"model_type": "qwen2", "hidden_size": 896, "intermediate_size": 4864, "num_hidden_layers": 24,
            "num_attention_heads": 14, "num_key_value_heads": 2, "rope_theta": 1000000.0, "vocab_size": 152000,
            "tie_word_embeddings": true}}"#;
        let config = Config::from_json(json).unwrap();
        assert_eq!((config.vision.side(), config.vision.num_hidden_layers, config.most_tiles), (27, 26, 9));
        assert!(config.text.tie_word_embeddings && config.text.qkv_bias);
        assert_eq!((config.text.head_dim, config.resolutions.len()), (64, 36));
        for (from, to) in [
            ("\"image_token_index\"", "\"vision_feature_layer\": [3, 5], \"image_token_index\""),
            (
                "\"image_token_index\"",
                "\"vision_feature_select_strategy\": \"default\", \"image_token_index\"",
            ),
            ("\"image_token_index\"", "\"vision_aspect_ratio\": \"square\", \"image_token_index\""),
        ] {
            let message = Config::from_json(&json.replace(from, to)).unwrap_err().to_string();
            assert!(message.contains("not supported"), "{message}");
        }
    }
}
