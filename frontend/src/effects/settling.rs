//! The document takes the settings on, and the browser keeps them.

use super::Last;
use crate::browser::{document::set_root_attribute, storage};
use crate::page::Page;
use crate::state::Settings;

/// The settings that the document has.
#[derive(Default)]
pub struct Settling {
    settings: Last<Settings>,
}

impl Settling {
    /// Applies and keeps the settings whenever they change.
    pub fn follow(&mut self, page: &Page) {
        let settings = page.settings;
        if self.settings.changes_to(settings) {
            set_root_attribute("lang", Some(settings.language.tag()));
            set_root_attribute("data-theme", settings.theme.attribute());
            storage::save(&settings);
        }
    }
}
