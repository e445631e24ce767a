//! What can be asked about a scene: the meaning of a question, its words and its options.
//!
//! The meaning ([`QuestionSpec`]) is what is stored and answered; the text follows from it by one template per
//! kind. Every word is in [`words`], from which the tokenizer of the embedded model is built.

use super::attributes::Attributes;
use super::object::{Colour, Material, Shape, Size};
use crate::json::{json_tagged, json_words};
use serde::{Deserialize, Serialize};

/// A kind of question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuestionKind {
    /// Is there such an object?
    Existence,
    /// How many such objects, 0 to 4?
    Count,
    /// Which of the 8 colours?
    Colour,
    /// Which of the 4 shapes?
    Shape,
    /// Matte or shiny?
    Material,
    /// Small or large?
    Size,
    /// Left or right of, in front of or behind another?
    Relation,
    /// More, fewer or as many of these as of those?
    Comparison,
    /// Which of 7 columns of the picture? For training only.
    Column,
    /// Which of 7 rows of the picture? For training only.
    Row,
}

impl QuestionKind {
    /// The kinds that visitors and benchmarks ask.
    pub const ALL: [Self; 8] = [
        Self::Existence,
        Self::Count,
        Self::Colour,
        Self::Shape,
        Self::Material,
        Self::Size,
        Self::Relation,
        Self::Comparison,
    ];
    /// The kinds that only training asks.
    pub const AUXILIARY: [Self; 2] = [Self::Column, Self::Row];

    /// Its name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Existence => "existence",
            Self::Count => "count",
            Self::Colour => "colour",
            Self::Shape => "shape",
            Self::Material => "material",
            Self::Size => "size",
            Self::Relation => "relation",
            Self::Comparison => "comparison",
            Self::Column => "column",
            Self::Row => "row",
        }
    }
}

/// The axis of a relation, as the camera sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Axis {
    /// Left or right in the picture.
    Sideways,
    /// Nearer to the camera or farther away.
    Depth,
}

/// The meaning of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum QuestionSpec {
    /// Is there such an object?
    Existence {
        /// What is looked for; at least one attribute in a drawn question.
        what: Attributes,
    },
    /// How many such objects are there?
    Count {
        /// What is counted.
        what: Attributes,
    },
    /// The colour of an object.
    Colour {
        /// Names it.
        of: Attributes,
    },
    /// The shape of an object.
    Shape {
        /// Names it.
        of: Attributes,
    },
    /// The material of an object.
    Material {
        /// Names it.
        of: Attributes,
    },
    /// The size of an object.
    Size {
        /// Names it.
        of: Attributes,
    },
    /// Where one object is as seen from another.
    Relation {
        /// Along which axis.
        axis: Axis,
        /// Names the object asked about.
        subject: Attributes,
        /// Names the object it is compared with.
        reference: Attributes,
    },
    /// Which of two groups is larger.
    Comparison {
        /// The group asked about.
        these: Attributes,
        /// The group it is compared with.
        those: Attributes,
    },
    /// The column of the picture an object is in.
    Column {
        /// Names it.
        of: Attributes,
    },
    /// The row of the picture an object is in.
    Row {
        /// Names it.
        of: Attributes,
    },
}

impl QuestionSpec {
    /// Its kind.
    pub const fn kind(&self) -> QuestionKind {
        match self {
            Self::Existence { .. } => QuestionKind::Existence,
            Self::Count { .. } => QuestionKind::Count,
            Self::Colour { .. } => QuestionKind::Colour,
            Self::Shape { .. } => QuestionKind::Shape,
            Self::Material { .. } => QuestionKind::Material,
            Self::Size { .. } => QuestionKind::Size,
            Self::Relation { .. } => QuestionKind::Relation,
            Self::Comparison { .. } => QuestionKind::Comparison,
            Self::Column { .. } => QuestionKind::Column,
            Self::Row { .. } => QuestionKind::Row,
        }
    }

    /// The names of the objects or groups that it is about.
    pub const fn names(&self) -> [Option<&Attributes>; 2] {
        match self {
            Self::Existence { what } | Self::Count { what } => [Some(what), None],
            Self::Colour { of }
            | Self::Shape { of }
            | Self::Material { of }
            | Self::Size { of }
            | Self::Column { of }
            | Self::Row { of } => [Some(of), None],
            Self::Relation { subject, reference, .. } => [Some(subject), Some(reference)],
            Self::Comparison { these, those } => [Some(these), Some(those)],
        }
    }

