//! The command that makes a run again.

use crate::jobs::evaluate::Manifest;
use std::path::Path;

/// The command, with `out` as its run folder.
pub fn command(manifest: &Manifest, out: &Path) -> String {
    let mut command = format!(
        "flipside evaluate {} --seed {} --families {} --out {}",
        manifest.data.arguments(),
        manifest.seed,
        manifest.families.join(","),
        out.display()
    );
    for (name, value) in [("limit", manifest.limit), ("sample", manifest.sample)] {
        command += &value.map(|value| format!(" --{name} {value}")).unwrap_or_default();
    }
    command
}
