//! What the tests of this package share: the source tree as text, the server as a process, a driven browser.
//!
//! Nothing in the product depends on this crate.

#[cfg(feature = "browser")]
pub mod browser;
#[cfg(feature = "browser")]
pub mod lab;
#[cfg(feature = "browser")]
pub mod server;
pub mod source;
