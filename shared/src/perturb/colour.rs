//! A colour in a recipe: `#rrggbb`, and nothing else, so that a recipe has one text.

use crate::json::{FromJson, Json, ToJson, Unreadable};
use serde::{Deserialize, Serialize};

/// An opaque sRGB colour; in JSON `"#rrggbb"` in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    /// Reads `#rrggbb` in lower case.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?.as_bytes();
        if digits.len() != 6 {
            return None;
        }
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let channel = |at: usize| Some(digit(digits[at])? << 4 | digit(digits[at + 1])?);
        Some(Self([channel(0)?, channel(2)?, channel(4)?]))
    }

    /// As an opaque pixel.
    pub fn rgba(self) -> [u8; 4] {
        let [red, green, blue] = self.0;
        [red, green, blue, 255]
    }
}

impl TryFrom<String> for Rgb {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is not a colour such as #ff0000"))
    }
}

impl From<Rgb> for String {
    fn from(Rgb([red, green, blue]): Rgb) -> Self {
        format!("#{red:02x}{green:02x}{blue:02x}")
    }
}

impl FromJson for Rgb {
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        json.as_str().and_then(Self::parse).ok_or_else(Unreadable::default)
    }
}

impl ToJson for Rgb {
    fn to_json(&self) -> Json {
        Json::Text((*self).into())
    }
}
