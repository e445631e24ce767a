//! `flipside bench-c`: from several models' runs to a benchmark that tells models apart.

use super::data_file;
use crate::{
    jobs::{
        bench_c::{BenchC, Settings, build, corruptions, gather},
        evaluate::DataIdentity,
    },
    report::{bench_c::page, data_words},
};
use anyhow::{Context, Result, bail};
use clap::Args;
use flipside_dataset::{Dataset, Format, OnBadRow, ReadOptions, Selection, World, Writer};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Build a benchmark from the samples that tell models apart under corruption
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct BenchCArgs {
    /// Run folders of at least two models that choose; folders of one model are shards of its run
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<PathBuf>,
    /// Folder for samples.jsonl (the data set), bench-c.json (scores and settings) and bench-c.html
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The data set of the runs; not needed for the scene world
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Format of the data set, where its columns do not tell
    #[arg(long, value_name = "NAME", requires = "data")]
    format: Option<Format>,
    /// Folder that relative picture paths begin in; the data set's own when absent
    #[arg(long, value_name = "DIR", requires = "data")]
    image_root: Option<PathBuf>,
    /// Samples of the benchmark; Bench-C has 849
    #[arg(long, value_name = "N", default_value_t = Settings::SIZE, value_parser = size)]
    size: usize,
    /// Weight of discrimination against diversity, 0 to 1
    #[arg(long, value_name = "A", default_value_t = Settings::BALANCE, value_parser = balance)]
    balance: f64,
    /// Corruptions that count, at all severities
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "corruptions")]
    families: Vec<String>,
    /// Run folders of the models that are ranked on the result, one --rank each; those that choose when absent
    #[arg(long, value_name = "RUN")]
    rank: Vec<PathBuf>,
    /// Random sets of the same size to hold the result against
    #[arg(long, value_name = "N", default_value_t = Settings::RANDOM_SETS,
          value_parser = clap::value_parser!(u32).range(1..=100_000))]
    random_sets: u32,
    /// Resamples of every set
    #[arg(long, value_name = "N", default_value_t = Settings::RESAMPLES,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    resamples: u32,
    /// Seed of the random sets and resamples
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Print one JSON object: bench-c.json without its samples
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  flipside evaluate --data B.tsv --model ./MODEL_A --families corruptions --out RUN_A    and so on for each model
  flipside bench-c RUN_A RUN_B RUN_C --data B.tsv --out BENCH
  flipside bench-c RUN_A RUN_B --rank RUN_C --rank RUN_D --size 200 --out BENCH          runs of the scene world
  flipside evaluate --data BENCH/samples.jsonl --model ./MODEL_E --families corruptions --out RUN_E

