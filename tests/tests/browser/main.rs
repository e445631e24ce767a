//! The built page, driven in headless Chromium as a visitor would.

mod opening;
mod same_bytes;
