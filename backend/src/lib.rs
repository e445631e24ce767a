//! The `flipside` command: server, inference engine and command line.
//!
//! `cli` starts everything; `http` answers requests through `engine` and `store`; `engine` owns the model. The page
//! and its pixels are not known here, only its built files.

pub mod cli;
pub mod config;
pub mod engine;
pub mod error;
pub mod http;
pub mod models;
pub mod store;
pub mod telemetry;
