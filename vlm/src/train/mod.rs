//! Training of the embedded model from nothing, on the scene world, in stages. Native only.
//!
//! [`run`] is told by a [`TrainConfig`] and tells by [`TrainEvent`]s. Knows scenes, the model and its files; draws no
//! progress bar and prints nothing.

mod adamw;
mod checkpoint;
mod curve;
mod dense;
mod export;
mod files;
mod language;
mod lessons;
mod library;
mod parameters;
mod plan;
mod run;
mod shards;
mod sheet;
#[cfg(test)]
mod tests;
mod vocabulary;
mod world;

pub use flipside_shared::scene::Split;
pub use plan::{ModelSize, Plan, Stage, TrainConfig, TrainEvent};
pub use run::run;
