//! A discriminative benchmark in the manner of Bench-C (arXiv 2511.19032; its selection is our reconstruction): from
//! the runs of several models to the samples that tell them apart under corruption.
//!
//! [`gather`] reads runs and keeps what the choice needs, [`build`] chooses and says what the choice is worth,
//! [`BenchC`] is what is written. Knows runs and metrics; the data set itself is the caller's.

mod build;
mod candidates;
mod comparison;
mod error;
mod evidence;
mod manifest;

pub use build::build;
pub use error::BenchError;
pub use evidence::{Evidence, corruptions, gather};
pub use manifest::{
    BenchC, Comparison, LeftOut, Measure, ModelFacts, ModelRow, RandomSets, ScoredSample, Settings, Source,
};
