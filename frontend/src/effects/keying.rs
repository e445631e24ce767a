//! Keyboard shortcuts, and menus that close when the visitor turns elsewhere.

use super::{Current, go_to_scene, share};
use crate::browser::clock::random_seed;
use crate::browser::document::{close_menus, document, focus, is_typing, listen as listen_to};
use crate::page::Page;
use crate::state::{Action, PanelChange, Settings, View};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// Listens while the page is open.
pub fn listen(current: &Current) {
    let Some(document) = document() else { return };
    let current = current.clone();
    listen_to(&document, "keydown", move |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            let page = current.borrow().clone();
            on_key(&page, event);
        }
    });
    listen_to(&document, "click", |event| {
        let inside = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        close_menus(inside.as_ref());
    });
}

fn on_key(page: &Page, event: &KeyboardEvent) {
    let command = event.ctrl_key() || event.meta_key();
    let key = event.key();
    if command && !event.alt_key() && !is_typing() {
        let action = match (key.to_ascii_lowercase().as_str(), event.shift_key()) {
            ("z", false) => Action::Undo,
            ("z", true) | ("y", false) => Action::Redo,
            _ => return,
        };
        event.prevent_default();
        page.send(action);
    } else if !command && !event.alt_key() && (key == "Escape" || !is_typing()) {
        plain_key(page, event, &key);
    }
}

fn plain_key(page: &Page, event: &KeyboardEvent, key: &str) {
    let show = |view| page.send(Action::Settings(Settings { view, ..page.settings }));
    match key {
        "Escape" => {
            close_menus(None);
            return;
        }
        "?" => page.send(Action::Panel(PanelChange::Help(true))),
        "1" => show(View::After),
        "2" => show(View::BeforeAfter),
        "3" => show(View::Difference),
        "4" => show(View::Energy),
        "n" => go_to_scene(page, random_seed()),
        "a" => focus("[data-testid=add-operation]"),
        "q" => focus("[data-testid=question-text]"),
        "c" => focus("[data-testid=curve-run]"),
        "l" => share(page),
        _ => return,
    }
    event.prevent_default();
}
