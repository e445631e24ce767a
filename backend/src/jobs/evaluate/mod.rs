//! An evaluation: every sample of a data set clean and under every perturbation of a plan, each prediction on disk
//! as soon as it is made.
//!
//! [`Case`] is a sample made ready, [`Plan`] says what is done to it, [`RunFolder`] keeps what came of it, and
//! [`Runner`] does the work. Reports are made from a folder alone: see [`read`].

mod case;
mod entry;
mod error;
mod folder;
mod log;
mod manifest;
mod plan;
mod runner;
mod spectrum;
mod state;

pub use case::{Case, CasePicture};
pub use entry::{DriftEntry, Entry, PredictionEntry, Prior, SampleEntry, SkippedEntry, SkippedRow};
pub use error::RunError;
pub use folder::{Run, RunFolder, manifest_of, read};
pub use manifest::{DataIdentity, Manifest, ModelIdentity};
pub use plan::{Plan, PlanError, Scoring};
pub use runner::{OnBadCase, Progress, Runner, Tally};
pub use spectrum::SpectrumEntry;
