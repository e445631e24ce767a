//! The documented formats: what the columns of a row mean. One file each; containers have made the rows.

mod answer;
mod detect;
mod hallusion_bench;
mod hr_bench;
mod mmmu;
pub(crate) mod own;
mod pope;
mod real_world_qa;
mod seed_bench;
mod v_star;
mod vlmevalkit;

use crate::error::DatasetError;
use crate::image::ImageRoot;
use crate::row::Row;
use crate::sample::{Regime, Sample, Scoring};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use thiserror::Error;

pub(crate) use detect::detect;

/// A documented format of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// VLMEvalKit's tables: MMBench, SEED-Bench, POPE, MMMU, RealWorldQA, HallusionBench and more as TSV.
    VlmEvalKit,
    /// POPE as JSON lines or Parquet.
    Pope,
    /// `SEED-Bench.json`.
    SeedBench,
    /// MMMU as Parquet.
    Mmmu,
    /// The folders of V*.
    VStar,
    /// HR-Bench as TSV or Parquet.
    HrBench,
    /// `HallusionBench.json`.
    HallusionBench,
    /// RealWorldQA as JSON lines or Parquet.
    RealWorldQa,
    /// Our own files, as `write` makes them.
    Flipside,
}

/// A name that is no format's.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no format; the formats are {known}", known = Format::names())]
pub struct NoSuchFormat(String);

impl std::str::FromStr for Format {
    type Err = NoSuchFormat;

    fn from_str(text: &str) -> Result<Self, NoSuchFormat> {
        let format = Self::ALL.into_iter().find(|format| format.name() == text);
        format.ok_or_else(|| NoSuchFormat(text.to_owned()))
    }
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 9] = [
        Self::VlmEvalKit,
        Self::Pope,
        Self::SeedBench,
        Self::Mmmu,
        Self::VStar,
        Self::HrBench,
        Self::HallusionBench,
        Self::RealWorldQa,
        Self::Flipside,
    ];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VlmEvalKit => "vlmevalkit",
            Self::Pope => "pope",
            Self::SeedBench => "seed-bench",
            Self::Mmmu => "mmmu",
            Self::VStar => "v-star",
            Self::HrBench => "hr-bench",
            Self::HallusionBench => "hallusion-bench",
            Self::RealWorldQa => "real-world-qa",
            Self::Flipside => "flipside",
        }
    }

    /// The names of all formats, for messages.
    pub fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    /// The columns without which there is nothing to read; of each group one is enough.
    const fn needs(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::VlmEvalKit => &[&["index"], &["question"], &["image", "image_path"]],
            Self::Pope => {
                &[&["question_id", "id"], &["text", "question"], &["label", "answer"], pope::IMAGES]
            }
            Self::SeedBench => &[&["question_id"], &["question"], &["data_id"], &["choice_a"]],
            Self::Mmmu => &[&["id"], &["question"], &["options"], &["image_1"]],
            Self::VStar => &[&["question"], &["options"]],
            Self::HrBench => &[&["index"], &["question"], &["A"], &["cycle_category"], &["image"]],
            Self::HallusionBench => &[
                &["question"],
                &["gt_answer"],
                &["set_id"],
                &["figure_id"],
                &["question_id"],
                &["visual_input"],
            ],
            Self::RealWorldQa => &[&["question"], &["answer"], &["image", "image_path"]],
            Self::Flipside => &[&["id"], &["question"], &["images"]],
        }
    }

    /// Refuses a file that lacks columns. Of a file without a readable first entry nothing is known.
    pub(crate) fn check_columns(self, file: &Path, columns: &[Arc<str>]) -> Result<(), DatasetError> {
        let has = |name: &&str| columns.iter().any(|column| **column == **name);
        let missing: Vec<String> = self
            .needs()
            .iter()
            .filter(|group| !group.iter().any(has))
            .map(|group| group.join(" or "))
            .collect();
        if missing.is_empty() || columns.is_empty() {
            return Ok(());
        }
        Err(DatasetError::MissingColumns {
            file: file.to_owned(),
            format: self.name(),
            missing: missing.join(", "),
            found: columns.join(", "),
        })
    }

    /// Reads a row as a sample.
    pub(crate) fn sample(self, row: Row, surroundings: &Surroundings) -> Result<Sample, DatasetError> {
        let read = match self {
            Self::VlmEvalKit => vlmevalkit::sample,
            Self::Pope => pope::sample,
            Self::SeedBench => seed_bench::sample,
            Self::Mmmu => mmmu::sample,
            Self::VStar => v_star::sample,
            Self::HrBench => hr_bench::sample,
            Self::HallusionBench => hallusion_bench::sample,
            Self::RealWorldQa => real_world_qa::sample,
            Self::Flipside => own::sample,
        };
        read(row, surroundings)
    }
}

/// What the rows of a file have in common.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    /// Where relative image paths begin.
    pub root: ImageRoot,
    /// The file's name without its ending.
    pub stem: String,
}

/// A sample with the parts that every format has; multiple choice by accuracy until the format says otherwise.
fn plain(row: &Row, id: String, question: String) -> Sample {
    Sample {
        id,
        place: row.place.clone(),
        images: Vec::new(),
        question,
        hint: None,
        options: Vec::new(),
        answer: None,
        categories: BTreeMap::new(),
        boxes: Vec::new(),
        scoring: Scoring::Accuracy,
        split: None,
        regime: Regime::Mcq,
    }
}

/// Files the values of these columns as categories.
fn categorise(sample: &mut Sample, row: &Row, columns: &[&str]) -> Result<(), DatasetError> {
    for column in columns {
        if let Some(value) = row.owned(column)? {
            sample.categories.insert((*column).to_owned(), vec![value]);
        }
    }
    Ok(())
}
