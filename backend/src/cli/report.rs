//! `flipside report`: a run as a page, a summary and files of every single prediction.

use crate::{
    jobs::evaluate::read,
    report::{
        Settings, command, export,
        html::{PageFacts, Shown, page},
        links::Links,
        markdown::markdown,
        pictures, summarise,
        template::Style,
    },
    store::kept_picture,
};
use anyhow::{Context, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use flipside_shared::{api::Report, raster::ImageId};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Make a report of a run: one HTML page, its tables as Markdown, and every prediction as CSV, JSON and Parquet
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReportArgs {
    /// The run's folder, or all folders of its shards
    #[arg(required = true, value_name = "RUN")]
    runs: Vec<PathBuf>,
    /// Where the files go; the first run's folder when absent
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Address of a lab, for the examples' links
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:7878")]
    lab_url: String,
    /// Resamples of every confidence interval
    #[arg(long, value_name = "N", default_value_t = Settings::default().resamples,
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    resamples: u32,
    /// Seed of the resamples and of the control pairs
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Examples of each kind on the page
    #[arg(long, value_name = "N", default_value_t = Settings::default().examples)]
    examples: usize,
}

const EXAMPLES: &str = "\
Examples:
  flipside report RUN                     report.html, .md and .json, predictions.csv, .json and .parquet in RUN
  flipside report RUN_1 RUN_2 --out ALL   the shards of one run together";

/// Writes the files and says where they are.
///
/// # Errors
/// When a folder is no run, or a file cannot be written.
pub fn run(args: &ReportArgs) -> Result<()> {
    let run = read(&args.runs)?;
    let settings = Settings { resamples: args.resamples, seed: args.seed, examples: args.examples };
    let report = summarise(&run, settings);
    let out = args.out.clone().unwrap_or_else(|| args.runs[0].clone());
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    let kept = |id: &ImageId| args.runs.iter().find_map(|folder| kept_picture(folder, id));
    let address = |png: Vec<u8>| format!("data:image/png;base64,{}", STANDARD.encode(png));
    let shown: Vec<Shown<'_>> = report
        .worst
        .iter()
        .map(|example| {
            let pictures = pictures::pair(&run, &example.key, &kept);
            Shown { example, pictures: pictures.map(|pair| pair.map(address)) }
        })
        .collect();
    let command = command(&run.manifest, &args.runs[0]);
    let files = export::FILES.map(|file| (file, file.to_owned()));
    let links = Links::Lab { url: args.lab_url.trim_end_matches('/'), run: &run };
    let facts = PageFacts { command: &command, links, style: Style::Inside, files: &files };
    write(&out.join("report.html"), page(&report, &shown, &facts)?.as_bytes())?;
    write(&out.join("report.md"), markdown(&report).as_bytes())?;
    write(&out.join("report.json"), &serde_json::to_vec_pretty(&report)?)?;
    export::write_files(&run, &out)?;
    print_for_people(&report);
    println!("\n{} and predictions.csv, .json, .parquet beside it", out.join("report.html").display());
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn print_for_people(report: &Report) {
    let run = &report.run;
    println!("{} on {}: {} samples, {} predictions", run.model, run.data, run.samples, run.predictions);
    if let Some(accuracy) = report.clean.accuracy {
        println!("clean accuracy {:.3} [{:.3}, {:.3}]", accuracy.value, accuracy.low, accuracy.high);
    }
    println!(
        "{:<20} {:>9} {:>7} {:>7} {:>9} {:>9} {:>8} {:>7}",
        "family", "instances", "IFR", "IV", "accuracy", "P/C %", "d", "RAS"
    );
    let told =
        |value: Option<f64>, decimals: usize| value.map_or("–".to_owned(), |v| format!("{v:.decimals$}"));
    for row in &report.families {
        let context = row.drift.first();
        println!(
            "{:<20} {:>9} {:>7.3} {:>7.3} {:>9} {:>9} {:>8} {:>7}",
            row.family,
            row.instances,
            row.ifr.value,
            row.iv.value,
            told(row.accuracy.map(|estimate| estimate.value), 3),
            told(context.and_then(|drift| drift.relative_percent), 1),
            told(context.and_then(|drift| drift.cohens_d), 2),
            told(row.ras.as_ref().map(|ras| ras.ras.value), 3)
        );
    }
    for any in &report.any {
        println!("any of {:<13} {:>9} {:>7.3} {:>7.3}", any.set, "", any.ifr, any.iv);
    }
}
