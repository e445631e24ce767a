//! The page's entry: mounts the lab.
//!
//! `state` and `text` are values without a document, and are tested natively; everything else draws or talks.

// Natively only the tests use them.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, unused_imports))]

mod state;
mod text;

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("this is the page: build it with `cargo xtask page`");
}
