//! Every reader on files that the tests write as the formats are documented, oddities included.
#![allow(clippy::unwrap_used)]

mod bad_files;
mod cut_files;
mod hallusion_bench;
mod hr_bench;
mod mmmu;
mod own;
mod pope;
mod real_world_qa;
mod seed_bench;
mod selection;
mod v_star;
mod vlmevalkit;
mod world;
mod written;
