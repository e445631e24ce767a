//! The families there is code for, and the steps that loading any of them has in common.
//!
//! Knows `config.json`'s way of naming a model and what a loaded one says of itself; not what is inside.

use crate::checkpoint::Checkpoint;
use crate::decoder::config::bad;
use crate::device::Placement;
use crate::error::{Error, Result};
use crate::model::{InputLimits, ModelInfo};
use candle_core::Tensor;
use candle_nn::VarBuilder;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A model family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// CLIP.
    Clip,
    /// DINOv2.
    Dinov2,
    /// Idefics3 and SmolVLM.
    Idefics3,
    /// LLaVA-OneVision.
    LlavaOnevision,
    /// Qwen2.5-VL.
    Qwen25Vl,
    /// Qwen3-VL.
    Qwen3Vl,
    /// SigLIP, and SigLIP 2 of one resolution.
    Siglip,
}

/// Entry of `architectures`, `model_type`, family.
const NAMES: [(&str, &str, Family); 8] = [
    ("CLIPModel", "clip", Family::Clip),
    ("Dinov2Model", "dinov2", Family::Dinov2),
    ("Idefics3ForConditionalGeneration", "idefics3", Family::Idefics3),
    ("LlavaOnevisionForConditionalGeneration", "llava_onevision", Family::LlavaOnevision),
    ("Qwen2_5_VLForConditionalGeneration", "qwen2_5_vl", Family::Qwen25Vl),
    ("Qwen3VLForConditionalGeneration", "qwen3_vl", Family::Qwen3Vl),
    ("SiglipModel", "siglip", Family::Siglip),
    ("SmolVLMForConditionalGeneration", "smolvlm", Family::Idefics3),
];

impl Family {
    /// The family that `config.json` describes.
    ///
    /// # Errors
    /// [`Error::BadJson`], [`Error::UnsupportedArchitecture`].
    pub fn of(json: &str) -> Result<Self> {
        let root = object(json)?;
        let named = root.get("architectures").and_then(|list| list.get(0)).and_then(Value::as_str);
        let model_type = root.get("model_type").and_then(Value::as_str);
        let found = NAMES.iter().find(|(architecture, kind, _)| match named {
            Some(named) => named == *architecture,
            None => model_type == Some(*kind),
        });
        found.map(|(_, _, family)| *family).ok_or_else(|| Error::UnsupportedArchitecture {
            found: named.or(model_type).unwrap_or("(none named)").to_owned(),
            supported: architectures(|_| true),
        })
    }

    /// Whether it answers questions about pictures: a [`crate::Vlm`].
    pub fn answers(self) -> bool {
        !matches!(self, Self::Clip | Self::Dinov2 | Self::Siglip)
    }

    /// That `config.json` describes this family.
    pub(crate) fn check(self, json: &str) -> Result<()> {
        let found = Self::of(json)?;
        if found == self { Ok(()) } else { Err(found.refused(|family| family == self)) }
    }

    /// The refusal of this family where others were asked for.
    pub(crate) fn refused(self, asked: impl Fn(Self) -> bool) -> Error {
        Error::UnsupportedArchitecture { found: self.name().to_owned(), supported: architectures(asked) }
    }

    /// Its `model_type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clip => "clip",
            Self::Dinov2 => "dinov2",
            Self::Idefics3 => "idefics3",
            Self::LlavaOnevision => "llava_onevision",
            Self::Qwen25Vl => "qwen2_5_vl",
            Self::Qwen3Vl => "qwen3_vl",
            Self::Siglip => "siglip",
        }
    }
}

/// The names of some families' architectures.
fn architectures(of: impl Fn(Family) -> bool) -> String {
    let names: Vec<&str> = NAMES.iter().filter(|(.., family)| of(*family)).map(|(name, ..)| *name).collect();
    names.join(", ")
}

/// `config.json` as an object.
pub(crate) fn object(json: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(json).map_err(|e| bad(e.to_string()))
}

/// The language model's own object; whether its head is tied stands at the top.
pub(crate) fn nested_text(root: &Map<String, Value>) -> Result<Map<String, Value>> {
    let Some(Value::Object(text)) = root.get("text_config") else {
        return Err(bad("text_config is missing".to_owned()));
    };
    let mut text = text.clone();
    if let Some(tied) = root.get("tie_word_embeddings") {
        text.insert("tie_word_embeddings".to_owned(), tied.clone());
    }
    Ok(text)
}

/// The token that stands for vision tokens, under its later or its older name.
pub(crate) fn image_token(root: &Map<String, Value>) -> Result<u32> {
    ["image_token_id", "image_token_index"]
        .iter()
        .find_map(|name| root.get(*name).and_then(Value::as_u64))
        .and_then(|id| u32::try_from(id).ok())
        .ok_or_else(|| bad("image_token_id is missing".to_owned()))
}

/// All weights of a checkpoint, and what a model says of itself because of them.
pub(crate) struct Weighed {
    pub(crate) weights: VarBuilder<'static>,
    pub(crate) measure: Measure,
}

/// See [`Weighed`].
pub(crate) struct Measure {
    parameter_count: usize,
    sha256: String,
    placement: Placement,
}

/// What our own checkpoints say of themselves under `flipside` in config.json.
#[derive(Deserialize, Default)]
#[serde(default)]
struct SelfDescription {
    name: Option<String>,
    limits: String,
}

impl Weighed {
    /// Reads the weights to where they compute, each under the name that `rename` makes of the one in the file.
    pub(crate) fn read(
        checkpoint: &Checkpoint,
        placement: &Placement,
        rename: fn(&str) -> String,
    ) -> Result<Self> {
        let Placement { device, dtype } = placement;
        let weights = checkpoint.weights(*dtype, device, rename)?;
        let parameter_count = weights.tensors.values().map(Tensor::elem_count).sum();
        Ok(Self {
            weights: VarBuilder::from_tensors(weights.tensors, *dtype, device),
            measure: Measure { parameter_count, sha256: weights.sha256, placement: placement.clone() },
        })
    }
}

impl Measure {
    /// What the model says of itself; `config` is `config.json`, `name` the name it goes by unless it has its own.
    pub(crate) fn info(
        self,
        family: Family,
        config: &str,
        name: &str,
        inputs: InputLimits,
    ) -> Result<ModelInfo> {
        #[derive(Deserialize)]
        struct Root {
            #[serde(default)]
            flipside: SelfDescription,
        }
        let own: Root = serde_json::from_str(config).map_err(|e| bad(format!("flipside: {e}")))?;
        Ok(ModelInfo {
            name: own.flipside.name.unwrap_or_else(|| name.to_owned()),
            family: family.name(),
            parameter_count: self.parameter_count,
            dtype: self.placement.dtype_name().to_owned(),
            device: self.placement.device_name(),
            inputs,
            limits: own.flipside.limits,
            weights_sha256: self.sha256,
        })
    }
}
