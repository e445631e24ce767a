//! Fetches the Chinese once the page is read in Chinese.

use super::Last;
use crate::api;
use crate::page::Page;
use crate::state::Action;
use crate::text::{Chinese, Language};
use wasm_bindgen_futures::spawn_local;

/// The language that was seen last.
#[derive(Default)]
pub struct Translating {
    language: Last<Language>,
}

impl Translating {
    /// Fetches at every change to Chinese until it has come. Without it the page still works, partly in English.
    pub fn follow(&mut self, page: &Page) {
        let wanted = page.language() == Language::Zh && page.chinese.is_none();
        if !self.language.changes_to(page.language()) || !wanted {
            return;
        }
        let sender = page.sender.clone();
        spawn_local(async move {
            if let Some(chinese) = api::file("chinese").await.and_then(|text| Chinese::read(&text)) {
                sender.dispatch(Action::Chinese(chinese));
            }
        });
    }
}
