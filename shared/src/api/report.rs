//! What an evaluation came to: the numbers of a report, as the command line writes them and the page shows them.

use serde::{Deserialize, Serialize};

/// A report on one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// What was run.
    pub run: RunFacts,
    /// The model on clean pictures.
    pub clean: CleanScores,
    /// One row per family or corruption, in the run's order.
    pub families: Vec<FamilyRow>,
    /// Flips over named sets of families.
    pub any: Vec<AnyRow>,
    /// What is worth a look.
    pub worst: Vec<WorstExample>,
}

/// A run in a list of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunCard {
    /// Its name: its folder's.
    pub name: String,
    /// The model's name.
    pub model: String,
    /// SHA-256 of its weights.
    pub weights_sha256: String,
    /// The data set, in words.
    pub data: String,
    /// The perturbations, by name.
    pub families: Vec<String>,
    /// Folders it is spread over.
    pub shards: u32,
    /// Size of its log, bytes.
    pub log_bytes: u64,
    /// When the log last grew, seconds since 1970.
    pub changed_unix_s: u64,
}

/// What a run's numbers depend on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunFacts {
    /// The model's name.
    pub model: String,
    /// SHA-256 of its weights.
    pub weights_sha256: String,
    /// Number format and device.
    pub computed_in: String,
    /// The data set, in words.
    pub data: String,
    /// The prompt regime, or "as the data set says".
    pub regime: String,
    /// The scoring variant.
    pub scoring: String,
    /// Seed of everything drawn.
    pub seed: u64,
    /// Version of flipside.
    pub flipside: String,
    /// Samples in the report.
    pub samples: u64,
    /// Predictions on perturbed pictures.
    pub predictions: u64,
    /// Rows of the data file that could not be read and were left out.
    pub skipped_rows: u64,
    /// Samples that were left out.
    pub skipped_samples: u64,
    /// Perturbations that were impossible on their picture.
    pub impossible: u64,
    /// Why rows and samples were left out, the first of them.
    pub left_out: Vec<String>,
}

/// A number with its 95 % confidence interval: bootstrap over pictures.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The model on clean pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CleanScores {
    /// Share of right answers; none where no answer is known.
    pub accuracy: Option<Estimate>,
    /// What the most frequent right option index would score.
    pub majority_accuracy: Option<f64>,
    /// Expected calibration error, 15 bins.
    pub ece: Option<f64>,
    /// Brier score, 0 to 2.
    pub brier: Option<f64>,
    /// Mean margin, nats.
    pub margin: f64,
    /// Accuracy by category.
    pub categories: Vec<CategoryRow>,
    /// The data set's own scores, by name.
    pub own: Vec<NamedScore>,
}

/// Accuracy in one category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryRow {
    /// The category.
    pub category: String,
    /// Its samples.
    pub samples: u64,
    /// Share of right answers on clean pictures.
    pub accuracy: f64,
    /// Instance flip rate over all perturbations of them.
    pub flip_rate: Option<f64>,
}

/// A score with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedScore {
    /// The name.
    pub name: String,
    /// The score.
    pub value: f64,
}

/// One family of perturbations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FamilyRow {
    /// Its name.
    pub family: String,
    /// Perturbed pictures.
    pub instances: u64,
    /// Pictures with at least one.
    pub samples: u64,
    /// Instance flip rate IFR.
    pub ifr: Estimate,
    /// Image vulnerability IV.
    pub iv: Estimate,
    /// Accuracy on perturbed pictures.
    pub accuracy: Option<Estimate>,
    /// Counts R->R, R->W, W->R, W->W.
    pub transitions: Option<[u64; 4]>,
    /// R->W / (R->W + R->R).
    pub right_to_wrong_rate: Option<f64>,
    /// W->R / (W->R + W->W).
    pub wrong_to_right_rate: Option<f64>,
    /// Margin of the clean answer on perturbed pictures, nats: all, flipped, kept.
    pub margins: [Option<f64>; 3],
    /// Drift per channel: context, answer, vision.
    pub drift: Vec<ChannelDrift>,
    /// Mean change of the Dirichlet energy.
    pub dirichlet_delta: f64,
    /// How far towards the blank picture's answer it moves (a reconstruction).
    pub prior: Option<PriorRow>,
    /// Changed frequencies, low to high; empty where the run did not log them.
    pub bands: Vec<BandRow>,
    /// What the change of the Dirichlet energy goes along with.
    pub correlations: Vec<CorrelationRow>,
    /// RAS (a reconstruction) and its parts.
    pub ras: Option<RasRow>,
    /// Its members, in order: severities of a corruption, widths of a shift.
    pub members: Vec<MemberRow>,
}

