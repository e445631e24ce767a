//! Every single prediction as a table: one row each, clean ones included, in the order of the data set.

use crate::jobs::evaluate::{PredictionEntry, Run, SampleEntry};
use anyhow::{Context, Result};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, UInt64Array};
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use serde::Serialize;
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
    sync::Arc,
};

/// Rows of a Parquet row group.
const GROUP_ROWS: usize = 16_384;

/// One prediction.
#[derive(Debug, Serialize)]
struct Line<'a> {
    sample: u64,
    id: &'a str,
    image_id: &'a str,
    categories: String,
    question: &'a str,
    family: &'a str,
    instance: &'a str,
    answer: &'a str,
    right_answer: Option<&'a str>,
    right: Option<bool>,
    flipped: bool,
    /// Log-likelihoods, one per option, separated by spaces.
    log_likelihoods: String,
    context_cosine: Option<f64>,
    context_l2: Option<f64>,
    answer_cosine: Option<f64>,
    answer_l2: Option<f64>,
    vision_cosine: Option<f64>,
    vision_l2: Option<f64>,
    dirichlet_energy: f64,
    scale_free_energy: f64,
    recipe_seed: Option<u64>,
    operation: Option<String>,
}

impl<'a> Line<'a> {
    fn new(sample: &'a SampleEntry, entry: Option<&'a PredictionEntry>) -> Self {
        let option = |index: usize| sample.options.get(index).map_or("", String::as_str);
        let answer = entry.map_or(sample.answer, |entry| entry.answer);
        let scores = entry.map_or(&sample.log_likelihoods, |entry| &entry.log_likelihoods);
        let drift = entry.map(|entry| entry.drift);
        Self {
            sample: sample.sample,
            id: &sample.id,
            image_id: &sample.image_id,
            categories: sample.categories.join("; "),
            question: &sample.question,
            family: entry.map_or("clean", |entry| &entry.family),
            instance: entry.map_or("clean", |entry| &entry.instance),
            answer: option(answer),
            right_answer: sample.right.map(option),
            right: sample.right.map(|right| right == answer),
            flipped: answer != sample.answer,
            log_likelihoods: scores.iter().map(f64::to_string).collect::<Vec<_>>().join(" "),
            context_cosine: drift.map(|drift| drift.context_cosine),
            context_l2: drift.map(|drift| drift.context_l2),
            answer_cosine: drift.map(|drift| drift.answer_cosine),
            answer_l2: drift.map(|drift| drift.answer_l2),
            vision_cosine: drift.map(|drift| drift.vision_cosine),
            vision_l2: drift.map(|drift| drift.vision_l2),
            dirichlet_energy: entry.map_or(sample.dirichlet_energy, |entry| entry.dirichlet_energy),
            scale_free_energy: entry.map_or(sample.scale_free_energy, |entry| entry.scale_free_energy),
            recipe_seed: entry.map(|entry| entry.seed),
            operation: entry.map(|entry| entry.operation.to_string()),
        }
    }
}

fn lines(run: &Run) -> impl Iterator<Item = Line<'_>> {
    run.samples.values().flat_map(|sample| {
        let own = run.predictions.range((sample.sample, String::new())..);
        let own = own.take_while(|((number, _), _)| *number == sample.sample).map(|(_, entry)| Some(entry));
        std::iter::once(None).chain(own).map(|entry| Line::new(sample, entry))
    })
}

/// The forms in which predictions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Comma-separated, with a header.
    Csv,
    /// A JSON list of objects.
    Json,
    /// Parquet.
    Parquet,
}

/// The files of all forms.
pub const FILES: [&str; 3] = ["predictions.csv", "predictions.json", "predictions.parquet"];

