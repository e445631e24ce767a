//! Parity with Python's transformers, family by family, on the goldens that the scripts in `tests/parity` write.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod broken;
mod contrastive;
mod dinov2;
mod golden;
mod idefics3;
mod llava_onevision;
mod qwen3_vl;
