//! The page's own words in English and Chinese. Prompts, options and whatever comes from the visitor are data and
//! are never translated.
//!
//! English is one typed table; no message is looked up by name at run time. Places to fill in are written `{name}`.
//! Chinese is a file, English to Chinese, that only those fetch who read it; a test holds that it is complete.

mod chinese;
mod messages;
mod problems;

pub use chinese::Chinese;
pub use messages::{EN, Messages};
pub use problems::{problem_text, question_problem_text};

use flipside_shared::json::json_words;

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

json_words! {
    Language { En = "en", Zh = "zh" }
}

impl Language {
    /// The tag for `lang` attributes.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::En => Self::Zh,
            Self::Zh => Self::En,
        }
    }

    /// The best match for the browser's list of languages, such as `zh-Hans-CN`.
    pub fn from_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }
}

/// A message with its places filled in.
pub fn fill(message: &str, places: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(message.len() + 16);
    let mut rest = message;
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else { break };
        let name = &rest[start + 1..start + length];
        filled.push_str(&rest[..start]);
        match places.iter().find(|(place, _)| *place == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&rest[start..=start + length]),
        }
        rest = &rest[start + length + 1..];
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_filled_again() {
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]), "{b} and 2");
        assert_eq!(fill("{unknown} {", &[]), "{unknown} {");
    }

    #[test]
    fn browser_tags() {
        assert_eq!(Language::from_tag("zh-Hans-CN"), Language::Zh);
        assert_eq!(Language::from_tag("de"), Language::En);
    }
}
