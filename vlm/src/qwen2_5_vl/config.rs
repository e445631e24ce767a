//! `config.json` of a Qwen2.5-VL checkpoint, in the layout of the published files (text fields at the top level)
//! and in the later one (text fields under `text_config`).
//!
//! Pure values; knows nothing of tensors.

use crate::decoder::config::{TextConfig, TextFamily, bad, divides};
use crate::error::Result;
use crate::family::{Family, image_token, object};
use serde::Deserialize;
use serde_json::Value;

/// Everything the model needs to know about its own shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The language model.
    pub text: TextConfig,
    /// The vision tower.
    pub vision: VisionConfig,
    /// The token that stands for one merged vision token.
    pub image_token_id: u32,
}

/// The vision tower's shape.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct VisionConfig {
    /// Number of blocks.
    pub depth: usize,
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Width inside the feed-forward layers.
    pub intermediate_size: usize,
    /// Attention heads.
    pub num_heads: usize,
    /// Colour channels.
    #[serde(default = "default_channels")]
    pub in_channels: usize,
    /// Width of the merged tokens: the decoder's hidden size.
    pub out_hidden_size: usize,
    /// Side of a patch, in pixels.
    pub patch_size: usize,
    /// Frames in a patch; a still image is repeated.
    #[serde(default = "default_merge")]
    pub temporal_patch_size: usize,
    /// Side of the square of patches that becomes one token.
    #[serde(default = "default_merge")]
    pub spatial_merge_size: usize,
    /// Side of an attention window, in pixels.
    pub window_size: usize,
    /// Blocks that attend over the whole image.
    pub fullatt_block_indexes: Vec<usize>,
}

fn default_channels() -> usize {
    3
}
fn default_merge() -> usize {
    2
}

impl VisionConfig {
    /// Width of one attention head.
    pub fn head_dim(&self) -> usize {
        self.hidden_size / self.num_heads
    }

    /// Numbers in one flattened patch: channels x frames x side x side.
    pub fn patch_width(&self) -> usize {
        self.in_channels * self.temporal_patch_size * self.patch_size * self.patch_size
    }

    /// Side of an attention window, in merged tokens.
    pub fn window_side(&self) -> usize {
        (self.window_size / self.patch_size / self.spatial_merge_size).max(1)
    }
}

impl Config {
    /// Reads `config.json`.
    ///
    /// # Errors
    /// [`crate::Error::BadJson`] when a field is absent or contradicts another, [`crate::Error::UnsupportedArchitecture`]
    /// when the file describes another family.
    pub fn from_json(json: &str) -> Result<Self> {
        Family::Qwen25Vl.check(json)?;
        let root = object(json)?;
        let mut text = match root.get("text_config") {
            Some(Value::Object(inner)) => inner.clone(),
            _ => root.clone(),
        };
        if let Some(tied) = root.get("tie_word_embeddings") {
            text.insert("tie_word_embeddings".to_owned(), tied.clone());
        }
        let image_token_id = image_token(&root)?;
        let Some(Value::Object(mut vision)) = root.get("vision_config").cloned() else {
            return Err(bad("vision_config is missing".to_owned()));
        };
        if let Some(channels) = vision.get("in_chans").cloned() {
            vision.entry("in_channels").or_insert(channels);
        }

        let config = Self {
            text: TextFamily::Qwen25Vl.read(text)?,
            vision: serde_json::from_value(Value::Object(vision))
                .map_err(|e| bad(format!("vision_config: {e}")))?,
            image_token_id,
        };
        config.check()?;
        Ok(config)
    }

    /// Finds contradictions before a tensor does, so that the message names the field.
    fn check(&self) -> Result<()> {
        let (t, v) = (&self.text, &self.vision);
        divides("vision hidden_size / num_heads", v.hidden_size, v.num_heads)?;
        divides("vision head width / 4", v.head_dim(), 4)?;
        if [v.patch_size, v.temporal_patch_size, v.spatial_merge_size].contains(&0) || v.in_channels != 3 {
            return Err(bad("vision_config has a zero size or not three channels".to_owned()));
        }
        if v.out_hidden_size != t.hidden_size {
            return Err(bad(format!(
                "out_hidden_size {} of the vision tower differs from hidden_size {}",
                v.out_hidden_size, t.hidden_size
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    const VISION: &str = r#""vision_config": {"depth": 32, "hidden_size": 1280, "intermediate_size": 3420, "num_heads": 16,
        "in_chans": 3, "out_hidden_size": 3584, "patch_size": 14, "spatial_merge_size": 2, "window_size": 112,
        "fullatt_block_indexes": [7, 15, 23, 31], "tokens_per_second": 2, "temporal_patch_size": 2}"#;
    const TEXT: &str = r#""hidden_size": 3584, "intermediate_size": 18944, "num_attention_heads": 28,
        "num_hidden_layers": 28, "num_key_value_heads": 4, "rms_norm_eps": 1e-06, "vocab_size": 152064"#;

    fn published() -> String {
        format!(
            r#"{{"architectures": ["Qwen2_5_VLForConditionalGeneration"], "model_type": "qwen2_5_vl",
            "image_token_id": 151655, "tie_word_embeddings": false, {TEXT}, "rope_theta": 1000000.0,
            "rope_scaling": {{"type": "mrope", "mrope_section": [16, 24, 24]}}, {VISION}}}"#
        )
    }

    #[test]
    fn both_layouts_mean_the_same() {
        let later = format!(
            r#"{{"architectures": ["Qwen2_5_VLForConditionalGeneration"], "image_token_id": 151655,
            "text_config": {{{TEXT}, "rope_parameters": {{"rope_type": "default", "rope_theta": 1000000.0,
            "mrope_section": [16, 24, 24]}}}}, {VISION}}}"#
        );
        let config = Config::from_json(&published()).unwrap();
        assert_eq!(config, Config::from_json(&later).unwrap());
        assert_eq!((config.text.head_dim, config.vision.window_side()), (128, 4));
    }

    #[test]
    fn contradictions_are_named() {
        let wrong = published().replace("[16, 24, 24]", "[16, 24, 23]");
        let message = Config::from_json(&wrong).unwrap_err().to_string();
        assert!(message.contains("mrope_section"), "{message}");
        let other =
            published().replace("Qwen2_5_VLForConditionalGeneration", "LlavaForConditionalGeneration");
        assert!(matches!(Config::from_json(&other), Err(Error::UnsupportedArchitecture { .. })));
        assert!(matches!(Config::from_json("{"), Err(Error::BadJson { .. })));
    }
}
