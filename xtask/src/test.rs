//! `cargo xtask test`: everything that can fail, in one run, with one sum at its end.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::{browser, page, size, workspace};

/// The feature that turns on the tests that drive Chromium.
pub const BROWSER_TESTS: &str = "flipside-tests/browser";

/// Which tests to run.
pub struct Selection {
    /// Only those whose name contains this.
    pub filter: Option<String>,
    /// Also those that drive Chromium.
    pub with_browser: bool,
}

/// Tests passed and failed.
#[derive(Default, Debug, PartialEq, Eq)]
struct Tally {
    passed: usize,
    failed: usize,
}

/// Builds what the tests need, runs them, and prints the sum as the last line. What cannot be made ready counts as
/// failed, and the tests that do without it still run.
pub fn run(selection: &Selection) -> Result<()> {
    let mut tally = Tally::default();
    let has_browser = selection.with_browser && tally.is_ready(browser::ensure());
    let has_page = tally.is_ready(page::build(page::Build::Small));
    if has_page && selection.filter.is_none() {
        workspace::announce("checking the page's size");
        tally.count(size::run());
    }
    let with_browser = has_browser && has_page && tally.is_ready(build_for_browser());
    workspace::announce("testing");
    tally.count_cargo_test(selection.filter.as_deref(), with_browser)?;
    println!("{} passed, {} failed", tally.passed, tally.failed);
    if tally.failed > 0 {
        bail!("{} failed", tally.failed);
    }
    Ok(())
}

/// The module that shows that wasm computes the same bytes. The server needs no step of its own: `cargo test` builds
/// the binaries of a package that has integration tests, and a `cargo build` before it would compile the model's
/// dependencies a second time, with other features.
fn build_for_browser() -> Result<()> {
    workspace::announce("building what the browser tests start");
    page::Module::like_the_worker("flipside-same-bytes").compile(page::Build::Small).map(drop)
}

impl Tally {
    /// Whether a preparation came off; only its failure counts.
    fn is_ready(&mut self, outcome: Result<()>) -> bool {
        let ready = outcome.is_ok();
        if !ready {
            self.count(outcome);
        }
        ready
    }

    fn count(&mut self, outcome: Result<()>) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(error) => {
                eprintln!("{error:#}");
                self.failed += 1;
            }
        }
    }

    fn count_cargo_test(&mut self, filter: Option<&str>, with_browser: bool) -> Result<()> {
        let mut command = workspace::cargo(["test", "--workspace", "--no-fail-fast"]);
        if with_browser {
            command.args(["--features", BROWSER_TESTS]);
        }
        command.args(filter);
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo test")?;
        let output = child.stdout.take().context("cargo test has no output")?;
        let failed_before = self.failed;
        for line in BufReader::new(output).lines() {
            let line = line?;
            println!("{line}");
            self.add_line(&line);
        }
        // A test that does not compile or a process that dies reports no result.
        if !child.wait()?.success() && self.failed == failed_before {
            self.failed += 1;
        }
        Ok(())
    }

    /// Adds the numbers of a line such as `test result: ok. 3 passed; 0 failed; 0 ignored; ...`.
    fn add_line(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else { return };
        for part in result.split([';', '.']) {
            match part.trim().split_once(' ') {
                Some((number, "passed")) => self.passed += number.parse::<usize>().unwrap_or(0),
                Some((number, "failed")) => self.failed += number.parse::<usize>().unwrap_or(0),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn results_of_several_runs_add_up() {
        let mut tally = Tally::default();
        tally.add_line("running 7 tests");
        tally.add_line(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.1s",
        );
        tally.add_line("test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        tally.add_line("test some::test ... ok");
        assert_eq!(tally, Tally { passed: 7, failed: 2 });
    }
}
