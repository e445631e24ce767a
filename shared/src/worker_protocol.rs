//! What the page's shell and its worker say to each other.
//!
//! A message is a JavaScript object `{ json, buffers }`: `json` the text of a [`Request`] or [`Reply`], `buffers` an
//! array of `ArrayBuffer`s, transferred, whose meaning the variant says. The worker speaks first ([`Outcome::Ready`],
//! id 0); then every request gets exactly one reply with its id. Requests are done in order, except that an `Apply`
//! or a `Measure` overtaken by a newer `Apply` is answered `Superseded` without work. Pictures as buffers are RGBA rows.

use crate::api::{CurvePoint, RegimeName};
use crate::chart::CurveMark;
use crate::json::{json_struct, json_tagged, json_words};
use crate::lab::LabQuestion;
use crate::metrics::difference::Difference;
use crate::raster::ImageId;
use crate::recipe::Recipe;
use crate::scene::{Attributes, QuestionKind, QuestionSpec};

/// A message to the worker.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Chosen by the shell, from 1; the reply carries it.
    pub id: u32,
    /// What to do.
    pub command: Command,
}

/// What the worker can do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Decode a picture file and keep the picture for recipes that name it. Buffers: the file.
    Decode,
    /// Carry out a recipe.
    Apply(Apply),
    /// The PNG of a picture of the last `Apply`.
    EncodePng {
        /// Id of that `Apply`; when another has been done since, the answer is `Superseded`.
        applied: u32,
        /// Which picture.
        picture: Picture,
    },
    /// The picture of |clean - perturbed| of the last `Apply`, black where they agree.
    DifferenceMap {
        /// Id of that `Apply`, as in `EncodePng`.
        applied: u32,
        /// Factor on the differences, at least 1.
        gain: u32,
    },
    /// Render the scene of a seed, for thumbnails; nothing is kept.
    Render {
        /// The scene's seed.
        seed: u64,
        /// Side in pixels.
        size_px: u32,
    },
    /// Draw questions about the scene of a seed.
    Ask {
        /// The scene's seed.
        seed: u64,
        /// Seeds the questions: another one, other questions.
        question_seed: u64,
    },
    /// Draw a chart.
    Draw(Chart),
    /// Measure the pictures of the last `Apply`, and show it together with what the server measured.
    Measure(Measure),
}

/// Everything that metrics of the picture at hand come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Id of that `Apply`; when another has been done since, the answer is `Superseded`.
    pub applied: u32,
    /// What the server streamed so far, as it came: each a [`crate::api::MeasureEvent`].
    pub events: Vec<String>,
    /// The answer on the clean picture.
    pub answer: usize,
    /// The response curve at hand; empty when there is none for this state.
    pub curve: Vec<CurvePoint>,
}

/// One line of a metric as it is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// The metric's id in the catalogue.
    pub id: String,
    /// Which of its values; empty when it has one.
    pub part: String,
    /// The clean picture's value, where there is one.
    pub was: Option<String>,
    /// The value, or a word in place of one; empty beside a chart.
    pub is: String,
    /// A chart of the values, as SVG.
    pub chart: Option<String>,
}

/// A chart of [`crate::chart`] with what it shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Chart {
    /// [`crate::chart::response_curve`].
    Curve {
        /// The parameter and its unit.
        parameter: String,
        /// First value of the sweep.
        from: f64,
        /// Last value.
        to: f64,
        /// The points so far.
        points: Vec<CurveMark>,
        /// Smallest values that flip.
        flips: Vec<f64>,
        /// The value that the recipe has now.
        current: Option<f64>,
    },
    /// [`crate::chart::probability_bars`].
    Bars {
        /// The question.
        question: String,
        /// The options' texts.
        options: Vec<String>,
        /// Probabilities on the clean picture.
        clean: Vec<f64>,
        /// Probabilities on the perturbed picture.
        perturbed: Vec<f64>,
    },
    /// [`crate::chart::heat_map`].
    Heat {
        /// What the values are.
        title: String,
        /// Rows.
        rows: u32,
        /// Columns.
        columns: u32,
        /// The values, row-major.
        values: Vec<f32>,
    },
}

/// A recipe to carry out.
#[derive(Clone, Debug, PartialEq)]
pub struct Apply {
    /// The recipe.
    pub recipe: Recipe,
    /// Side in pixels at which a scene is rendered; ignored for pictures.
    pub canvas_px: u32,
    /// A question about the scene whose true answers are wanted.
    pub question: Option<QuestionSpec>,
}

/// One of the two pictures of an `Apply`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// The source.
    Clean,
    /// The result.
    Perturbed,
}

