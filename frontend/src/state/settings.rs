//! How the visitor likes the page: kept in the browser, not in the link and not in undo.

use crate::text::Language;
use flipside_shared::json::{FromJson, Json, ToJson, Unreadable, json_words};

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Language of the page's own words.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// What the picture area shows.
    pub view: View,
}

json_words! {
    Theme { System = "system", Light = "light", Dark = "dark" }
    View { After = "after", BeforeAfter = "before_after", Difference = "difference", Energy = "energy" }
}

impl ToJson for Settings {
    fn to_json(&self) -> Json {
        let Self { language, theme, view } = self;
        Json::object([("language", language.to_json()), ("theme", theme.to_json()), ("view", view.to_json())])
    }
}

impl FromJson for Settings {
    /// What was kept by an older or a newer page counts as far as it is understood.
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        Ok(Self {
            language: json.field("language").unwrap_or_default(),
            theme: json.field("theme").unwrap_or_default(),
            view: json.field("view").unwrap_or_default(),
        })
    }
}
