//! The lines of a run's log. Each stands for itself, so that a log cut off anywhere loses its last line at most.

use super::{spectrum::SpectrumEntry, state::State};
use flipside_shared::{
    api::RegimeName,
    recipe::{Recipe, Source, Step},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// A sample and what the model says to it unperturbed.
    Sample(Box<SampleEntry>),
    /// What the model says to one perturbation of it.
    Prediction(Box<PredictionEntry>),
    /// A sample that could not be used.
    Skipped(SkippedEntry),
}

/// A sample with its clean prediction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleEntry {
    /// Its place in the data set, from 0.
    pub sample: u64,
    /// Its name in the data set.
    pub id: String,
    /// The picture: with the operations of a prediction a recipe that anyone can repeat.
    pub source: Source,
    /// Side in pixels at which a scene was rendered; 0 for pictures.
    pub canvas_px: u32,
    /// Content of the clean picture: samples that share it are not independent.
    pub image_id: String,
    /// Categories in the data set.
    pub categories: Vec<String>,
    /// The question.
    pub question: String,
    /// Its options.
    pub options: Vec<String>,
    /// How it was put.
    pub regime: RegimeName,
    /// Index of the right option.
    pub right: Option<usize>,
    /// What the data set's own score needs.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub marks: Map<String, Value>,
    /// Index of the clean prediction.
    pub answer: usize,
    /// s(o) per option, nats.
    pub log_likelihoods: Vec<f64>,
    /// Tokens per option, the end of turn included.
    pub token_counts: Vec<u32>,
    /// Dirichlet energy of the vision tokens.
    pub dirichlet_energy: f64,
    /// The same over their variance (a reconstruction).
    pub scale_free_energy: f64,
    /// Representations of the clean picture.
    pub state: State,
    /// The same question put to a blank picture; runs of older formats have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
}

/// What the model says to a blank white picture of the clean one's size: its prior.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    /// s(o) per option, nats.
    pub log_likelihoods: Vec<f64>,
    /// Representations, the answer's of the clean answer.
    pub state: State,
}

impl SampleEntry {
    /// Whether another run's sample is the same question about the same picture.
    pub fn asks_the_same(&self, other: &Self) -> bool {
        (&self.id, &self.image_id, &self.question, &self.options)
            == (&other.id, &other.image_id, &other.question, &other.options)
    }
}

/// A prediction on a perturbed picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictionEntry {
    /// The sample's place in the data set.
    pub sample: u64,
    /// The family's name.
    pub family: String,
    /// The instance's name, unique within the sample.
    pub instance: String,
    /// Seed of the recipe.
    pub seed: u64,
    /// The operation, as a recipe writes it.
    pub operation: Value,
    /// Index of the prediction.
    pub answer: usize,
    /// s(o) per option, nats.
    pub log_likelihoods: Vec<f64>,
    /// How far the representations moved from the clean picture's.
    pub drift: DriftEntry,
    /// How far they are from the blank picture's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_prior: Option<DriftEntry>,
    /// Which frequencies changed, where the run looks at them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spectrum: Option<SpectrumEntry>,
    /// Dirichlet energy of the vision tokens.
    pub dirichlet_energy: f64,
    /// The same over their variance (a reconstruction).
    pub scale_free_energy: f64,
}

impl PredictionEntry {
    /// The recipe of the picture, from the sample's source; none where this build does not know the operation.
    pub fn recipe(&self, source: &Source) -> Option<Recipe> {
        let operation = serde_json::from_value(self.operation.clone()).ok()?;
        let operations = vec![Step { enabled: true, operation }];
        Some(Recipe { operations, seed: self.seed, ..Recipe::new(source.clone()) })
    }
}

/// Cosine distance and L2 per channel.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftEntry {
    /// Last prompt token: 1 - cos.
    pub context_cosine: f64,
    /// Last prompt token: L2.
    pub context_l2: f64,
    /// Mean over the tokens of the clean answer: 1 - cos.
    pub answer_cosine: f64,
    /// Mean over the tokens of the clean answer: L2.
    pub answer_l2: f64,
    /// Mean vision token: 1 - cos.
    pub vision_cosine: f64,
    /// Mean vision token: L2.
    pub vision_l2: f64,
}

/// A sample that was left out, or one perturbation of it that is impossible (a crop of more than there is).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SkippedEntry {
    /// Its place in the data set.
    pub sample: u64,
    /// Its name.
    pub id: String,
    /// The perturbation's name; none when the whole sample is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Why.
    pub reason: String,
}

/// A row of a data file that could not be read as a sample; a line of `skipped.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SkippedRow {
    /// The file.
    pub file: String,
    /// The line on which it begins, from 1; none where the file has no lines.
    pub line: Option<u64>,
    /// What is wrong with it.
    pub reason: String,
}
