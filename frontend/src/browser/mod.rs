//! What the page asks of the browser itself.

pub mod address;
pub mod clock;
pub mod document;
pub mod file;
pub mod storage;
