//! The document around the lab: its language, its theme, focus, and open menus.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, Event, EventTarget, HtmlElement};

/// The document.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Sets or removes an attribute of the root element.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else { return };
    // Fails only on names that are no names.
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// The first element that a selector finds.
pub fn find(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok().flatten()
}

/// Calls `run` at every event called `name`, for as long as the page is open.
pub fn listen(target: &EventTarget, name: &str, run: impl Fn(&Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| run(&event));
    // Fails only on an aborted signal, and there is none.
    let _ = target.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    listener.forget();
}

/// Focuses the first element that a selector finds.
pub fn focus(selector: &str) {
    if let Some(element) = find(selector).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Closes every open menu that does not hold `inside`. Returns whether one was closed.
pub fn close_menus(inside: Option<&Element>) -> bool {
    let Some(open) = document().and_then(|document| document.query_selector_all("details.menu[open]").ok())
    else {
        return false;
    };
    let mut closed = false;
    for index in 0..open.length() {
        let Some(menu) = open.get(index).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        if !inside.is_some_and(|inside| menu.contains(Some(inside))) {
            let _ = menu.remove_attribute("open");
            closed = true;
        }
    }
    closed
}

/// Whether the visitor is typing, so that letters are no shortcuts.
pub fn is_typing() -> bool {
    document().and_then(|document| document.active_element()).is_some_and(|element| {
        let tag = element.tag_name();
        let kind = element.get_attribute("type").unwrap_or_default();
        let by_keys = !matches!(kind.as_str(), "range" | "checkbox" | "color");
        matches!(tag.as_str(), "TEXTAREA" | "SELECT") || (tag == "INPUT" && by_keys)
    })
}
