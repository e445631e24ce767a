//! A fixed list of cases over everything in `shared` that must come out the same on both targets, as lines of
//! text: the name of a case and the hash of its bytes.
//!
//! Compiled twice: natively for the test, which also holds the lines against `tests/golden/same_bytes.txt`, and as
//! a wasm module without imports that the same test runs in Chromium. New operations join by being declared.

mod charts;
mod metrics;
mod recipes;
mod scenes;
#[cfg(target_arch = "wasm32")]
mod wasm;

use sha2::{Digest, Sha256};

/// All cases, one `NAME HASH` a line.
pub fn lines() -> String {
    let mut lines = Lines::default();
    scenes::add(&mut lines);
    recipes::add(&mut lines);
    charts::add(&mut lines);
    metrics::add(&mut lines);
    lines.0
}

/// The lines so far.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// Adds one case. A hash is cut to 16 digits: it is to differ, not to withstand forgery.
    fn add(&mut self, name: &str, bytes: &[u8]) {
        let hash: String = Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        self.0.push_str(name);
        self.0.push(' ');
        self.0.push_str(&hash);
        self.0.push('\n');
    }
}
