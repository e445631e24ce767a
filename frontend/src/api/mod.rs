//! The server's API: the only place that fetches.

mod sse;

#[cfg(target_arch = "wasm32")]
mod calls;
#[cfg(target_arch = "wasm32")]
mod transport;

#[cfg(target_arch = "wasm32")]
pub use calls::{file, image, info, store_image, stream, verdict};
#[cfg(target_arch = "wasm32")]
pub use transport::{Failure, read};
