//! Metrics: slices in, a number or a small struct out; one metric per file with its formula and source.
//!
//! The page, the server and the command line call these same functions. Nothing here knows of models or pictures'
//! files. All arithmetic is `f64` in index order, so that both targets give the same bits.

pub mod difference;
pub mod dirichlet;
pub mod drift;
pub mod predictions;
pub mod ssim;
