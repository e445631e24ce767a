//! The built page, driven in headless Chromium as a visitor would.

mod curve;
mod editing;
mod keyboard;
mod language;
mod looks;
mod metrics;
mod opening;
mod pictures;
mod reports;
mod same_bytes;
mod sharing;
mod trouble;
