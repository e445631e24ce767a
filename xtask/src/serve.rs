//! `cargo xtask serve`: the page inside the server, one optimised binary, run.

use anyhow::Result;

use crate::{page, workspace};

/// Builds the page, then the server that embeds it, and runs it with `serve_args`.
pub fn run(serve_args: &[String]) -> Result<()> {
    page::build(page::Build::Small)?;
    workspace::announce("building the server");
    workspace::run(&mut workspace::cargo([
        "build",
        "--release",
        "--package",
        "flipside-backend",
        "--bin",
        "flipside",
    ]))?;
    let binary = workspace::target_dir().join("release/flipside");
    workspace::run(std::process::Command::new(binary).arg("serve").args(serve_args))
}