/// A message from the worker.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The request's id; 0 for `Ready`.
    pub id: u32,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The worker takes requests.
    Ready,
    /// A picture was decoded and is kept.
    Decoded(Decoded),
    /// A recipe was carried out. Buffers: the perturbed picture, then, when `clean_changed`, the clean one.
    Applied(Box<Applied>),
    /// Buffers: the PNG file.
    Png,
    /// Buffers: the picture.
    DifferenceMap(Size),
    /// Buffers: the picture.
    Rendered(Size),
    /// Questions, at most one of each kind.
    Questions {
        /// Each with its true answer.
        questions: Vec<AskedQuestion>,
    },
    /// A chart was drawn.
    Drawn {
        /// It, as SVG.
        svg: String,
    },
    /// Metrics, each metric's lines one after another.
    Measured {
        /// They.
        shown: Vec<Shown>,
    },
    /// A newer `Apply` made this request pointless; nothing was done.
    Superseded,
    /// The request failed; the worker goes on.
    Failed {
        /// A stable name for programs.
        code: String,
        /// One sentence for a person.
        message: String,
    },
}

/// Width and height of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
}

/// A decoded picture: what a recipe's source needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// Content address.
    pub id: ImageId,
    /// Size after reduction to at most 1024 pixels a side.
    pub size: Size,
    /// Size in the file, upright.
    pub original_size: Size,
}

/// A recipe carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// Size of the clean picture.
    pub clean: Size,
    /// Whether the clean picture differs from the last one sent, and is sent.
    pub clean_changed: bool,
    /// Size of the perturbed picture.
    pub perturbed: Size,
    /// How far the two pictures are apart.
    pub difference: Difference,
    /// Of a scene source: its objects and the truth.
    pub scene: Option<AppliedScene>,
    /// Time in the worker, milliseconds.
    pub elapsed_ms: f64,
}

/// What the page must know of a scene.
#[derive(Clone, Debug, PartialEq)]
pub struct AppliedScene {
    /// The objects of the scene as drawn from its seed, in their order.
    pub objects: Vec<Attributes>,
    /// The question's true answers, when one was sent.
    pub truth: Option<Truth>,
}

/// The true answer to a question before and after the scene edits, as indices into its options; none where the
/// question has no answer (what it refers to is absent, ambiguous or hidden).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truth {
    /// Before.
    pub clean: Option<usize>,
    /// After.
    pub edited: Option<usize>,
}

/// A question drawn about a scene.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedQuestion {
    /// What kind it is.
    pub kind: QuestionKind,
    /// Its meaning.
    pub spec: QuestionSpec,
    /// Its words.
    pub text: String,
    /// The options.
    pub options: Vec<String>,
    /// Index of the true one.
    pub answer: usize,
}

impl From<AskedQuestion> for LabQuestion {
    fn from(asked: AskedQuestion) -> Self {
        let AskedQuestion { text, options, spec, .. } = asked;
        Self { text, options, regime: RegimeName::default(), spec: Some(spec) }
    }
}

json_words! {
    Picture { Clean = "clean", Perturbed = "perturbed" }
}

json_struct! {
    Request { id, command }
    Reply { id, outcome }
    Apply { recipe, canvas_px, question }
    Measure { applied, events, answer, curve }
    Shown { id, part, was, is, chart }
    Size { width_px, height_px }
    Decoded { id, size, original_size }
    Applied { clean, clean_changed, perturbed, difference, scene, elapsed_ms }
    AppliedScene { objects, truth }
    Truth { clean, edited }
    AskedQuestion { kind, spec, text, options, answer }
}

json_struct! {
    CurveMark { value, margin, relative_drift_percent, flipped }
}

json_tagged! {
    Chart by "chart" {
        Curve = "curve" { parameter, from, to, points, flips, current },
        Bars = "bars" { question, options, clean, perturbed },
        Heat = "heat" { title, rows, columns, values },
    }
}

json_tagged! {
    Command by "do" {
        Decode = "decode",
        Apply = "apply" (apply),
        EncodePng = "encode_png" { applied, picture },
        DifferenceMap = "difference_map" { applied, gain },
        Render = "render" { seed, size_px },
        Ask = "ask" { seed, question_seed },
        Draw = "draw" (chart),
        Measure = "measure" (measure),
    }
}

json_tagged! {
    Outcome by "is" {
        Ready = "ready",
        Decoded = "decoded" (decoded),
        Applied = "applied" (applied),
        Png = "png",
        DifferenceMap = "difference_map" (size),
        Rendered = "rendered" (size),
        Questions = "questions" { questions },
        Drawn = "drawn" { svg },
        Measured = "measured" { shown },
        Superseded = "superseded",
        Failed = "failed" { code, message },
    }
}