    /// The question in words.
    pub fn text(&self) -> String {
        match self {
            Self::Existence { what } => {
                let phrase = what.phrase();
                let article = if phrase.starts_with('o') { "an" } else { "a" };
                format!("Is there {article} {phrase}?")
            }
            Self::Count { what } => format!("How many {} are there?", what.plural()),
            Self::Colour { of } => format!("What color is the {}?", of.phrase()),
            Self::Shape { of } => format!("What shape is the {}?", of.phrase()),
            Self::Material { of } => format!("What material is the {}?", of.phrase()),
            Self::Size { of } => format!("What size is the {}?", of.phrase()),
            Self::Relation { axis, subject, reference } => {
                let places = match axis {
                    Axis::Sideways => "to the left or the right of",
                    Axis::Depth => "in front of or behind",
                };
                format!("Is the {} {places} the {}?", subject.phrase(), reference.phrase())
            }
            Self::Comparison { these, those } => {
                format!("Are there more, fewer or as many {} as {}?", these.plural(), those.plural())
            }
            Self::Column { of } => format!("Which column is the {} in?", of.phrase()),
            Self::Row { of } => format!("Which row is the {} in?", of.phrase()),
        }
    }

    /// The answers to choose from, in a fixed order.
    pub fn options(&self) -> Vec<String> {
        let fixed: &[&str] = match self {
            Self::Existence { .. } => &["yes", "no"],
            Self::Count { .. } => &["0", "1", "2", "3", "4"],
            Self::Colour { .. } => return Colour::ALL.iter().map(|colour| colour.word().into()).collect(),
            Self::Shape { .. } => return Shape::ALL.iter().map(|shape| shape.word().into()).collect(),
            Self::Material { .. } => return Material::ALL.iter().map(|it| it.word().into()).collect(),
            Self::Size { .. } => return Size::ALL.iter().map(|size| size.word().into()).collect(),
            Self::Relation { axis: Axis::Sideways, .. } => &["left", "right"],
            Self::Relation { axis: Axis::Depth, .. } => &["in front", "behind"],
            Self::Comparison { .. } => &["more", "fewer", "as many"],
            Self::Column { .. } | Self::Row { .. } => &["1", "2", "3", "4", "5", "6", "7"],
        };
        fixed.iter().map(|option| (*option).into()).collect()
    }
}

/// A question ready to be put: meaning, words and options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Its kind.
    pub kind: QuestionKind,
    /// Its meaning, from which text and options follow.
    pub spec: QuestionSpec,
    /// Its words.
    pub text: String,
    /// The answers to choose from.
    pub options: Vec<String>,
}

impl From<QuestionSpec> for Question {
    fn from(spec: QuestionSpec) -> Self {
        Self { kind: spec.kind(), spec, text: spec.text(), options: spec.options() }
    }
}

/// Every word and mark that questions, options and captions are made of.
pub fn words() -> &'static [&'static str] {
    const WORDS: &[&str] = &[
        "?",
        ",",
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "Is",
        "Are",
        "How",
        "What",
        "Which",
        "a",
        "an",
        "the",
        "is",
        "are",
        "there",
        "many",
        "more",
        "fewer",
        "as",
        "or",
        "of",
        "to",
        "in",
        "left",
        "right",
        "front",
        "behind",
        "yes",
        "no",
        "color",
        "shape",
        "material",
        "size",
        "column",
        "row",
        "small",
        "large",
        "red",
        "green",
        "blue",
        "yellow",
        "purple",
        "cyan",
        "orange",
        "gray",
        "matte",
        "shiny",
        "object",
        "cube",
        "sphere",
        "cylinder",
        "cone",
        "objects",
        "cubes",
        "spheres",
        "cylinders",
        "cones",
    ];
    WORDS
}

json_words! {
    QuestionKind {
        Existence = "existence", Count = "count", Colour = "colour", Shape = "shape", Material = "material",
        Size = "size", Relation = "relation", Comparison = "comparison", Column = "column", Row = "row",
    }
    Axis { Sideways = "sideways", Depth = "depth" }
}

json_tagged! {
    QuestionSpec by "kind" {
        Existence = "existence" { what },
        Count = "count" { what },
        Colour = "colour" { of },
        Shape = "shape" { of },
        Material = "material" { of },
        Size = "size" { of },
        Relation = "relation" { axis, subject, reference },
        Comparison = "comparison" { these, those },
        Column = "column" { of },
        Row = "row" { of },
    }
}
