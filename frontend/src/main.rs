//! The page's entry: mounts the lab.
//!
//! `state` and `text` are values without a document and are tested natively; everything else draws or talks.

// Natively only the tests use them.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, unused_imports))]

mod api;
mod json;
mod state;
mod text;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod effects;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod worker;

#[cfg(target_arch = "wasm32")]
fn main() {
    let root = browser::document::document().and_then(|document| document.get_element_by_id("lab"));
    if let Some(root) = root {
        yew::Renderer::<components::App>::with_root(root).render();
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("this is the page: build it with `cargo xtask page`");
}
