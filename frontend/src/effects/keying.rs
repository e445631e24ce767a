//! Keyboard shortcuts, and menus that close when the visitor turns elsewhere.

use crate::browser::clock::random_seed;
use crate::browser::document::{close_menus, document, focus, is_typing};
use crate::effects::{go_to_scene, share};
use crate::page::Page;
use crate::state::{Action, Settings, View};
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

/// Listens while the page is open. `help` opens the help dialog.
#[hook]
pub fn use_keying(page: &Page, help: Callback<()>) {
    let page = page.clone();
    use_effect_with((page.clone(), help), move |(_, help)| {
        let help = help.clone();
        let listeners = document().map(|document| {
            let options = EventListenerOptions::enable_prevent_default();
            let keys = EventListener::new_with_options(&document, "keydown", options, move |event| {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                    on_key(&page, &help, event);
                }
            });
            let clicks = EventListener::new(&document, "click", |event| {
                let inside = event.target().and_then(|target| target.dyn_into::<Element>().ok());
                close_menus(inside.as_ref());
            });
            (keys, clicks)
        });
        move || drop(listeners)
    });
}

fn on_key(page: &Page, help: &Callback<()>, event: &KeyboardEvent) {
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
        plain_key(page, help, event, &key);
    }
}

fn plain_key(page: &Page, help: &Callback<()>, event: &KeyboardEvent, key: &str) {
    let show = |view| page.send(Action::Settings(Settings { view, ..page.settings }));
    match key {
        "Escape" => {
            close_menus(None);
            return;
        }
        "?" => help.emit(()),
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
