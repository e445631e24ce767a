//! One question about one picture, clean against perturbed: the request and the verdict.

use crate::json::{FromJson, Json, ToJson, Unreadable, json_struct};
use crate::recipe::Recipe;
use serde::{Deserialize, Serialize};

/// How the question is put to the model; texts as published in arXiv 2602.06652, except `plain` (ours).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RegimeName {
    /// The question alone: what the embedded model was trained on.
    #[default]
    Plain,
    /// `Question: ... Please answer the question concisely.`
    Open,
    /// Lettered options to choose from.
    Mcq,
    /// Lettered options for reference, free answer.
    OpenWithOptions,
    /// Exactly one word: Yes or No.
    Pope,
}

/// A question with its options.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuestionBody {
    /// The question.
    pub text: String,
    /// The options, two or more, distinct.
    pub options: Vec<String>,
    /// The prompt regime.
    #[serde(default)]
    pub regime: RegimeName,
}

/// The JSON part `request` of `POST /api/v1/verdict` (multipart). Beside it: part `perturbed` (PNG, always) and
/// part `clean` (PNG, only after the server asked for it with `clean_image_needed`; never for scenes, which the
/// server renders itself).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VerdictRequest {
    /// The recipe that made the perturbed picture.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub recipe: Recipe,
    /// Side in pixels at which a scene source was rendered; ignored for pictures.
    pub canvas_px: u32,
    /// The question.
    pub question: QuestionBody,
    /// Name of the model; the default one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Names the page's tab: a newer verdict request with the same name cancels the older one's work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

/// One option's score under the log-likelihood protocol of arXiv 2602.06652.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OptionScore {
    /// The option's text.
    pub text: String,
    /// Sum of the log-probabilities of its tokens, the end of turn included; no length normalisation.
    pub log_likelihood: f64,
    /// The same divided by the number of tokens (named variant).
    pub log_likelihood_per_token: f64,
    /// Softmax of the log-likelihoods over the options.
    pub probability: f64,
}

/// What the model makes of one picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Prediction {
    /// Every option, in the order of the question.
    pub options: Vec<OptionScore>,
    /// Index of the predicted option.
    pub answer: usize,
    /// s(predicted) minus the best other, in nats; never negative.
    pub margin: f64,
    /// Entropy of the option probabilities, in nats.
    pub entropy: f64,
    /// Dirichlet energy of the vision tokens.
    pub smoothness: Smoothness,
}

/// Dirichlet energy of the vision tokens on their grid (arXiv 2602.06652), as a number and as a map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Smoothness {
    /// E(V): mean squared difference over the grid's edges.
    pub dirichlet_energy: f64,
    /// E divided by the tokens' mean squared distance from their mean (our reconstruction).
    pub scale_free_energy: f64,
    /// Rows of the map.
    pub rows: u32,
    /// Columns of the map.
    pub columns: u32,
    /// Row-major: the mean squared difference of each token to its neighbours.
    pub token_energy: Vec<f32>,
}

/// How far one channel moved between clean and perturbed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Drift {
    /// 1 - cosine similarity.
    pub cosine_distance: f64,
    /// Euclidean distance.
    pub l2: f64,
}

/// Drift in each channel that a scored (not generated) answer has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DriftChannels {
    /// Last hidden state at the last prompt token (`ctx`).
    pub context: Drift,
    /// Mean last hidden state over the tokens of the clean prediction's option text (`ans`).
    pub answer: Drift,
    /// Mean of the vision tokens after the merger.
    pub vision: Drift,
}

/// The yardstick: drift between different pictures under the same question.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ControlDrift {
    /// Number of other pictures (25 in the published run).
    pub pictures: u32,
    /// Mean cosine distance of the context channel from the clean picture to the others.
    pub context_cosine_distance: f64,
    /// 100 x perturbation drift / control drift of the context channel, in percent.
    pub relative_drift_percent: f64,
}

/// Where the time went, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimingsMs {
    /// Decoding and checking the request.
    pub decode_ms: f64,
    /// Waiting in the queue.
    pub queue_ms: f64,
    /// The model's own work.
    pub inference_ms: f64,
    /// All of it, inside the server.
    pub total_ms: f64,
}

/// The answer to `POST /api/v1/verdict`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verdict {
    /// Name of the model that answered.
    pub model: String,
    /// What that model does not know; show it beside the answer. Empty for general models.
    pub limits: String,
    /// Hash of the recipe's canonical form.
    pub recipe_hash: String,
    /// Whether the posted pixels equal the server's own rendering of the recipe; absent where the server does not
    /// hold the source.
    pub pixels_match_recipe: Option<bool>,
    /// The clean picture's prediction.
    pub clean: Prediction,
    /// The perturbed picture's prediction.
    pub perturbed: Prediction,
    /// Whether the two predictions differ.
    pub flipped: bool,
    /// s(clean prediction) - max other, on the perturbed picture, in nats: negative when flipped.
    pub margin_of_clean_answer: f64,
    /// Drift per channel.
    pub drift: DriftChannels,
    /// The yardstick for it.
    pub control: ControlDrift,
    /// E(perturbed) - E(clean).
    pub dirichlet_delta: f64,
    /// Whether the clean pass came from the cache.
    pub clean_from_cache: bool,
    /// Where the time went.
    pub timings: TimingsMs,
}

impl RegimeName {
    /// Every regime with its name on the wire, in the order in which to offer them.
    pub const ALL: [(Self, &str); 5] = [
        (Self::Plain, "plain"),
        (Self::Open, "open"),
        (Self::Mcq, "mcq"),
        (Self::OpenWithOptions, "open_with_options"),
        (Self::Pope, "pope"),
    ];

    /// The regime with this name on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(regime, _)| regime)
    }
}

impl ToJson for RegimeName {
    fn to_json(&self) -> Json {
        let name = Self::ALL.iter().find(|(regime, _)| regime == self).map_or("", |(_, name)| name);
        Json::Text(name.to_owned())
    }
}

impl FromJson for RegimeName {
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        json.as_str().and_then(Self::from_name).ok_or_else(Unreadable::default)
    }

    fn absent() -> Result<Self, Unreadable> {
        Ok(Self::default())
    }
}

json_struct! {
    QuestionBody { text, options, regime }
    VerdictRequest { recipe, canvas_px, question, model, client }
    OptionScore { text, log_likelihood, log_likelihood_per_token, probability }
    Prediction { options, answer, margin, entropy, smoothness }
    Smoothness { dirichlet_energy, scale_free_energy, rows, columns, token_energy }
    Drift { cosine_distance, l2 }
    DriftChannels { context, answer, vision }
    ControlDrift { pictures, context_cosine_distance, relative_drift_percent }
    TimingsMs { decode_ms, queue_ms, inference_ms, total_ms }
    Verdict {
        model, limits, recipe_hash, pixels_match_recipe, clean, perturbed, flipped, margin_of_clean_answer, drift,
        control, dirichlet_delta, clean_from_cache, timings,
    }
}
