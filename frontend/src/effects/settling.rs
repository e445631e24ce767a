//! The document takes the settings on, and the browser keeps them.

use crate::browser::{document::set_root_attribute, storage};
use crate::page::Page;
use yew::prelude::*;

/// Applies and keeps the settings whenever they change.
#[hook]
pub fn use_settings(page: &Page) {
    use_effect_with(page.settings, |settings| {
        set_root_attribute("lang", Some(settings.language.tag()));
        set_root_attribute("data-theme", settings.theme.attribute());
        storage::save(settings);
    });
}
