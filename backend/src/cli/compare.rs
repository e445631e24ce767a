//! `flipside compare`: two runs over the same samples, difference by difference.

use crate::{
    jobs::evaluate::read,
    report::compare::{Comparison, Difference, compare},
};
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;

/// Compare two runs over the same samples
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CompareArgs {
    /// Folder of the first run
    first: PathBuf,
    /// Folder of the second run
    second: PathBuf,
    /// Seed of the paired tests
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  flipside compare RUN_SMALL RUN_LARGE
  flipside compare RUN_A RUN_B --json

Differences are the first run less the second, over the samples and perturbations that both have. p is two-sided: of
McNemar's exact test for clean accuracy, of a sign-flip test over pictures for the rest.";

/// Compares and prints.
///
/// # Errors
/// When a folder is no run, or the runs are not of the same samples.
pub fn run(args: &CompareArgs) -> Result<()> {
    let (first, second) =
        (read(std::slice::from_ref(&args.first))?, read(std::slice::from_ref(&args.second))?);
    let found = compare(&first, &second, args.seed)?;
    if args.json {
        println!("{}", serde_json::to_string(&found)?);
    } else {
        print_for_people(&found);
    }
    Ok(())
}

fn print_for_people(found: &Comparison) {
    let [first, second] = &found.models;
    println!("{first} against {second}, {} samples", found.samples);
    if let Some(clean) = &found.clean {
        let [a, b] = clean.accuracy;
        let [only_a, only_b] = clean.only;
        println!(
            "clean accuracy {a:.3} against {b:.3}; right alone {only_a} and {only_b}, p = {:.4}",
            clean.p_value
        );
    }
    println!("{:<20} {:>9}  {:<26} {:<26} {:<26}", "family", "instances", "flip rate", "accuracy", "RAS");
    let told = |difference: Option<&Difference>| {
        difference.map_or("–".to_owned(), |d| {
            format!("{:.3} {:.3} {:+.3} p {:.3}", d.values[0], d.values[1], d.difference, d.p_value)
        })
    };
    for row in &found.families {
        println!(
            "{:<20} {:>9}  {:<26} {:<26} {:<26}",
            row.family,
            row.instances,
            told(Some(&row.flips)),
            told(row.accuracy.as_ref()),
            told(row.ras.as_ref())
        );
    }
}
