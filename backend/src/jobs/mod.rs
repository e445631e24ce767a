//! Long work over many pictures: evaluations, through the engine and onto the disk, and what is built of them.
//!
//! Knows the engine and its own folders; neither HTTP nor the command line, nor the formats of data sets.

pub mod bench_c;
pub mod evaluate;
