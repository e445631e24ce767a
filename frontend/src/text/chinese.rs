//! Chinese for what stands in English elsewhere: in the messages, in the schemas of the operations, in the catalogue of
//! metrics and in the ready-made starts.
//!
//! It is a file of its own, `frontend/assets/chinese.json`, English to Chinese, that only those fetch who read Chinese.
//! The same English has the same Chinese wherever it stands. Does not know how the file comes.

use super::{EN, Messages};
use flipside_shared::json::{self, Json};

/// The Chinese that has come. English that it does not hold stays English.
#[derive(Debug, PartialEq)]
pub struct Chinese {
    file: &'static Json,
    /// The messages.
    pub messages: Messages,
}

impl Chinese {
    /// Of the file's text; none of a damaged one. It stays as long as the page, as the English does, and comes once.
    pub fn read(text: &str) -> Option<&'static Self> {
        let file: &Json = Box::leak(Box::new(json::parse(text).ok()?));
        let mut messages = EN.clone();
        for message in messages.each() {
            *message = file.get(message).and_then(Json::as_str).unwrap_or(message);
        }
        Some(Box::leak(Box::new(Self { file, messages })))
    }

    /// The Chinese of `english`.
    pub fn of(&self, english: &str) -> Option<&'static str> {
        self.file.get(english)?.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Preset;
    use flipside_shared::metrics::{at_hand, catalogue};
    use flipside_shared::recipe::{Operation, ParamKind};
    use std::collections::BTreeSet;

    fn file() -> &'static Chinese {
        Chinese::read(include_str!("../../assets/chinese.json")).unwrap()
    }

    /// Every message in English and Chinese.
    fn messages() -> Vec<(&'static str, &'static str)> {
        let (mut english, mut chinese) = (EN.clone(), file().messages.clone());
        english.each().zip(chinese.each()).map(|(en, zh)| (*en, *zh)).collect()
    }

    /// What schemas, presets and metrics say. A single letter is the same in both languages.
    fn words(presets: &[Preset]) -> Vec<&str> {
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
        for metric in catalogue::metrics() {
            english.extend([metric.name, metric.explanation, metric.unit, metric.source.standing.words()]);
        }
        for word in at_hand::words().chain(catalogue_families()) {
            english.push(word);
        }
        // Published is what all is of which nothing is said.
        english.retain(|word| word.len() > 1 && *word != "published");
        english
    }

    /// The families as the page's file names them.
    fn catalogue_families() -> Vec<&'static str> {
        let file: &Json =
            Box::leak(Box::new(json::parse(include_str!("../../assets/metrics.json")).unwrap()));
        let Json::List(families) = file else { panic!("no list") };
        families.iter().filter_map(|family| family.get("family")?.as_str()).collect()
    }

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
    fn every_message_is_translated_with_the_same_places() {
        let same: Vec<&str> = messages().into_iter().filter(|(en, zh)| en == zh).map(|(en, _)| en).collect();
        assert_eq!(same, ["Flipside"], "without Chinese");
        for (en, zh) in messages() {
            assert!(!en.trim().is_empty() && !zh.trim().is_empty(), "{en}");
            assert_eq!(places(en), places(zh), "{en}");
        }
    }

    #[test]
    fn every_word_of_schemas_presets_and_metrics_is_translated() {
        let (file, presets) = (file(), Preset::all());
        let mut without = words(&presets);
        without
            .retain(|word| file.of(word).is_none_or(|chinese| chinese.trim().is_empty() || chinese == *word));
        assert!(without.is_empty(), "without Chinese: {without:?}");
    }

    #[test]
    fn the_file_holds_nothing_else_and_nothing_twice() {
        let presets = Preset::all();
        let mut used: BTreeSet<&str> = messages().iter().map(|(en, _)| *en).collect();
        used.extend(words(&presets));
        let Json::Object(fields) = file().file else { panic!("no object") };
        let unused: Vec<&String> =
            fields.iter().map(|(en, _)| en).filter(|en| !used.remove(en.as_str())).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn a_damaged_file_leaves_english() {
        for text in ["", "{", "<!doctype html>"] {
            assert_eq!(Chinese::read(text), None, "{text}");
        }
        for text in ["[1]", "null", r#"{"Scale": 1, "Undo": null}"#] {
            let chinese = Chinese::read(text).unwrap();
            assert_eq!((chinese.of("Scale"), &chinese.messages), (None, &EN), "{text}");
        }
    }
}
