//! `config.json` of an Idefics3 or SmolVLM checkpoint. Pure values; knows nothing of tensors.

use crate::decoder::config::{TextConfig, TextFamily, bad, divides};
use crate::error::Result;
use crate::family::{Family, image_token, nested_text, object};
use crate::siglip::vision::VisionConfig;

/// Everything the model needs to know about its own shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The language model.
    pub text: TextConfig,
    /// The vision tower.
    pub vision: VisionConfig,
    /// Side of the square of patches that becomes one token.
    pub scale_factor: usize,
    /// The token that stands for one vision token.
    pub image_token_id: u32,
}

impl Config {
    /// Reads `config.json`.
    ///
    /// # Errors
    /// [`crate::Error::BadJson`] when a field is absent or contradicts another,
    /// [`crate::Error::UnsupportedArchitecture`] when the file describes another family.
    pub fn from_json(json: &str) -> Result<Self> {
        Family::Idefics3.check(json)?;
        let root = object(json)?;
        let text = nested_text(&root)?;
        let scale_factor = root.get("scale_factor").and_then(serde_json::Value::as_u64).unwrap_or(2);
        let config = Self {
            text: TextFamily::named(&text)?.read(text)?,
            vision: VisionConfig::read(
                &root,
                &[("hidden_size", 1152), ("num_attention_heads", 16), ("patch_size", 32)],
            )?,
            scale_factor: usize::try_from(scale_factor).map_err(|e| bad(format!("scale_factor: {e}")))?,
            image_token_id: image_token(&root)?,
        };
        divides("patches along a side / scale_factor", config.vision.side(), config.scale_factor)?;
        Ok(config)
    }
}
