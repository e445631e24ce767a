//! From a picture to the numbers that a vision tower reads.
//!
//! One file for each kind of image processor, on shared resampling and cutting. Knows pictures and
//! `preprocessor_config.json`; not models.

pub mod anyres;
pub mod cut;
mod qwen;
pub mod resample;
pub mod square;
pub mod tiles;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use qwen::reduced;
pub use qwen::{PreprocessorConfig, patches};
