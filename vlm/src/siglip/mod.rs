//! SigLIP: a vision tower whose patches are pooled by a learnt question, and a text tower whose places all see each other.
//! SmolVLM and LLaVA-OneVision look through the same tower.
//!
//! candle-transformers has it for inference; this one has a gradient to the pixels and runs in batches of passes.

mod model;
mod passes;
mod pooling;
pub mod vision;

pub use model::{Config, Siglip};
pub(crate) use passes::in_passes;
