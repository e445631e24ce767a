//! The page's entry: mounts the lab.
//!
//! `state` and `text` are values without a document and are tested natively; everything else draws or talks.

// One step for each word of the markup.
#![recursion_limit = "1024"]
// Natively only the tests use them.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, unused_imports))]

mod api;
mod state;
mod text;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod effects;
#[cfg(target_arch = "wasm32")]
mod markup;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod worker;

#[cfg(target_arch = "wasm32")]
fn main() {
    let root = browser::document::document().and_then(|document| document.get_element_by_id("lab"));
    if let Some(root) = root {
        wasm_bindgen_futures::spawn_local(async {
            let link = browser::address::opened().await;
            let props = components::Props { link: std::rc::Rc::new(link) };
            yew::Renderer::<components::App>::with_root_and_props(root, props).render();
        });
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("this is the page: build it with `cargo xtask page`");
}
