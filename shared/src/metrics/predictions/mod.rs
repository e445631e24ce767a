//! Metrics of predictions: the scores of the options, what confidence they express, and how that shifts.

pub mod brier;
pub mod calibration;
pub mod margin;
pub mod ras;
pub mod ras_summary;
mod scores;

pub use scores::{arg_max, entropy, margin_of, softmax};
