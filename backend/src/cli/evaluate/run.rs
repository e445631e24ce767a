//! `flipside evaluate --out`: opens the data set, the model and the run folder, and shows how it goes.

use super::{EvaluateArgs, ScoringName, cases::Cases, positive};
use crate::{
    cli::progress,
    config::EngineConfig,
    engine::Engine,
    jobs::evaluate::{
        DataIdentity, Manifest, OnBadCase, Plan, Progress, RunFolder, Runner, Scoring, Shard, Tally,
    },
    models,
    store::ImageStore,
};
use anyhow::{Context, Result};
use flipside_dataset::{Dataset, OnBadRow, ReadOptions, SeededSample, Selection, Shard as Shards, World};
use indicatif::ProgressBar;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

/// Runs to the end, or to the first fault.
pub fn run(args: &EvaluateArgs, out: &Path) -> Result<()> {
    positive("limit", args.limit)?;
    positive("sample", args.sample)?;
    let scoring = match args.scoring {
        ScoringName::Sum => Scoring::Sum,
        ScoringName::PerToken => Scoring::PerToken,
    };
    let plan = Plan::parse(&args.families, scoring, args.seed)?;
    let dataset = open(args)?;
    let data = identity(args, &dataset)?;
    let total = total(args)?;
    let placement = args.compute.open()?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let engine =
            Engine::start(models::loader(args.model.as_deref(), &placement), &EngineConfig::default()).await;
        let engine = Arc::new(engine.context("the model cannot be loaded")?);
        let manifest = Manifest {
            format: Manifest::FORMAT,
            flipside: env!("CARGO_PKG_VERSION").to_owned(),
            model: engine.info().into(),
            data,
            limit: args.limit,
            sample: args.sample,
            shard: args.shard.map_or(Shard::WHOLE, |shard| Shard { number: shard.index(), of: shard.of() }),
            families: plan.names(),
            regime: args.regime.map(Into::into),
            scoring,
            seed: args.seed,
        };
        let opened = RunFolder::open(out, &manifest)?;
        let mut cases = Cases::new(dataset, manifest.regime);
        let on_bad_case = if args.skip_bad_rows { OnBadCase::Skip } else { OnBadCase::Stop };
        let watch = Watch::new(Arc::clone(&engine), total);
        let keeps = args.keep_pictures_mib > 0 && args.data.is_some();
        let pictures = keeps.then(|| ImageStore::open(out, args.keep_pictures_mib)).transpose()?;
        let runner = Runner { engine, plan, on_bad_case, pictures };
        let outcome = runner.run(&mut cases, opened, &|progress| watch.saw(progress)).await;
        watch.bar.finish_and_clear();
        for row in cases.skipped_rows() {
            eprintln!("skipped: {row}");
        }
        let tally = outcome?;
        watch.conclude(&tally, out);
        Ok(())
    })
}

fn open(args: &EvaluateArgs) -> Result<Dataset> {
    let selection = Selection {
        limit: args.limit,
        sample: args.sample.map(|count| SeededSample { count, seed: args.seed }),
        shard: args.shard,
    };
    let Some(data) = &args.data else {
        let world = World { count: args.world, seed: args.seed, size_px: args.size };
        return Ok(Dataset::world(world, selection));
    };
    let on_bad_row = if args.skip_bad_rows { OnBadRow::Skip } else { OnBadRow::Stop };
    let options =
        ReadOptions { format: args.format, image_root: args.image_root.clone(), on_bad_row, selection };
    Ok(Dataset::open(data, &options)?)
}

/// How many samples will be read.
fn total(args: &EvaluateArgs) -> Result<u64> {
    let Some(data) = &args.data else { return Ok(open(args)?.count() as u64) };
    let options = ReadOptions { format: args.format, ..ReadOptions::default() };
    let limited = Dataset::count(data, &options)?.min(args.limit.unwrap_or(u64::MAX));
    let sampled = limited.min(args.sample.unwrap_or(u64::MAX));
    Ok(sampled.div_ceil(args.shard.map_or(1, Shards::of)))
}

/// What the data set is: its seeds, or the hash of its file.
fn identity(args: &EvaluateArgs, dataset: &Dataset) -> Result<DataIdentity> {
    let Some(data) = &args.data else {
        return Ok(DataIdentity::World { scenes: args.world, seed: args.seed, size_px: args.size });
    };
    let sha256 = hash(data).with_context(|| format!("cannot read {}", data.display()))?;
    Ok(DataIdentity::File {
        name: data.file_name().unwrap_or(data.as_os_str()).to_string_lossy().into_owned(),
        format: dataset.format().map(|format| format.name().to_owned()).unwrap_or_default(),
        sha256,
    })
}

/// SHA-256 of a file, or of the names and sizes of the files in a folder.
fn hash(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    if path.is_dir() {
        let mut names = Vec::new();
        list(path, &mut names)?;
        names.sort();
        names.iter().for_each(|name| hash.update(name));
    } else {
        let mut file = File::open(path)?;
        let mut block = vec![0; 1 << 20];
        loop {
            match file.read(&mut block)? {
                0 => break,
                read => hash.update(&block[..read]),
            }
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn list(folder: &Path, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let (path, metadata) = entry.map(|entry| (entry.path(), entry.metadata()))?;
        if path.is_dir() {
            list(&path, names)?;
        } else {
            names.push(format!("{}\0{}\0", path.display(), metadata?.len()));
        }
    }
    Ok(())
}

/// Shows throughput and how busy the model is.
struct Watch {
    bar: ProgressBar,
    engine: Arc<Engine>,
    started: Instant,
    predictions: AtomicU64,
}

impl Watch {
    fn new(engine: Arc<Engine>, samples: u64) -> Self {
        let bar = progress::bar(samples, "samples");
        Self { bar, engine, started: Instant::now(), predictions: AtomicU64::new(0) }
    }

    fn saw(&self, progress: Progress) {
        let predictions = self.predictions.fetch_add(progress.predictions, Ordering::Relaxed);
        self.bar.inc(progress.samples);
        self.bar.set_message(self.pace(predictions + progress.predictions));
    }

    fn pace(&self, predictions: u64) -> String {
        let elapsed_s = self.started.elapsed().as_secs_f64().max(1e-3);
        let busy = 100.0 * self.engine.busy().as_secs_f64() / elapsed_s;
        format!(
            "{predictions} predictions, {:.1} a second, model busy {busy:.0} %",
            predictions as f64 / elapsed_s
        )
    }

    fn conclude(&self, tally: &Tally, out: &Path) {
        eprintln!("{} in {:.0} s", self.pace(tally.predictions), self.started.elapsed().as_secs_f64());
        eprintln!("{} samples are in {}, {} were left out", tally.samples, out.display(), tally.skipped);
        eprintln!("  flipside report {}", out.display());
    }
}
