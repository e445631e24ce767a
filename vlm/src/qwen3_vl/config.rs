//! `config.json` of a Qwen3-VL checkpoint. Pure values; knows nothing of tensors.

use crate::decoder::config::{TextConfig, TextFamily, bad, divides};
use crate::encoder::Stack;
use crate::error::Result;
use crate::family::{Family, image_token, nested_text, object};
use crate::layers::Activation;
use serde::Deserialize;
use serde_json::Value;

/// Epsilon of the vision tower's norms; not in the file.
const EPS: f64 = 1e-6;

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

/// The vision tower's shape, with the defaults of its configuration class.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct VisionConfig {
    /// Number of blocks.
    pub depth: usize,
    /// Width of the residual stream.
    pub hidden_size: usize,
    /// Width inside the feed-forward layers.
    pub intermediate_size: usize,
    /// Attention heads.
    pub num_heads: usize,
    /// Inside the feed-forward layers.
    pub hidden_act: Activation,
    /// Colour channels; 3.
    pub in_channels: usize,
    /// Side of a patch, in pixels.
    pub patch_size: usize,
    /// Frames in a patch; a still image is repeated.
    pub temporal_patch_size: usize,
    /// Side of the square of patches that becomes one token.
    pub spatial_merge_size: usize,
    /// Width of the merged tokens: the decoder's hidden size.
    pub out_hidden_size: usize,
    /// Rows of the learnt positions: a square.
    pub num_position_embeddings: usize,
    /// Blocks after which features are taken for the decoder's first layers.
    pub deepstack_visual_indexes: Vec<usize>,
}

impl Default for VisionConfig {
    fn default() -> Self {
        Self {
            depth: 27,
            hidden_size: 1152,
            intermediate_size: 4304,
            num_heads: 16,
            hidden_act: Activation::GeluTanh,
            in_channels: 3,
            patch_size: 16,
            temporal_patch_size: 2,
            spatial_merge_size: 2,
            out_hidden_size: 3584,
            num_position_embeddings: 2304,
            deepstack_visual_indexes: vec![8, 16, 24],
        }
    }
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

    /// Side of the square of learnt positions.
    pub fn position_side(&self) -> usize {
        self.num_position_embeddings.isqrt()
    }

    pub(super) fn stack(&self) -> Stack {
        Stack {
            hidden: self.hidden_size,
            inside: self.intermediate_size,
            layers: self.depth,
            heads: self.num_heads,
            eps: EPS,
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
        Family::Qwen3Vl.check(json)?;
        let root = object(json)?;
        let Some(Value::Object(mut vision)) = root.get("vision_config").cloned() else {
            return Err(bad("vision_config is missing".to_owned()));
        };
        vision.retain(|_, value| !value.is_null());
        let config = Self {
            text: TextFamily::Qwen3Vl.read(nested_text(&root)?)?,
            vision: serde_json::from_value(Value::Object(vision))
                .map_err(|e| bad(format!("vision_config: {e}")))?,
            image_token_id: image_token(&root)?,
        };
        config.check()?;
        Ok(config)
    }

    /// Finds contradictions before a tensor does, so that the message names the field.
    fn check(&self) -> Result<()> {
        let vision = &self.vision;
        divides("vision hidden_size / num_heads", vision.hidden_size, vision.num_heads)?;
        divides("vision head width / 4", vision.head_dim(), 4)?;
        if [vision.patch_size, vision.temporal_patch_size, vision.spatial_merge_size].contains(&0)
            || vision.in_channels != 3
        {
            return Err(bad("vision_config has a zero size or not three channels".to_owned()));
        }
        let side = vision.position_side();
        if side == 0 || side * side != vision.num_position_embeddings {
            return Err(bad(format!(
                "num_position_embeddings {} is not a square",
                vision.num_position_embeddings
            )));
        }
        if let Some(index) = vision.deepstack_visual_indexes.iter().find(|index| **index >= vision.depth) {
            return Err(bad(format!(
                "deepstack_visual_indexes has {index}, the tower only {} blocks",
                vision.depth
            )));
        }
        if vision.deepstack_visual_indexes.len() > self.text.num_hidden_layers {
            return Err(bad("deepstack_visual_indexes has more entries than the decoder layers".to_owned()));
        }
        if vision.out_hidden_size != self.text.hidden_size {
            return Err(bad(format!(
                "out_hidden_size {} of the vision tower differs from hidden_size {}",
                vision.out_hidden_size, self.text.hidden_size
            )));
        }
        Ok(())
    }
}
