//! A sample: one question about pictures, whatever file it came from.

use crate::error::{DatasetError, Place};
use crate::image::{ImageSource, SampleImage};
use flipside_shared::image_file::{DecodeLimits, DecodedFile};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One question about some pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Unique in its data set, and the same each time the set is read.
    pub id: String,
    /// Where it was read.
    pub place: Place,
    /// The pictures, in the order in which they are shown; none for HallusionBench's questions without one.
    pub images: Vec<SampleImage>,
    /// The question, without options; may name pictures as `<image n>`.
    pub question: String,
    /// A hint to show before the question.
    pub hint: Option<String>,
    /// The texts of the options in order; their labels are A, B, C ... None for an open question.
    pub options: Vec<String>,
    /// The right answer; none where the data set keeps it to itself.
    pub answer: Option<Answer>,
    /// Per kind of category (the column's name) the values it has here, joined ones taken apart.
    pub categories: BTreeMap<String, Vec<String>>,
    /// What the question is about in the picture, in its pixels as stored.
    pub boxes: Vec<TargetBox>,
    /// How answers are counted.
    pub scoring: Scoring,
    /// The part of the data set, such as `validation`.
    pub split: Option<String>,
    /// How the question is put, unless the user says otherwise.
    pub regime: Regime,
}

/// A right answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// The index of the right option, from 0.
    Option(usize),
    /// The texts that are right, for a question without options.
    Open(Vec<String>),
}

/// How a question is put; the prompts of arXiv 2602.06652.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// With its options behind letters.
    Mcq,
    /// With the request for exactly one word, yes or no.
    Pope,
    /// The question alone.
    Plain,
}

/// A rectangle in the first picture, pixels of the picture as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetBox {
    /// What is in it.
    pub object: String,
    /// Left edge.
    pub x_px: f64,
    /// Upper edge.
    pub y_px: f64,
    /// Width.
    pub width_px: f64,
    /// Height.
    pub height_px: f64,
}

/// How the answers of a data set are counted, with what that needs to know of each sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "score", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scoring {
    /// The share of right answers.
    Accuracy,
    /// POPE: precision, recall, F1 and yes-rate, with yes (option 0) as the positive class.
    YesNo,
    /// HR-Bench: the mean over cycles of the options.
    Cycles {
        /// `cycle_category`.
        cycle: String,
    },
    /// HallusionBench: aAcc, fAcc and qAcc.
    Figures {
        /// VD or VS.
        category: String,
        /// Subcategory.
        subcategory: String,
        /// 0 no picture, 1 the original, 2 an edited one.
        visual_input: u32,
        /// Set of figures and questions that belong together.
        set_id: u32,
        /// Figure in the set.
        figure_id: u32,
        /// Question in the set.
        question_id: u32,
    },
}

/// A stretch of a text that shows pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words.
    Text(&'a str),
    /// The index of a picture of the sample, from 0.
    Image(usize),
}

impl Sample {
    /// The index of the right option; none for open questions and unknown answers.
    pub fn right_option(&self) -> Option<usize> {
        match &self.answer {
            Some(Answer::Option(index)) => Some(*index),
            _ => None,
        }
    }

    /// The label of an option: A for 0. Sets have at most 26 options; none beyond.
    pub fn label(index: usize) -> Option<char> {
        u8::try_from(index).ok().filter(|index| *index < 26).map(|index| char::from(b'A' + index))
    }

    /// The pixels of picture `index`, from 0.
    ///
    /// # Errors
    /// A picture that is not there, cannot be read or is none; the row is named.
    pub fn decode_image(&self, index: usize, limits: DecodeLimits) -> Result<DecodedFile, DatasetError> {
        let image = self.images.get(index).ok_or_else(|| DatasetError::BadValue {
            place: self.place.clone(),
            column: "image".to_owned(),
            reason: format!("there is no image {}", index + 1),
        })?;
        image.decoded(&self.place, index + 1, limits)
    }

    /// The cluster of samples that show the same pictures; none without a picture.
    pub fn image_cluster(&self) -> Option<String> {
        let keys: Vec<String> = self.images.iter().map(SampleImage::key).collect();
        (!keys.is_empty()).then(|| keys.join("+"))
    }

    /// The seed of the scene that is shown, for samples of the scene world.
    pub fn scene_seed(&self) -> Option<u64> {
        self.images.iter().find_map(|image| match &image.source {
            ImageSource::Scene(picture) => Some(picture.seed),
            _ => None,
        })
    }

    /// A text of this sample (its question or an option) taken apart at the `<image n>` that name its pictures.
    pub fn parts<'a>(&self, text: &'a str) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        let (mut start, mut from) = (0, 0);
        while let Some(at) = text[from..].find("<image ").map(|at| from + at) {
            let Some(end) = text[at..].find('>').map(|length| at + length) else { break };
            let number = text[at + "<image ".len()..end].trim().parse().ok();
            let shown =
                number.and_then(|n: u32| self.images.iter().position(|image| image.number == Some(n)));
            if let Some(image) = shown {
                if start < at {
                    parts.push(Part::Text(&text[start..at]));
                }
                parts.push(Part::Image(image));
                start = end + 1;
            }
            from = at + 1;
        }
        if start < text.len() {
            parts.push(Part::Text(&text[start..]));
        }
        parts
    }
}
