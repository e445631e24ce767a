//! The browser of the tests: Chromium and its driver, found or installed from the system's packages.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const DRIVER: &str = "chromedriver";

/// Makes sure that a Chromium and a chromedriver can be started from the path.
pub fn ensure() -> Result<()> {
    if is_present() {
        return Ok(());
    }
    workspace::announce("installing Chromium and its driver with apt-get");
    let installed = may_install()
        && workspace::run(apt_get().arg("update")).is_ok()
        && workspace::run(apt_get().args([
            "install",
            "--yes",
            "--no-install-recommends",
            "chromium",
            "chromium-driver",
        ]))
        .is_ok();
    if installed && is_present() {
        return Ok(());
    }
    bail!(
        "the browser tests need Chromium and chromedriver of the same version on the path, and they could not be \
         installed from here.\nInstall them (Debian: apt-get install chromium chromium-driver), or leave these \
         tests out with `cargo xtask test --no-browser`."
    )
}

fn is_present() -> bool {
    on_path(DRIVER) && BROWSERS.iter().any(|name| on_path(name))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Whether the system has apt-get and this is root.
fn may_install() -> bool {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    is_root && on_path("apt-get")
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir: PathBuf| dir.join(program).is_file())
}
