//! Vision-language models on candle: from a picture, a question and options to the log-likelihood of each option and
//! the representations on the way. Native and wasm32.
//!
//! Knows pictures (`flipside_shared::raster`), checkpoints and tensors; nothing of HTTP, queues or recipes.

pub mod error;
pub mod nn;
pub mod preprocess;
pub mod qwen2_5_vl;

pub use error::{Error, Result};
