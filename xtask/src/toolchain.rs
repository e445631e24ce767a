//! The compiler's wasm target: present, installed by rustup, or a clear word on what to do.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::workspace;

/// The target that the page is compiled for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure that the compiler can build for [`WASM`].
pub fn ensure_wasm_target() -> Result<()> {
    if wasm_target_is_present()? {
        return Ok(());
    }
    workspace::announce(&format!("installing the {WASM} target"));
    match Command::new("rustup").args(["target", "add", WASM]).current_dir(workspace::root()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => bail!("`rustup target add {WASM}` failed ({status}); is the network reachable?"),
        Err(error) => bail!(
            "the page needs Rust's {WASM} target, and rustup, which installs it, did not start ({error}).\n\
             Install rustup from https://rustup.rs, or add the target with your system's package manager."
        ),
    }
}

fn wasm_target_is_present() -> Result<bool> {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", WASM])
        .current_dir(workspace::root())
        .output()
        .context("cannot start rustc")?;
    let folder = String::from_utf8(output.stdout)?;
    Ok(output.status.success() && Path::new(folder.trim()).is_dir())
}
