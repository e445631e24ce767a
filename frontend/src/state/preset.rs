//! Ready-made states of the lab, each with a story to tell. The list is data: `frontend/presets.json`.

use flipside_shared::json::{self, json_struct};
use flipside_shared::lab::LabState;

/// A ready-made state.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// A stable name.
    pub id: String,
    /// Title in English.
    pub title: String,
    /// What to look at, in English.
    pub story: String,
    /// The state.
    pub state: LabState,
}

json_struct! {
    Preset { id, title, story, state }
}

impl Preset {
    /// All presets. The first is where a new visitor starts.
    pub fn all() -> Vec<Self> {
        // A test holds that the file reads; without presets the page still works.
        json::read(include_str!("../../presets.json")).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_reads() {
        let presets: Vec<Preset> = json::read(include_str!("../../presets.json")).unwrap();
        assert!(presets.len() >= 3);
        for preset in presets {
            assert!(super::super::question_problem(&preset.state.question, None).is_none(), "{}", preset.id);
        }
    }
}
