//! Metrics: slices in, a number or a small struct out; one metric per file with its formula and source.
//!
//! The page, the server, the command line and the report call these same functions. Nothing here knows of models or
//! picture files. All arithmetic is `f64` in index order with `libm`, so that both targets give the same bits; what
//! is drawn at random is drawn from [`crate::rng`] and a seed.
//!
//! # When there is no number
//! - Input that no number can be made of gives a [`MetricError`]: no values, lengths that differ, NaN or infinities,
//!   a setting out of range. So does a formula that divides by nothing, when its result is all there is.
//! - One of several numbers that divides by nothing is `None` in its field, and the others stand.
//! - Counts are total: of nothing they are 0.
//! - The functions on the path of every verdict (`predictions`, `drift`, `dirichlet`) take what the engine has checked
//!   already and are total; each says what it makes of degenerate input.
//!
//! Nothing panics.

pub mod at_hand;
pub mod bench_c;
pub mod box_ssim;
pub mod catalogue;
pub mod channels;
pub mod control;
pub mod difference;
pub mod dirichlet;
pub mod drift;
pub mod drift_to_prior;
pub mod edit_taxonomy;
mod error;
pub mod hidden_drift;
pub mod labels;
pub mod mean;
pub mod predictions;
pub mod spectrum;
pub mod ssim;
pub mod statistics;
pub mod token_drift;

pub use error::MetricError;
