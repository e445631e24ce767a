//! The page's worker: everything on pixels, off the thread that draws the page.
//!
//! [`Desk`] does the work and is plain Rust; `port` is the only part that knows of the browser. The messages are
//! [`flipside_shared::worker_protocol`]. Nothing here knows of the page or the server.

mod desk;
mod measuring;
#[cfg(target_arch = "wasm32")]
mod port;
mod queue;

pub use desk::{Desk, Done};
pub use queue::Queue;

/// Starts the worker: takes messages and says that it is ready.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    port::open();
}
