//! `flipside evaluate`: a model on a data set, clean and under every perturbation, into a run folder; or, without
//! one, its plain accuracy on fresh scenes.

mod accuracy;
mod cases;
mod run;

use super::regime::Regime;
use crate::config::ComputeConfig;
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use flipside_dataset::Format;
use flipside_shared::{recipe::DEFAULT_CANVAS_PX, shard::Shard};
use std::path::PathBuf;

/// Measure a model: its accuracy, and with --out how perturbations change it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct EvaluateArgs {
    /// Data set: a benchmark's file or folder as published (see below); the scene world when absent
    #[arg(long, value_name = "FILE", requires = "out")]
    data: Option<PathBuf>,
    /// Format of the data set, where its columns do not tell
    #[arg(long, value_name = "NAME", requires = "data")]
    format: Option<Format>,
    /// Folder that relative picture paths begin in; the data set's own when absent
    #[arg(long, value_name = "DIR", requires = "data")]
    image_root: Option<PathBuf>,
    /// Number of scenes of the scene world
    #[arg(long, value_name = "N", default_value_t = 200, conflicts_with = "data")]
    world: u32,
    /// Which world the scenes are drawn from, and the seed of everything else that is drawn
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Side at which scenes are rendered, in pixels; the lab's canvas by default
    #[arg(long, default_value_t = DEFAULT_CANVAS_PX, value_name = "PX")]
    size: u32,
    /// Folder of a checkpoint as published; the embedded model when absent
    #[arg(long, value_name = "DIR")]
    model: Option<PathBuf>,
    #[command(flatten)]
    compute: ComputeConfig,
    /// Run folder: every prediction goes there as it is made, and the same command goes on where it was stopped
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Perturbations: stability, corruptions, or single families by name
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "stability", requires = "out")]
    families: Vec<String>,
    /// How questions are put; as the data set says when absent
    #[arg(long, value_enum, value_name = "REGIME", requires = "out")]
    regime: Option<Regime>,
    /// Which score decides
    #[arg(long, value_enum, default_value = "sum", requires = "out")]
    scoring: ScoringName,
    /// Log which spatial frequencies each perturbation changes, too; takes up to half as long again
    #[arg(long, requires = "out")]
    spectrum: bool,
    /// Only the first N samples
    #[arg(long, value_name = "N", requires = "out")]
    limit: Option<u64>,
    /// N samples drawn by the seed
    #[arg(long, value_name = "N", requires = "out")]
    sample: Option<u64>,
    /// Only part i of n, as 3/8; the parts' folders are reported on together
    #[arg(long, value_name = "I/N", default_value_t = Shard::WHOLE, requires = "out")]
    shard: Shard,
    /// Leave out samples that cannot be used, and note them, instead of stopping
    #[arg(long, requires = "out")]
    skip_bad_rows: bool,
    /// Room in the run folder for the data set's pictures, which reports show and the lab opens, in MiB; 0 keeps none
    #[arg(long, value_name = "MIB", default_value_t = 1024, requires = "out")]
    keep_pictures_mib: u64,
    /// Print one JSON object
    #[arg(long, conflicts_with = "out")]
    json: bool,
    /// A model card whose table of numbers, between its two marks, is written anew
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    card: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  flipside evaluate --world 200 --seed 1
  flipside evaluate --world 2000 --seed 1 --model ./my-checkpoint --json
  flipside evaluate --data SEEDBench_IMG.tsv --model ./Qwen2.5-VL-3B-Instruct --families stability,corruptions --out RUN
  flipside report RUN

The prompts of the regimes are published (arXiv 2602.06652); a sample's hint is the first line under mcq. The sum over an
option's tokens is the published score, the other two are variants of ours.

Data sets: VLMEvalKit TSV, POPE (JSON lines, Parquet), SEED-Bench JSON, MMMU Parquet, V* folders, HR-Bench,
HallusionBench, RealWorldQA, and our own JSON lines and Parquet.

Scenes come from seeds that `flipside train` never uses. The majority column is what one would score by always giving
the most frequent right answer of that type in these same scenes: the model must beat it to have seen anything.";

/// The scoring variants.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ScoringName {
    /// Sum of the log-probabilities of an option's tokens, as published; favours short options
    Sum,
    /// The same per token: normalised by length
    PerToken,
    /// Log-probability of the option's letter alone; needs a regime that shows letters
    Letter,
}

/// Evaluates and prints.
///
/// # Errors
/// When the model or the data set cannot be read, when the model fails, or when the run folder cannot be used.
pub fn run(args: &EvaluateArgs) -> Result<()> {
    match &args.out {
        None => accuracy::run(args),
        Some(out) => run::run(args, out),
    }
}

/// Refuses a value that would silently mean nothing.
fn positive(name: &str, value: Option<u64>) -> Result<()> {
    if value == Some(0) {
        bail!("--{name} 0 would leave no samples");
    }
    Ok(())
}
