//! Ready-made states of the lab, each with a story to tell. The list is data: `frontend/presets.json`.

use crate::text::Language;
use flipside_shared::json::{self, json_struct};
use flipside_shared::lab::LabState;

/// A ready-made state.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// A stable name.
    pub id: String,
    /// Title in English.
    pub title_en: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// What to look at, in English.
    pub story_en: String,
    /// What to look at, in Chinese.
    pub story_zh: String,
    /// The state.
    pub state: LabState,
}

json_struct! {
    Preset { id, title_en, title_zh, story_en, story_zh, state }
}

impl Preset {
    /// All presets. The first is where a new visitor starts.
    pub fn all() -> Vec<Self> {
        // A test holds that the file reads; without presets the page still works.
        json::read(include_str!("../../presets.json")).unwrap_or_default()
    }

    /// The title.
    pub fn title(&self, language: Language) -> &str {
        match language {
            Language::En => &self.title_en,
            Language::Zh => &self.title_zh,
        }
    }

    /// What to look at.
    pub fn story(&self, language: Language) -> &str {
        match language {
            Language::En => &self.story_en,
            Language::Zh => &self.story_zh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_reads_and_is_told_in_both_languages() {
        let presets: Vec<Preset> = json::read(include_str!("../../presets.json")).unwrap();
        assert!(presets.len() >= 3);
        for preset in presets {
            assert!(super::super::question_problem(&preset.state.question, None).is_none(), "{}", preset.id);
            assert!(!preset.story_zh.is_empty() && preset.story_zh != preset.story_en, "{}", preset.id);
        }
    }
}
