//! The laws of the house, each a test.

mod dependencies;
mod determinism;
mod files;
mod layers;
mod page;
