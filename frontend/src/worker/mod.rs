//! The page's side of the worker: the only place that posts messages to it.

mod client;
mod pixels;

pub use client::{Answer, WorkerClient};
pub use pixels::{Pixels, PixelsChange, image_data};
