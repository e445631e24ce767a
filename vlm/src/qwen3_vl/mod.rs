//! The Qwen3-VL architecture: a vision transformer with learnt positions stretched over any grid, 2x2 mergers at its end
//! and at inner layers, and a Qwen3 decoder whose first layers are given the inner features (DeepStack,
//! arXiv 2406.04334).
//!
//! candle-transformers 0.11 has one with its mask inverted and without positions along three axes.

mod config;
mod scorer;
mod vision;

pub use config::{Config, VisionConfig};
pub use scorer::Qwen3Vl;
pub use vision::{Seen, VisionTower};
