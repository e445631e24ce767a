//! The settings, kept by the browser where it lets us.

use crate::state::Settings;
use crate::text::Language;
use flipside_shared::json::{self, ToJson};

const KEY: &str = "flipside-settings";

/// What was kept, else what the browser's language suggests.
pub fn load() -> Settings {
    let kept = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    kept.and_then(|text| json::read(&text).ok()).unwrap_or_else(|| {
        let tag = web_sys::window().and_then(|window| window.navigator().language());
        Settings { language: Language::from_tag(&tag.unwrap_or_default()), ..Settings::default() }
    })
}

/// Keeps the settings; a browser that refuses only forgets them.
pub fn save(settings: &Settings) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEY, &settings.to_json().to_text());
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