/// Drift in one channel, cosine distance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelDrift {
    /// `context`, `answer` or `vision`.
    pub channel: String,
    /// Mean perturbation drift over pictures.
    pub perturbation: f64,
    /// The same over perturbations that did not flip: the hidden part.
    pub kept: Option<f64>,
    /// Mean control drift.
    pub control: f64,
    /// 100 x perturbation / control.
    pub relative_percent: Option<f64>,
    /// 100 x standard deviation of perturbation / control.
    pub spread_percent: Option<f64>,
    /// Cohen's d of perturbation against control.
    pub cohens_d: Option<f64>,
    /// Mean L2.
    pub l2: f64,
}

/// Drift-to-Prior over a family: medians over perturbed pictures, since single ratios have no bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriorRow {
    /// (m - m_clean)/(m_blank - m_clean) of the clean answer's margin: 0 unchanged, 1 at the blank picture's.
    pub margin: Option<f64>,
    /// Distance to the blank picture's representation that is left: 1 unchanged, 0 at it; context, answer, vision.
    pub distances: [Option<f64>; 3],
    /// Perturbed pictures whose clean margin is the blank one's: no ratio.
    pub undefined: u64,
}

/// One band of frequencies over a family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BandRow {
    /// `low`, `middle` or `high`.
    pub band: String,
    /// Mean relative change of energy.
    pub change: Option<f64>,
    /// The same over flips.
    pub change_flipped: Option<f64>,
    /// Mean loss of coherence (a reconstruction).
    pub coherence_loss: Option<f64>,
}

/// Pearson's r of the change of the Dirichlet energy with something else, over perturbed pictures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CorrelationRow {
    /// With what.
    pub with: String,
    /// Over all.
    pub all: Option<f64>,
    /// Over flips.
    pub flipped: Option<f64>,
    /// Over the others.
    pub kept: Option<f64>,
}

/// RAS over a family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RasRow {
    /// RAS, in [-2, 1].
    pub ras: Estimate,
    /// dA, change of the probability of the right option.
    pub alignment: f64,
    /// dU, change of the normalised entropy.
    pub uncertainty: f64,
    /// Part of RAS from samples right when clean.
    pub destructive: f64,
    /// Part of RAS from samples wrong when clean.
    pub corrective: f64,
    /// Counts: stable, hesitant, erroneously confident, corrected.
    pub behaviours: [u64; 4],
}

/// One member of a family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberRow {
    /// Its name within the family.
    pub member: String,
    /// Perturbed pictures.
    pub instances: u64,
    /// Instance flip rate.
    pub ifr: f64,
    /// Accuracy.
    pub accuracy: Option<f64>,
    /// RAS.
    pub ras: Option<f64>,
    /// Mean drift of the context channel over control drift, percent.
    pub relative_drift_percent: Option<f64>,
    /// The sample and instance that moved most without a flip, to look at.
    pub example: Option<ExampleKey>,
}

/// Flips over a named set of families.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnyRow {
    /// The set's name.
    pub set: String,
    /// IFR pooled over its instances.
    pub ifr: f64,
    /// IV over the union.
    pub iv: f64,
}

/// Names a prediction of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExampleKey {
    /// The sample's place in the data set.
    pub sample: u64,
    /// The instance's name.
    pub instance: String,
}

/// Why an example is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WorstKind {
    /// Right when clean, wrong and sure after.
    Flip,
    /// The answer stays, the representation moves most.
    HiddenDrift,
}

/// A prediction worth a look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorstExample {
    /// Why it is shown.
    pub kind: WorstKind,
    /// Which it is.
    pub key: ExampleKey,
    /// The sample's name.
    pub id: String,
    /// The question.
    pub question: String,
    /// The clean answer.
    pub clean_answer: String,
    /// The answer after.
    pub perturbed_answer: String,
    /// The right one, where known.
    pub right_answer: Option<String>,
    /// Margin of the clean answer after, nats.
    pub margin: f64,
    /// Drift of the context channel, cosine distance.
    pub drift: f64,
    /// The state as a lab link: what follows `#`.
    pub link: String,
}
