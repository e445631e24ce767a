//! What both sides of the wire agree on: scenes, recipes, perturbations, metrics, charts and wire types.
//!
//! Pure: values in, values out. No IO, clock, threads, logging, environment or global state, and the same
//! bytes on wasm32 and x86-64. Nothing here knows of the page, the server or the model.

pub mod api;
pub mod chart;
pub mod decimal;
pub mod family;
pub mod image_file;
pub mod json;
pub mod lab;
pub mod metrics;
pub mod perturb;
pub mod raster;
pub mod recipe;
pub mod rng;
pub mod scene;
pub mod shard;
pub mod worker_protocol;
