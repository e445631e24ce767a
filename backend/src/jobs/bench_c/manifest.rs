//! `bench-c.json`: which samples were chosen, by which models and settings, and what the choice is worth.

use crate::jobs::evaluate::{DataIdentity, Manifest, ModelIdentity, Scoring};
use flipside_shared::api::{Estimate, RegimeName};
use serde::{Deserialize, Serialize};

/// How samples are chosen and the choice is judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Samples of the benchmark.
    pub size: usize,
    /// a of the maximal marginal relevance: 1 looks at discrimination alone, 0 at diversity alone.
    pub balance: f64,
    /// Names of the corruptions, each at severities 1 to 5.
    pub corruptions: Vec<String>,
    /// Random sets of the same size that the choice is held against.
    pub random_sets: u32,
    /// Bootstrap resamples of every set.
    pub resamples: u32,
    /// Seed of sets and resamples.
    pub seed: u64,
}

impl Settings {
    /// The published size (second-hand).
    pub const SIZE: usize = 849;
    /// Our reconstruction.
    pub const BALANCE: f64 = 0.5;
    /// Enough for a p of .005.
    pub const RANDOM_SETS: u32 = 200;
    /// As in reports.
    pub const RESAMPLES: u32 = 1000;
}

/// The benchmark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BenchC {
    /// Version of this file's format.
    pub format: u32,
    /// Version of the program.
    pub flipside: String,
    /// What the samples were chosen from.
    pub source: Source,
    /// How.
    pub settings: Settings,
    /// The models that chose. They are not to be ranked on the result.
    pub selection_models: Vec<ModelFacts>,
    /// Whether a ranked model is a selection model too, which flatters the choice.
    pub ranked_chose: bool,
    /// Samples that could not be chosen.
    pub left_out: LeftOut,
    /// What the choice is worth.
    pub comparison: Comparison,
    /// Every sample that could be chosen, in the order of the data set.
    pub samples: Vec<ScoredSample>,
}

impl BenchC {
    /// The format that this build writes.
    pub const FORMAT: u32 = 1;

    /// The chosen samples, best first.
    pub fn chosen(&self) -> Vec<&ScoredSample> {
        let mut chosen: Vec<&ScoredSample> = self.samples.iter().filter(|one| one.rank.is_some()).collect();
        chosen.sort_by_key(|one| one.rank);
        chosen
    }
}

/// What the runs have in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The data set.
    pub data: DataIdentity,
    /// The first samples that were used; all when absent.
    pub limit: Option<u64>,
    /// How many samples were drawn; all when absent.
    pub sample: Option<u64>,
    /// How questions were put; as the data set says when absent.
    pub regime: Option<RegimeName>,
    /// How options were scored.
    pub scoring: Scoring,
    /// Seed of the runs.
    pub seed: u64,
}

impl From<&Manifest> for Source {
    fn from(manifest: &Manifest) -> Self {
        Self {
            data: manifest.data.clone(),
            limit: manifest.limit,
            sample: manifest.sample,
            regime: manifest.regime,
            scoring: manifest.scoring,
            seed: manifest.seed,
        }
    }
}

/// A model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelFacts {
    /// Its name, with the beginning of its hash where another has the same.
    pub label: String,
    /// What it is.
    #[serde(flatten)]
    pub identity: ModelIdentity,
}

impl ModelFacts {
    /// Models with labels that tell them apart.
    pub fn labelled<'a>(models: impl Iterator<Item = &'a ModelIdentity>) -> Vec<Self> {
        let models: Vec<&ModelIdentity> = models.collect();
        let label = |model: &ModelIdentity| {
            let shared = models.iter().filter(|other| other.name == model.name).count() > 1;
            let start = model.weights_sha256.get(..8).unwrap_or(&model.weights_sha256);
            if shared { format!("{} {start}", model.name) } else { model.name.clone() }
        };
        models.iter().map(|model| Self { label: label(model), identity: (*model).clone() }).collect()
    }
}

/// Samples that could not be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Left out by a run.
    pub skipped: u64,
    /// Without a known answer.
    pub without_answer: u64,
    /// Too small for any corruption.
    pub impossible: u64,
}

/// The chosen set beside random sets of its size and beside all samples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// How far the ranked models are put apart, by several measures.
    pub measures: Vec<Measure>,
    /// Accuracy under corruption of each ranked model.
    pub models: Vec<ModelRow>,
}

/// One way to say how far a set puts models apart; more is better.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Its name.
    pub name: String,
    /// Over all samples.
    pub whole: f64,
    /// Over the chosen ones.
    pub chosen: f64,
    /// Over random sets.
    pub random: RandomSets,
    /// Chosen less random: less their mean, with the interval over random sets.
    pub advantage: Estimate,
    /// Share of random sets, the chosen one counted among them, that do as well or better.
    pub p_value: f64,
}

/// A number over random sets.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RandomSets {
    /// Mean.
    pub mean: f64,
    /// Of 95 of 100 sets the smallest.
    pub low: f64,
    /// Of 95 of 100 sets the largest.
    pub high: f64,
}

/// Accuracy under corruption of one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelRow {
    /// The model.
    pub model: ModelFacts,
    /// Over all samples, bootstrap over pictures.
    pub whole: Estimate,
    /// Over the chosen ones, bootstrap over pictures.
    pub chosen: Estimate,
    /// Over random sets.
    pub random: RandomSets,
}

/// A sample with what its choice rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredSample {
    /// Its place in the data set, from 0.
    pub sample: u64,
    /// Its name.
    pub id: String,
    /// Its categories.
    pub categories: Vec<String>,
    /// The question.
    pub question: String,
    /// I: mean over selection models and corruptions of flips.
    pub inconsistency: f64,
    /// V: variance over selection models of accuracy under corruption.
    pub variability: f64,
    /// D = norm(I) norm(V).
    pub discrimination: f64,
    /// Place in the order of choice, from 1; none where it was not chosen.
    pub rank: Option<usize>,
    /// Largest cosine to a sample chosen before.
    pub similarity: Option<f64>,
}
