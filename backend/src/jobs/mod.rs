//! Long work over many pictures, through the engine and onto the disk: evaluations.
//!
//! Knows the engine and its own folders; neither HTTP nor the command line, nor the formats of data sets.

pub mod evaluate;
