//! The `flipside` command: server, inference engine and command line.
//!
//! `cli` starts everything; `http` answers requests through `engine` and `store`; `jobs` do long work through
//! `engine`, which owns the model. The page
//! and its pixels are not known here, only its built files.

pub mod cli;
pub mod config;
pub mod engine;
pub mod error;
pub mod http;
pub mod jobs;
pub mod models;
pub mod report;
pub mod store;
pub mod telemetry;
