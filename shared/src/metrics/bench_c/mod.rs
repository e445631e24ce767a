//! Bench-C's choice of samples that tell models apart under corruption (arXiv 2511.19032): **our reconstruction**.
//!
//! Published is what the choice rests on (variability of predictions across models under corruption, semantic
//! diversity); the equations here fit that. From numbers per sample and model to a score per sample, a set of
//! samples, and how far that set puts models apart. Knows no runs and no files.

pub mod discrimination;
pub mod marginal_relevance;
pub mod separation;
