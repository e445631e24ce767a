//! Everything that can keep a benchmark from being built.

use crate::jobs::evaluate::RunError;
use flipside_shared::metrics::MetricError;
use std::path::PathBuf;

/// Why there is no benchmark.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A run cannot be read.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Fewer than two models.
    #[error(
        "these runs are all of {model}: samples are chosen by how differently models fare, so runs of at least two are needed"
    )]
    OneModel {
        /// Its name.
        model: String,
    },
    /// A name that is no corruption's.
    #[error("there is no corruption called {name:?}; there are {known}")]
    NotACorruption {
        /// The name.
        name: String,
        /// All names.
        known: String,
    },
    /// Two runs that differ in more than the model.
    #[error(
        "{} was made with another {field} than {}; make both with the same settings, only the model may differ",
        folder.display(), first.display()
    )]
    OtherSettings {
        /// The run.
        folder: PathBuf,
        /// The one it is held against.
        first: PathBuf,
        /// The first setting that differs.
        field: &'static str,
    },
    /// A run without some corruptions.
    #[error(
        "{} has no predictions under {missing}; run evaluate with --families corruptions, or name those it has with --families",
        folder.display()
    )]
    MissingCorruptions {
        /// The run.
        folder: PathBuf,
        /// Names.
        missing: String,
    },
    /// A run that was stopped.
    #[error(
        "{} is not finished: sample {id} lacks {what}. The command that made the run goes on where it was stopped",
        folder.display()
    )]
    Unfinished {
        /// The run.
        folder: PathBuf,
        /// The first such sample.
        id: String,
        /// What is not there.
        what: String,
    },
    /// A sample of the same number is another one.
    #[error("sample {id} has another question or picture in {}: the runs are of different data", folder.display())]
    AnotherSample {
        /// The run.
        folder: PathBuf,
        /// The sample's name.
        id: String,
    },
    /// Nothing to choose from.
    #[error(
        "none of the {samples} samples can be chosen: {skipped} were left out by a run, {without_answer} have no known answer, {impossible} could not be corrupted"
    )]
    NoCandidates {
        /// Samples of the runs.
        samples: u64,
        /// Left out by a run.
        skipped: u64,
        /// Without a known answer.
        without_answer: u64,
        /// Too small for any corruption.
        impossible: u64,
    },
    /// More samples wanted than there are.
    #[error(
        "--size {size} is more than can be chosen: of {candidates} samples {flipping} change an answer under corruption. Ask for at most that, or evaluate more samples"
    )]
    TooLarge {
        /// Wanted.
        size: usize,
        /// Samples with a known answer.
        candidates: usize,
        /// Those with a flip.
        flipping: usize,
    },
    /// Nothing tells the models apart.
    #[error(
        "no sample tells these models apart: each is right equally often under corruption. Take models that differ"
    )]
    AllAlike,
    /// Numbers that cannot be computed with.
    #[error("the runs' numbers cannot be used: {0}")]
    Metric(#[from] MetricError),
}
