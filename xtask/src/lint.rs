//! `cargo xtask lint`: formatting, clippy on both targets, and documentation, none of them with a warning.

use std::process::Command;

use anyhow::{Result, bail};

use crate::test::BROWSER_TESTS;
use crate::{toolchain, workspace};

/// Runs every check to its end, then fails if any failed.
pub fn run() -> Result<()> {
    toolchain::ensure_wasm_target()?;
    let mut failed = Vec::new();
    for (name, mut check) in checks() {
        workspace::announce(name);
        if let Err(error) = workspace::run(&mut check) {
            eprintln!("{error}");
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn checks() -> [(&'static str, Command); 4] {
    let mut native = workspace::cargo(["clippy", "--quiet", "--keep-going", "--workspace", "--all-targets"]);
    native.args(["--features", BROWSER_TESTS, "--", "-D", "warnings"]);
    let mut wasm = workspace::cargo(["clippy", "--quiet", "--keep-going", "--target", toolchain::WASM]);
    wasm.args(["--package", "flipside-frontend", "--package", "flipside-worker", "--", "-D", "warnings"]);
    let mut docs =
        workspace::cargo(["doc", "--quiet", "--workspace", "--no-deps", "--features", BROWSER_TESTS]);
    docs.env("RUSTDOCFLAGS", "-D warnings");
    [
        ("formatting", workspace::cargo(["fmt", "--all", "--check"])),
        ("clippy, native", native),
        ("clippy, wasm", wasm),
        ("documentation", docs),
    ]
}
