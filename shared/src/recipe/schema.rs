//! How an operation declares its parameters. Controls, validation, sweeps and the API's list of operations are
//! all read off these tables; no other place knows a range.

use crate::json::{FromJson, Json, ToJson, Unreadable};
use serde::{Deserialize, Serialize};

/// What an operation acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationGroup {
    /// The scene, before rendering.
    Scene,
    /// The pixels.
    Pixels,
}

/// An operation's declaration.
#[derive(Debug, PartialEq, Serialize)]
pub struct OperationSchema {
    /// The name in recipes (`"op"`).
    pub id: &'static str,
    /// What it acts on.
    pub group: OperationGroup,
    /// Title for people.
    pub title: &'static str,
    /// One sentence: what it does.
    pub summary: &'static str,
    /// Where the definition comes from.
    pub citation: &'static str,
    /// The parameters, all required, in the order in which to show them.
    pub params: &'static [ParamSchema],
}

/// A parameter's declaration.
#[derive(Debug, PartialEq, Serialize)]
pub struct ParamSchema {
    /// The name in recipes; carries the unit.
    pub key: &'static str,
    /// Label for people.
    pub label: &'static str,
    /// Unit to show beside the value; empty for pure numbers and non-numbers.
    pub unit: &'static str,
    /// Type, range and default.
    pub kind: ParamKind,
    /// Set where the parameter matters only for some values of another one.
    pub shown_when: Option<ShownWhen>,
}

/// The condition under which a parameter matters: the other parameter has one of these values.
#[derive(Debug, PartialEq, Serialize)]
pub struct ShownWhen {
    /// The other parameter's key.
    pub key: &'static str,
    /// Its values.
    pub values: &'static [&'static str],
}

/// One option of a choice.
#[derive(Debug, PartialEq, Serialize)]
pub struct Choice {
    /// The value in recipes.
    pub value: &'static str,
    /// Label for people.
    pub label: &'static str,
}

/// A parameter's type with its range, control step, default (what a newly added operation gets) and identity
/// (the value at which the parameter changes nothing; where there is none, the default).
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ParamKind {
    /// A real number.
    Number {
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// Step of the control; values between are allowed.
        step: f64,
        /// Default.
        default: f64,
        /// The value that changes nothing.
        identity: f64,
    },
    /// A whole number.
    Integer {
        /// Smallest value.
        min: i32,
        /// Largest value.
        max: i32,
        /// Default.
        default: i32,
        /// The value that changes nothing.
        identity: i32,
    },
    /// The index of an object in the scene, from 0, in the order after the scene operations before this one.
    Object,
    /// One of a few.
    Choice {
        /// The options.
        options: &'static [Choice],
        /// Default value.
        default: &'static str,
    },
    /// Free text on one line.
    Text {
        /// Most characters.
        max_chars: u32,
        /// Default.
        default: &'static str,
    },
    /// A colour, `#rrggbb` in lower case.
    Colour {
        /// Default.
        default: &'static str,
    },
    /// On or off.
    Toggle {
        /// Default.
        default: bool,
    },
}

/// A parameter's value, whatever its type: whole numbers as numbers, choices and colours as text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParamValue {
    /// A toggle's.
    Toggle(bool),
    /// A number's, whole number's or object's.
    Number(f64),
    /// A choice's, text's or colour's.
    Text(String),
}

/// Largest object index that a recipe may name.
pub(crate) const MAX_OBJECT_INDEX: i32 = 127;

impl ParamKind {
    /// The value that a newly added operation gets.
    pub fn default_value(&self) -> ParamValue {
        match self {
            Self::Number { default, .. } => ParamValue::Number(*default),
            Self::Integer { default, .. } => ParamValue::Number(f64::from(*default)),
            Self::Object => ParamValue::Number(0.0),
            Self::Choice { default, .. } | Self::Text { default, .. } | Self::Colour { default } => {
                ParamValue::Text((*default).to_owned())
            }
            Self::Toggle { default } => ParamValue::Toggle(*default),
        }
    }

    /// `(min, max)` of a number, whole number or object index.
    pub fn range(&self) -> Option<(f64, f64)> {
        match self {
            Self::Number { min, max, .. } => Some((*min, *max)),
            Self::Integer { min, max, .. } => Some((f64::from(*min), f64::from(*max))),
            Self::Object => Some((0.0, f64::from(MAX_OBJECT_INDEX))),
            _ => None,
        }
    }

    /// The value at which the parameter changes nothing, for numbers: where a sweep's bisection starts.
    pub fn identity(&self) -> Option<f64> {
        match self {
            Self::Number { identity, .. } => Some(*identity),
            Self::Integer { identity, .. } => Some(f64::from(*identity)),
            _ => None,
        }
    }
}

impl ParamSchema {
    /// A parameter that always matters.
    pub(crate) const fn new(
        key: &'static str,
        label: &'static str,
        unit: &'static str,
        kind: ParamKind,
    ) -> Self {
        Self { key, label, unit, kind, shown_when: None }
    }

    /// The same, shown only when another parameter has one of these values.
    pub(crate) const fn when(mut self, key: &'static str, values: &'static [&'static str]) -> Self {
        self.shown_when = Some(ShownWhen { key, values });
        self
    }
}

impl ToJson for ParamValue {
    fn to_json(&self) -> Json {
        match self {
            Self::Toggle(on) => on.to_json(),
            Self::Number(number) => number.to_json(),
            Self::Text(text) => text.to_json(),
        }
    }
}

impl FromJson for ParamValue {
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        match json {
            Json::Bool(on) => Ok(Self::Toggle(*on)),
            Json::Text(text) => Ok(Self::Text(text.clone())),
            _ => f64::from_json(json).map(Self::Number),
        }
    }
}
