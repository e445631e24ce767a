//! Data sets: public benchmark files, our own files and the scene world, as one stream of [`Sample`]s.
//!
//! ```text
//! file ─▶ container (TSV, JSON lines, JSON, Parquet, folder) ─▶ Row ─▶ format (what columns mean) ─▶ Sample
//!                                                          scene world ───────────────────────────▶ Sample
//! ```
//!
//! Files are streamed: one row is in memory at a time, images are opened when they are looked at. Knows neither models
//! nor HTTP, and asks nobody: which samples, what about bad rows, is all in [`ReadOptions`].

mod base64_text;
mod container;
mod dataset;
mod error;
mod format;
mod image;
mod literal;
mod row;
mod sample;
mod select;
mod world;
mod write;

pub use dataset::{Dataset, OnBadRow, ReadOptions, ReadReport, SkippedRow};
pub use error::{DatasetError, Place, RowNumber};
pub use format::{Format, NoSuchFormat};
pub use image::{ImageSource, SampleImage, ScenePicture};
pub use sample::{Answer, Part, Regime, Sample, Scoring, TargetBox};
pub use select::{Choice, SeededSample, Selection};
pub use world::World;
pub use write::Writer;