A sample's score is its flip rate under corruption, over models, times the variance over models of its accuracy under
corruption; samples are chosen by score and by difference from those chosen before (maximal marginal relevance on the
runs' representations). What Bench-C (arXiv 2511.19032) chooses by is published, these equations are our reconstruction.
Do not rank the models that chose on the result.";

/// The data set.
const SAMPLES: &str = "samples.jsonl";

/// Builds and writes.
///
/// # Errors
/// When the runs do not fit together or with the data set, or a file cannot be written.
pub fn run(args: &BenchCArgs) -> Result<()> {
    let families = corruptions(&args.families)?;
    let settings = Settings {
        size: args.size,
        balance: args.balance,
        corruptions: families.iter().map(|family| family.name().to_owned()).collect(),
        random_sets: args.random_sets,
        resamples: args.resamples,
        seed: args.seed,
    };
    let (selection, ranked) = (gather(&args.runs, &families)?, gather(&args.rank, &families)?);
    let bench = build(&selection, &ranked, settings)?;
    fs::create_dir_all(&args.out).with_context(|| format!("cannot make {}", args.out.display()))?;
    write_samples(&bench, open(args, &bench.source.data)?, &args.out.join(SAMPLES))?;
    write(&args.out.join("bench-c.json"), &serde_json::to_vec_pretty(&bench)?)?;
    write(&args.out.join("bench-c.html"), page(&bench, &command(args))?.as_bytes())?;
    if args.json {
        println!("{}", serde_json::to_string(&BenchC { samples: Vec::new(), ..bench })?);
    } else {
        print_for_people(&bench, &args.out);
    }
    Ok(())
}

/// The data set that the runs are of.
fn open(args: &BenchCArgs, data: &DataIdentity) -> Result<Dataset> {
    match (data, &args.data) {
        (DataIdentity::World { scenes, seed, size_px }, None) => {
            let world = World { count: *scenes, seed: *seed, size_px: *size_px };
            Ok(Dataset::world(world, Selection::default()))
        }
        (DataIdentity::World { .. }, Some(given)) => {
            bail!("the runs are of the {}; leave out --data {}", data_words(data), given.display())
        }
        (DataIdentity::File { name, .. }, None) => {
            bail!("the runs are of {}: give that file with --data {name}", data_words(data))
        }
        (DataIdentity::File { sha256, .. }, Some(given)) => {
            let options = ReadOptions {
                format: args.format,
                image_root: args.image_root.clone(),
                // Rows that the runs left out are not chosen either.
                on_bad_row: OnBadRow::Skip,
                selection: Selection::default(),
            };
            let dataset = Dataset::open(given, &options)?;
            match data_file::identity(given, dataset.format())? {
                DataIdentity::File { sha256: found, .. } if found == *sha256 => Ok(dataset),
                _ => bail!("{} is not the file of the runs, {}", given.display(), data_words(data)),
            }
        }
    }
}

/// Writes the chosen samples, in the order of their data set.
fn write_samples(bench: &BenchC, mut dataset: Dataset, path: &Path) -> Result<()> {
    let mut wanted: BTreeMap<u64, &str> =
        bench.chosen().iter().map(|one| (one.sample, one.id.as_str())).collect();
    let mut writer = Writer::create(path)?;
    while let (false, Some(read)) = (wanted.is_empty(), dataset.next()) {
        let sample = read?;
        // The sample just handed out.
        let Some(id) = wanted.remove(&dataset.position().saturating_sub(1)) else { continue };
        if id != sample.id {
            bail!("{}: the runs have {id} here, not {}; was the data set changed?", sample.place, sample.id);
        }
        writer.write(&sample)?;
    }
    if let Some((number, id)) = wanted.first_key_value() {
        bail!("the data set has no sample {id} (number {}); was it changed?", number + 1);
    }
    Ok(writer.finish()?)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// The command that builds the benchmark again, every setting spelt out.
fn command(args: &BenchCArgs) -> String {
    let mut command = "flipside bench-c".to_owned();
    let mut add = |flag: &str, value: &dyn std::fmt::Display| command += &format!(" {flag}{value}");
    args.runs.iter().for_each(|run| add("", &run.display()));
    args.rank.iter().for_each(|run| add("--rank ", &run.display()));
    if let Some(data) = &args.data {
        add("--data ", &data.display());
    }
    add("--families ", &args.families.join(","));
    add("--size ", &args.size);
    add("--balance ", &args.balance);
    add("--random-sets ", &args.random_sets);
    add("--resamples ", &args.resamples);
    add("--seed ", &args.seed);
    add("--out ", &args.out.display());
    command
}

fn print_for_people(bench: &BenchC, out: &Path) {
    let models = |models: &mut dyn Iterator<Item = &str>| models.collect::<Vec<_>>().join(", ");
    let choosing = models(&mut bench.selection_models.iter().map(|model| model.label.as_str()));
    println!("{} of {} samples, chosen by {choosing}", bench.settings.size, bench.samples.len());
    println!(
        "{:<20} {:>7} {:>7}  {:<22} {:<24} {:>6}",
        "", "all", "chosen", "random sets", "chosen less random", "p"
    );
    for row in &bench.comparison.measures {
        let (random, more) = (row.random, row.advantage);
        println!(
            "{:<20} {:>7.3} {:>7.3}  {:<22} {:<24} {:>6.3}",
            row.name,
            row.whole,
            row.chosen,
            format!("{:.3} [{:.3}, {:.3}]", random.mean, random.low, random.high),
            format!("{:+.3} [{:+.3}, {:+.3}]", more.value, more.low, more.high),
            row.p_value
        );
    }
    println!("accuracy under corruption");
    for row in &bench.comparison.models {
        let (label, random) = (&row.model.label, row.random);
        let random = format!("{:.3} [{:.3}, {:.3}]", random.mean, random.low, random.high);
        println!("  {label:<18} {:>7.3} {:>7.3}  {random}", row.whole.value, row.chosen.value);
    }
    if bench.ranked_chose {
        println!("a ranked model chose these samples, too, which flatters the choice: see --rank");
    }
    println!("\n{} is the data set, bench-c.json and bench-c.html tell of it", out.join(SAMPLES).display());
}

fn size(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("a benchmark has at least one sample".to_owned()),
        Ok(size) => Ok(size),
        Err(_) => Err("this is not a whole number".to_owned()),
    }
}

fn balance(text: &str) -> Result<f64, String> {
    let outside = || "this is not a number from 0 to 1".to_owned();
    text.parse().ok().filter(|balance| (0.0..=1.0).contains(balance)).ok_or_else(outside)
}
