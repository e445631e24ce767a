//! JSON for the page's two modules, where the size of every reader counts: a document, its text, and short
//! declarations by which types are made from it and into it.
//!
//! The server reads and writes the same types by serde. A test holds that both agree on every type.

mod convert;
mod text;

pub use crate::{json_struct, json_tagged, json_words};
pub use convert::{FromJson, ToJson, Unreadable};
pub use text::{JsonError, parse};

/// A JSON document. Numbers stay the text that they are, so that none loses a digit on its way through.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// Fields in the order of the text.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// An object of these fields; those that are null are left out.
    pub fn object<const N: usize>(fields: [(&'static str, Json); N]) -> Self {
        Self::from_fields(fields.into())
    }

    fn from_fields(fields: Box<[(&'static str, Json)]>) -> Self {
        let fields = fields.into_iter().filter(|(_, value)| *value != Self::Null);
        Self::Object(fields.map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// The field called `key` of an object.
    #[inline(never)]
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Self::Object(fields) => fields.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The field called `key` as a `T`.
    ///
    /// # Errors
    /// When it is absent and a `T` must not be, or not what a `T` is made from.
    #[inline(never)]
    pub fn field<T: FromJson>(&self, key: &'static str) -> Result<T, Unreadable> {
        let read = match self.get(key) {
            None | Some(Self::Null) => T::absent(),
            Some(value) => T::from_json(value),
        };
        match read {
            Ok(value) => Ok(value),
            Err(error) => Err(error.within(key)),
        }
    }

    /// A text's text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A number's value.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(text) => crate::decimal::parse(text),
            _ => None,
        }
    }

    /// The value of a number that is whole and not negative.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The value of a number that is whole.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(text) => text.parse().ok(),
            _ => None,
        }
    }
}

/// The `T` of a text.
///
/// # Errors
/// When the text is no JSON, or not that of a `T`.
pub fn read<T: FromJson>(text: &str) -> Result<T, Unreadable> {
    let document = parse(text).map_err(|error| Unreadable::default().within(error.reason))?;
    T::from_json(&document)
}

/// From serde's document, for whoever has one already.
impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Self::Null,
            Value::Bool(on) => Self::Bool(on),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text),
            Value::Array(values) => Self::List(values.into_iter().map(Self::from).collect()),
            Value::Object(fields) => {
                Self::Object(fields.into_iter().map(|(key, value)| (key, value.into())).collect())
            }
        }
    }
}
