//! Chinese for what stands in English elsewhere: in the schemas of the operations and in the ready-made starts.
//!
//! It is a file of its own, `frontend/assets/chinese.json`, English to Chinese, that only those fetch who read Chinese.
//! The same English has the same Chinese wherever it stands. Does not know how the file comes.

use flipside_shared::json::Json;
use std::rc::Rc;

/// The Chinese that has come. English that it does not hold, or all of it before it comes, stays English.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chinese(Option<Rc<Json>>);

impl Chinese {
    /// Of the file's text. A damaged file holds nothing.
    pub fn read(text: &str) -> Self {
        Self(flipside_shared::json::parse(text).ok().map(Rc::new))
    }

    /// The Chinese of `english`.
    pub fn of(&self, english: &str) -> Option<&str> {
        self.0.as_ref()?.get(english)?.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Preset;
    use flipside_shared::recipe::{Operation, ParamKind};

    fn file() -> Chinese {
        Chinese::read(include_str!("../../assets/chinese.json"))
    }

    #[test]
    fn every_word_of_schemas_and_presets_is_translated() {
        let presets = Preset::all();
        let mut english: Vec<&str> =
            presets.iter().flat_map(|preset| [&*preset.title, &*preset.story]).collect();
        for schema in Operation::SCHEMAS {
            english.extend([schema.title, schema.summary]);
            for param in schema.params {
                english.push(param.label);
                if let ParamKind::Choice { options, .. } = param.kind {
                    english.extend(options.iter().map(|option| option.label));
                }
            }
        }
        let file = file();
        // A single letter is the same in both.
        english.retain(|word| word.len() > 1);
        english
            .retain(|word| file.of(word).is_none_or(|chinese| chinese.trim().is_empty() || chinese == *word));
        assert!(english.is_empty(), "without Chinese: {english:?}");
    }

    #[test]
    fn a_damaged_file_has_no_chinese() {
        for text in ["", "{", "[1]", "null", r#"{"Scale": 1}"#, "<!doctype html>"] {
            assert_eq!(Chinese::read(text).of("Scale"), None, "{text}");
        }
    }
}
