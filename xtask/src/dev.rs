//! `cargo xtask dev`: the source tree served, rebuilt on change, the browser reloaded.
//!
//! The page polls the server for its own document (see [`crate::page`]), so there is nothing to push: a
//! rebuilt page has other file names in the document, a restarted server was away for a moment.

use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context, Result};
use notify::{Event, RecursiveMode, Watcher};

use crate::{page, workspace};

/// Saving one file makes several events, and an editor may save many: they are taken together.
const QUIET: Duration = Duration::from_millis(150);

/// What a change calls for.
#[derive(Default, Debug, PartialEq, Eq)]
struct Stale {
    page: bool,
    server: bool,
}

impl Stale {
    fn mark(&mut self, path: &Path) {
        let Some(first) = path.components().next() else { return };
        match first.as_os_str().to_string_lossy().as_ref() {
            "frontend" | "index.html" => self.page = true,
            "backend" | "vlm" => self.server = true,
            "shared" | "Cargo.toml" => *self = Stale { page: true, server: true },
            _ => {}
        }
    }
}

/// Builds and serves, then watches until it is interrupted.
pub fn run(serve_args: &[String]) -> Result<()> {
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(sender)?;
    for part in ["frontend", "shared", "backend", "vlm", "index.html", "Cargo.toml"] {
        let path = workspace::root().join(part);
        watcher.watch(&path, RecursiveMode::Recursive).with_context(|| format!("cannot watch {part}"))?;
    }
    let mut server = None;
    let mut stale = Stale { page: true, server: true };
    loop {
        if stale.page {
            report(page::build(page::Build::Quick));
        }
        if stale.server {
            report(restart(&mut server, serve_args));
        }
        stale = next_change(&changes)?;
    }
}

/// A failed build is for the developer to read; the watch goes on.
fn report(outcome: Result<()>) {
    if let Err(error) = outcome {
        eprintln!("{error:#}\n  waiting for the next change");
    }
}

fn restart(server: &mut Option<Child>, serve_args: &[String]) -> Result<()> {
    workspace::announce("building the server");
    workspace::run(&mut workspace::cargo([
        "build",
        "--quiet",
        "--package",
        "flipside-backend",
        "--bin",
        "flipside",
    ]))?;
    if let Some(mut old) = server.take() {
        old.kill()?;
        old.wait()?;
    }
    let mut command = Command::new(workspace::target_dir().join("debug/flipside"));
    command.arg("serve").arg("--page-dir").arg(workspace::page_dir()).args(serve_args);
    *server = Some(command.spawn().context("cannot start the server")?);
    Ok(())
}

/// Waits for a change that matters and takes those that follow closely with it.
fn next_change(changes: &Receiver<notify::Result<Event>>) -> Result<Stale> {
    let root = workspace::root();
    let mut stale = Stale::default();
    loop {
        let event = if stale == Stale::default() {
            changes.recv().context("the watch has ended")?
        } else {
            match changes.recv_timeout(QUIET) {
                Ok(event) => event,
                Err(_) => return Ok(stale),
            }
        };
        let Ok(event) = event else { continue };
        if event.kind.is_access() {
            continue;
        }
        for path in &event.paths {
            stale.mark(path.strip_prefix(&root).unwrap_or(path));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Stale;

    #[test]
    fn each_part_of_the_tree_rebuilds_what_depends_on_it() {
        let stale = |path: &str| {
            let mut stale = Stale::default();
            stale.mark(Path::new(path));
            (stale.page, stale.server)
        };
        assert_eq!(stale("frontend/src/main.rs"), (true, false));
        assert_eq!(stale("index.html"), (true, false));
        assert_eq!(stale("vlm/src/lib.rs"), (false, true));
        assert_eq!(stale("shared/src/raster.rs"), (true, true));
        assert_eq!(stale("target/page/index.html"), (false, false));
    }
}
