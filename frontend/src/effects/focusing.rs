//! The help dialog opens and closes with the state, and the focus follows a step that was moved by keyboard.

use super::Last;
use crate::browser::document::{find, focus};
use crate::page::Page;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

/// What the document shows of it.
#[derive(Default)]
pub struct Focusing {
    helping: Last<bool>,
}

impl Focusing {
    /// Follows the state.
    pub fn follow(&mut self, page: &Page) {
        if let Some(step) = page.follow.take() {
            focus(&format!("[data-testid=grip-{step}]"));
        }
        let helping = page.panels.helping;
        if !self.helping.changes_to(helping) {
            return;
        }
        let dialog = find("[data-testid=help-dialog]");
        let Some(dialog) = dialog.and_then(|found| found.dyn_into::<HtmlDialogElement>().ok()) else {
            return;
        };
        match (helping, dialog.open()) {
            // Fails only when it is open already.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    }
}