impl Kind {
    /// The form of one of [`FILES`].
    pub fn of_file(name: &str) -> Option<Self> {
        let kinds = [Self::Csv, Self::Json, Self::Parquet];
        FILES.iter().zip(kinds).find(|(file, _)| **file == name).map(|(_, kind)| kind)
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// Writes every prediction of a run.
///
/// # Errors
/// When `to` cannot be written.
pub fn write(run: &Run, kind: Kind, to: &mut (impl Write + Send)) -> Result<()> {
    match kind {
        Kind::Csv => {
            let mut writer = csv::Writer::from_writer(&mut *to);
            for line in lines(run) {
                writer.serialize(line)?;
            }
            writer.flush()?;
        }
        Kind::Json => {
            let mut before = "[\n";
            for line in lines(run) {
                to.write_all(before.as_bytes())?;
                serde_json::to_writer(&mut *to, &line)?;
                before = ",\n";
            }
            to.write_all(if before == "[\n" { b"[]\n" } else { b"\n]\n" })?;
        }
        Kind::Parquet => {
            let all: Vec<Line<'_>> = lines(run).collect();
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
            let schema = batch(&[])?.schema();
            let mut writer = ArrowWriter::try_new(&mut *to, schema, Some(properties))?;
            for group in all.chunks(GROUP_ROWS) {
                writer.write(&batch(group)?)?;
            }
            writer.close()?;
        }
    }
    Ok(to.flush()?)
}

/// Writes [`FILES`] into a folder.
///
/// # Errors
/// When one cannot be written.
pub fn write_files(run: &Run, folder: &Path) -> Result<()> {
    for name in FILES {
        let path = folder.join(name);
        let written = || -> Result<()> {
            let kind = Kind::of_file(name).context("a file of no form")?;
            write(run, kind, &mut BufWriter::new(File::create(&path)?))
        };
        written().with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn batch(lines: &[Line<'_>]) -> Result<RecordBatch> {
    let text = |read: &dyn Fn(&Line<'_>) -> Option<String>| -> ArrayRef {
        Arc::new(lines.iter().map(read).collect::<StringArray>())
    };
    let own = |read: fn(&Line<'_>) -> String| text(&move |line| Some(read(line)));
    let number = |read: fn(&Line<'_>) -> Option<f64>| -> ArrayRef {
        Arc::new(lines.iter().map(read).collect::<Float64Array>())
    };
    let columns: [(&str, ArrayRef); 22] = [
        ("sample", Arc::new(lines.iter().map(|line| Some(line.sample)).collect::<UInt64Array>())),
        ("id", own(|line| line.id.to_owned())),
        ("image_id", own(|line| line.image_id.to_owned())),
        ("categories", own(|line| line.categories.clone())),
        ("question", own(|line| line.question.to_owned())),
        ("family", own(|line| line.family.to_owned())),
        ("instance", own(|line| line.instance.to_owned())),
        ("answer", own(|line| line.answer.to_owned())),
        ("right_answer", text(&|line| line.right_answer.map(str::to_owned))),
        ("right", Arc::new(lines.iter().map(|line| line.right).collect::<BooleanArray>())),
        ("flipped", Arc::new(lines.iter().map(|line| Some(line.flipped)).collect::<BooleanArray>())),
        ("log_likelihoods", own(|line| line.log_likelihoods.clone())),
        ("context_cosine", number(|line| line.context_cosine)),
        ("context_l2", number(|line| line.context_l2)),
        ("answer_cosine", number(|line| line.answer_cosine)),
        ("answer_l2", number(|line| line.answer_l2)),
        ("vision_cosine", number(|line| line.vision_cosine)),
        ("vision_l2", number(|line| line.vision_l2)),
        ("dirichlet_energy", number(|line| Some(line.dirichlet_energy))),
        ("scale_free_energy", number(|line| Some(line.scale_free_energy))),
        ("recipe_seed", Arc::new(lines.iter().map(|line| line.recipe_seed).collect::<UInt64Array>())),
        ("operation", text(&|line| line.operation.clone())),
    ];
    Ok(RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true)))?)
}
