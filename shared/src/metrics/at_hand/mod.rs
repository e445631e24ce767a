//! All metrics of the one picture at hand, as one list of values for the lab: pixels and spectra from the page's worker,
//! answers and representations from the server, both through the functions of [`super`].
//!
//! Names, explanations and sources are the catalogue's, found by id. Knows no layout and no language: what a value is
//! called besides its number is one of [`words`], or an option's text in quotes.

mod answers;
mod boxes;
mod curve;
mod frequencies;
mod pictures;

pub use answers::{Answers, answers};
pub use boxes::question_boxes;
pub use curve::along_curve;
pub use frequencies::{bands, frequencies};
pub use pictures::pictures;

use crate::json::json_struct;
use serde::{Deserialize, Serialize};

/// One value of a metric.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Measured {
    /// The metric's id in the catalogue.
    pub id: String,
    /// Which of its values, where it has several: a channel, a band, an option in quotes; else empty.
    pub part: String,
    /// On the clean picture, where the metric has a value there, in the catalogue's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clean: Option<f64>,
    /// On the perturbed picture or between the two, in the catalogue's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// A word in place of a number: a class, or why there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
}

impl Measured {
    /// A number between the two pictures, or on the perturbed one alone; what is not finite is no number.
    #[inline(never)]
    pub fn number(id: &str, value: f64) -> Self {
        Self { id: id.to_owned(), value: value.is_finite().then_some(value), ..Self::default() }
    }

    /// A number on each picture.
    #[inline(never)]
    pub fn pair(id: &str, clean: f64, perturbed: f64) -> Self {
        Self { clean: clean.is_finite().then_some(clean), ..Self::number(id, perturbed) }
    }

    /// A word.
    #[inline(never)]
    pub fn word(id: &str, word: &str) -> Self {
        Self { id: id.to_owned(), word: Some(word.to_owned()), ..Self::default() }
    }

    /// The same as one of several values.
    #[must_use]
    #[inline(never)]
    pub fn part(self, part: &str) -> Self {
        Self { part: part.to_owned(), ..self }
    }
}

json_struct! {
    Measured { id, part, clean, value, word }
}

/// Why a number is missing: the question's true answer is not known, or the edit changed it.
pub const NEEDS_TRUTH: &str = "needs a known true answer";
/// Why a number is missing: no object of a scene is asked about.
pub const NEEDS_OBJECTS: &str = "needs a question about objects of the scene";
/// Why a number is missing: the models here score answers and do not write them.
pub const NEEDS_WRITING: &str = "needs a model that writes answers";
/// Why a number is missing: its definition divides by nothing here.
pub const UNDEFINED: &str = "undefined here";
/// In place of a threshold: no cutoff changes the answer.
pub const NEVER: &str = "none flips";
/// The answer is another than on the clean picture.
pub const FLIPPED: &str = "flipped";
/// The answer is that of the clean picture.
pub const KEPT: &str = "kept";
/// A map that is looked at over the picture.
pub const IN_THE_VIEW: &str = "in the picture's view “Difference”";
/// Values over the response curve at hand.
pub const CURVE: &str = "response curve";

/// The names of the bands, low to high, under each binning of [`bands`].
const BAND_PARTS: [[&str; 3]; 3] = [
    ["low", "middle", "high"],
    ["low, equal widths", "middle, equal widths", "high, equal widths"],
    ["low, equal counts", "middle, equal counts", "high, equal counts"],
];

/// The channels that a scored answer has under any prompt.
pub const SCORED_CHANNELS: [&str; 3] = ["context", "answer", "vision tokens"];

/// The bands of frequencies in which noise is added: name, lowest and highest, as shares of the largest frequency.
pub const NOISE_BANDS: [(&str, f64, f64); 2] = [("f ≤ 0.25", 0.0, 0.25), ("f ≥ 0.25", 0.25, 1.0)];

/// Everything that a [`Measured`] can say in words, for translation.
pub fn words() -> impl Iterator<Item = &'static str> {
    let said =
        [NEEDS_TRUTH, NEEDS_OBJECTS, NEEDS_WRITING, UNDEFINED, NEVER, FLIPPED, KEPT, IN_THE_VIEW, CURVE];
    let behaviours = answers::BEHAVIOURS.into_iter().map(|(_, word)| word);
    let edits = pictures::EDITS.into_iter().map(|(_, word)| word);
    let parts = SCORED_CHANNELS.into_iter().chain(BAND_PARTS.into_iter().flatten());
    said.into_iter().chain(behaviours).chain(edits).chain(parts)
}
