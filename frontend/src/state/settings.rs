//! How the visitor likes the page: kept in the browser, not in the link and not in undo.

use crate::text::Language;
use serde::{Deserialize, Serialize};

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The one that the switch goes to next.
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// The value of `data-theme` on the document; none follows the system.
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

/// What the picture area shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// The perturbed picture.
    #[default]
    After,
    /// Clean and perturbed with a handle between them.
    BeforeAfter,
    /// Where the two differ.
    Difference,
    /// The Dirichlet energy of the vision tokens over the picture.
    Energy,
}

impl View {
    /// All, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::After, Self::BeforeAfter, Self::Difference, Self::Energy];
}

/// The settings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Language of the page's own words.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// What the picture area shows.
    pub view: View,
}
