//! The laws of the house, each a test.
#![allow(clippy::expect_used)]

mod dependencies;
mod determinism;
mod files;
mod layers;
mod page;
