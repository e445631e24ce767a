//! The page's size budget: what a visitor downloads before the page is usable, and its worker, brotli.
//! `chinese.json` and `metrics.json` are no part of it: the page is usable without them, and only those fetch them who read
//! Chinese or open the panel of metrics.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::assets::brotli_11;
use crate::workspace;

/// A part of the page: the files whose names start so count together.
struct Budget {
    part: &'static str,
    stems: &'static [&'static str],
    /// More than this fails.
    limit_bytes: usize,
    /// What it is to come down to. Where the limit is above it, lower the limit with every gain.
    goal_bytes: usize,
}

const BUDGETS: [Budget; 2] = [
    Budget {
        part: "shell",
        stems: &["index", "styles", "boot-shell", "shell"],
        limit_bytes: 150_000,
        goal_bytes: 150_000,
    },
    Budget { part: "worker", stems: &["boot-worker", "worker"], limit_bytes: 350_000, goal_bytes: 350_000 },
];

/// Prints the size of each part and fails when one is over its limit.
pub fn run() -> Result<()> {
    let mut over = Vec::new();
    for budget in &BUDGETS {
        let bytes = part_bytes(budget)?;
        let Budget { part, limit_bytes, goal_bytes, .. } = budget;
        eprintln!("  {part:<8} {bytes:>7} bytes, brotli; at most {limit_bytes}, to become {goal_bytes}");
        if bytes > budget.limit_bytes {
            over.push(budget.part);
        }
    }
    if !over.is_empty() {
        bail!("over the size budget: {}", over.join(", "));
    }
    Ok(())
}

fn part_bytes(budget: &Budget) -> Result<usize> {
    let dir = workspace::page_dir();
    let entries = fs::read_dir(&dir)
        .with_context(|| format!("no page in {}; build it with `cargo xtask page`", dir.display()))?;
    let mut bytes = 0;
    let mut files = 0;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(".br") && budget.stems.contains(&stem(&name)) {
            bytes += brotli_11(&fs::read(&path)?)?.len();
            files += 1;
        }
    }
    if files < budget.stems.len() {
        bail!("the {} is not complete in {}; build it with `cargo xtask page`", budget.part, dir.display());
    }
    Ok(bytes)
}

/// The name without its hash and extension: `boot-shell` of `boot-shell-0123456789ab.js`.
fn stem(name: &str) -> &str {
    let bare = name.split('.').next().unwrap_or(name);
    match bare.rsplit_once('-') {
        Some((stem, tag)) if tag.len() == 12 && tag.bytes().all(|byte| byte.is_ascii_hexdigit()) => stem,
        _ => bare,
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_hash_is_not_part_of_the_stem_and_a_word_is() {
        assert_eq!(stem("boot-shell-0123456789ab.js"), "boot-shell");
        assert_eq!(stem("boot-shell.js"), "boot-shell");
        assert_eq!(stem("index.html"), "index");
    }
}
