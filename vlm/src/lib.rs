//! Vision-language models on candle: from a picture, a question and options to the log-likelihood of each option and
//! the representations on the way. Native and wasm32.
//!
//! Knows pictures (`flipside_shared::raster`), checkpoints and tensors; nothing of HTTP, queues or recipes.

pub mod chat;
pub mod checkpoint;
pub mod clip;
pub mod contrastive;
pub mod decoder;
pub mod device;
pub mod dinov2;
pub mod encoder;
pub mod error;
pub mod family;
pub mod idefics3;
pub mod layers;
pub mod llava_onevision;
pub mod model;
pub mod nn;
pub mod packing;
mod passes;
pub mod preprocess;
pub mod prompt;
pub mod qwen2_5_vl;
pub mod qwen3_vl;
pub mod reader;
pub mod siglip;
pub mod stretch;
pub mod tokens;
#[cfg(not(target_arch = "wasm32"))]
pub mod train;

pub use contrastive::Contrastive;
pub use device::{DeviceChoice, Placement, Precision};
pub use error::{Error, Result};
pub use family::Family;
pub use model::{Detail, InputLimits, ModelInfo, OptionScores, ScoreRequest, VisionTokens, Vlm};
pub use prompt::PromptRegime;

use checkpoint::Checkpoint;
use std::path::Path;

/// Loads the checkpoint in `folder` to where it is to compute. The folder holds what a published one does: `config.json`,
/// `model.safetensors` (or shards with their index), `tokenizer.json`, `preprocessor_config.json` and a chat template.
///
/// # Errors
/// See [`Error`]: each way a folder can be wrong has its own variant.
pub fn load(folder: &Path, placement: &Placement) -> Result<Box<dyn Vlm + Send + Sync>> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    load_checkpoint(&Checkpoint::Folder(folder.to_owned()), &name, placement)
}

/// Loads a checkpoint whose files, by name, are in memory.
///
/// # Errors
/// As [`load`].
pub fn from_bytes(
    files: &[(&str, &[u8])],
    name: &str,
    placement: &Placement,
) -> Result<Box<dyn Vlm + Send + Sync>> {
    load_checkpoint(&Checkpoint::Memory(files), name, placement)
}

fn load_checkpoint(
    checkpoint: &Checkpoint,
    name: &str,
    placement: &Placement,
) -> Result<Box<dyn Vlm + Send + Sync>> {
    Ok(match Family::of(&checkpoint.text("config.json")?)? {
        Family::Idefics3 => Box::new(idefics3::Idefics3::load(checkpoint, name, placement)?),
        Family::LlavaOnevision => {
            Box::new(llava_onevision::LlavaOnevision::load(checkpoint, name, placement)?)
        }
        Family::Qwen25Vl => Box::new(qwen2_5_vl::Qwen25Vl::load(checkpoint, name, placement)?),
        Family::Qwen3Vl => Box::new(qwen3_vl::Qwen3Vl::load(checkpoint, name, placement)?),
        other => return Err(other.refused(Family::answers)),
    })
}

/// Loads the checkpoint in `folder`, one that puts pictures and texts into one space, to where it is to compute. The
/// folder holds what a published one does: `config.json`, `model.safetensors`, `tokenizer.json` and `preprocessor_config.json`.
///
/// # Errors
/// As [`load`].
pub fn load_contrastive(folder: &Path, placement: &Placement) -> Result<Box<dyn Contrastive + Send + Sync>> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let checkpoint = Checkpoint::Folder(folder.to_owned());
    Ok(match Family::of(&checkpoint.text("config.json")?)? {
        Family::Clip => Box::new(clip::Clip::load(&checkpoint, &name, placement)?),
        Family::Siglip => Box::new(siglip::Siglip::load(&checkpoint, &name, placement)?),
        other => return Err(other.refused(|family| matches!(family, Family::Clip | Family::Siglip))),
    })
}
