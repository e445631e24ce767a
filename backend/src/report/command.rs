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
    let scoring = serde_json::to_value(manifest.scoring).ok();
    let regime = manifest.regime.and_then(|regime| serde_json::to_value(regime).ok());
    for (name, value) in [("scoring", scoring), ("regime", regime)] {
        // Files write names with underscores, flags with hyphens.
        let value = value.as_ref().and_then(|value| value.as_str()).map(|value| value.replace('_', "-"));
        command += &value.map(|value| format!(" --{name} {value}")).unwrap_or_default();
    }
    for (name, value) in [("limit", manifest.limit), ("sample", manifest.sample)] {
        command += &value.map(|value| format!(" --{name} {value}")).unwrap_or_default();
    }
    if manifest.spectrum {
        command += " --spectrum";
    }
    command
}
