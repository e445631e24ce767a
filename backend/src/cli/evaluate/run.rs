//! `flipside evaluate --out`: opens the data set, the model and the run folder, and shows how it goes.

use super::{
    EvaluateArgs, ScoringName,
    cases::{Asking, Cases},
    positive,
};
use crate::{
    cli::{data_file, progress},
    config::EngineConfig,
    engine::Engine,
    jobs::evaluate::{DataIdentity, Manifest, OnBadCase, Plan, Progress, RunFolder, Runner, Scoring, Tally},
    models,
    store::ImageStore,
};
use anyhow::{Context, Result};
use flipside_dataset::{Dataset, OnBadRow, ReadOptions, SeededSample, Selection, World};
use indicatif::ProgressBar;
use std::{
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
        ScoringName::Letter => Scoring::Letter,
    };
    let mut plan = Plan::parse(&args.families, scoring, args.seed)?;
    plan.spectrum = args.spectrum;
    let dataset = open(args)?;
    let data = identity(args, &dataset)?;
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
            shard: args.shard,
            families: plan.names(),
            regime: args.regime.map(Into::into),
            scoring,
            seed: args.seed,
            spectrum: args.spectrum,
        };
        let opened = RunFolder::open(out, &manifest)?;
        let mut cases = Cases::new(dataset, Asking { regime: manifest.regime, scoring });
        let on_bad_case = if args.skip_bad_rows { OnBadCase::Skip } else { OnBadCase::Stop };
        let watch = Watch::new(Arc::clone(&engine), cases.expected());
        let keeps = args.keep_pictures_mib > 0 && args.data.is_some();
        let pictures =
            keeps.then(|| ImageStore::open(out, args.keep_pictures_mib)).transpose()?.map(Arc::new);
        let runner = Runner { engine, plan, on_bad_case, pictures };
        let outcome = runner.run(&mut cases, opened, &|progress| watch.saw(progress)).await;
        watch.bar.finish_and_clear();
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

/// What the data set is: its seeds, or the hash of its file.
fn identity(args: &EvaluateArgs, dataset: &Dataset) -> Result<DataIdentity> {
    let Some(data) = &args.data else {
        return Ok(DataIdentity::World { scenes: args.world, seed: args.seed, size_px: args.size });
    };
    data_file::identity(data, dataset.format())
}

/// Shows throughput and how busy the model is.
struct Watch {
    bar: ProgressBar,
    engine: Arc<Engine>,
    started: Instant,
    predictions: AtomicU64,
    expected: Arc<AtomicU64>,
}

impl Watch {
    /// `expected` is the number of samples, 0 while it is unknown.
    fn new(engine: Arc<Engine>, expected: Arc<AtomicU64>) -> Self {
        let bar = progress::bar(0, "samples");
        Self { bar, engine, started: Instant::now(), predictions: AtomicU64::new(0), expected }
    }

    fn saw(&self, progress: Progress) {
        let predictions = self.predictions.fetch_add(progress.predictions, Ordering::Relaxed);
        self.bar.set_length(self.expected.load(Ordering::Relaxed));
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
        if tally.skipped > 0 {
            eprintln!("  the report and {} say why", out.join("skipped.jsonl").display());
        }
        eprintln!("  flipside report {}", out.display());
    }
}
