//! The page's own words in English and Chinese. Prompts, options and whatever comes from the visitor are data and
//! are never translated.
//!
//! What every reader sees at once is one typed table: a message that is missing in a language does not compile, and no message is looked up by name
//! at run time. Places to fill in are written `{name}`.

mod chinese;
mod messages;
mod problems;

pub use chinese::Chinese;
pub use messages::{EN, Messages, ZH};
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
    /// The messages.
    pub fn messages(self) -> &'static Messages {
        match self {
            Self::En => &EN,
            Self::Zh => &ZH,
        }
    }

    /// The one of (English, Chinese) that is of this language.
    pub fn of(self, (en, zh): (&'static str, &'static str)) -> &'static str {
        match self {
            Self::En => en,
            Self::Zh => zh,
        }
    }

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

    fn places(message: &str) -> Vec<&str> {
        let mut names: Vec<&str> = message
            .split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}').map(|(name, _)| name))
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn a_value_is_never_filled_again() {
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]), "{b} and 2");
        assert_eq!(fill("{unknown} {", &[]), "{unknown} {");
    }

    #[test]
    fn both_languages_have_the_same_places_and_no_empty_message() {
        for (name, en, zh) in messages::pairs() {
            assert!(!en.trim().is_empty() && !zh.trim().is_empty(), "{name}");
            assert_eq!(places(en), places(zh), "{name}");
        }
    }

    #[test]
    fn chinese_is_chinese() {
        let untranslated: Vec<&str> =
            messages::pairs().filter(|(_, en, zh)| en == zh).map(|(name, ..)| name).collect();
        assert_eq!(untranslated, ["app_name"]);
    }

    #[test]
    fn browser_tags() {
        assert_eq!(Language::from_tag("zh-Hans-CN"), Language::Zh);
        assert_eq!(Language::from_tag("de"), Language::En);
    }
}
