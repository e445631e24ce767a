//! `cargo xtask`: builds, serves, develops and tests Flipside with nothing installed but rustup.
//!
//! One file per command. Knows the folders of the workspace and the tools around it (cargo, rustup, a
//! browser); knows nothing of scenes, models or HTTP.

mod assets;
mod browser;
mod dev;
mod lint;
mod page;
mod serve;
mod size;
mod test;
mod toolchain;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, serve, develop and test Flipside")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the page into target/page
    Page {
        /// Build quickly instead of small: the dev profile, nothing compressed
        #[arg(long)]
        dev: bool,
    },
    /// Build the page and the server into one binary and run it
    Serve {
        /// Arguments for `flipside serve`, for example --port 8080
        #[arg(last = true)]
        serve_args: Vec<String>,
    },
    /// Serve from the source tree: rebuild what changes and reload the browser
    Dev {
        /// Arguments for `flipside serve`, for example --port 8080
        #[arg(last = true)]
        serve_args: Vec<String>,
    },
    /// Run every test, installing what they need
    Test {
        /// Run only the tests whose name contains this
        filter: Option<String>,
        /// Leave out the tests that need Chromium
        #[arg(long)]
        no_browser: bool,
    },
    /// Check formatting, lints on both targets, and documentation
    Lint,
    /// Check that the built page keeps within its size budget
    Size,
}

fn main() -> ExitCode {
    match run(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Page { dev } => page::build(if dev { page::Build::Quick } else { page::Build::Small }),
        Task::Serve { serve_args } => serve::run(&serve_args),
        Task::Dev { serve_args } => dev::run(&serve_args),
        Task::Test { filter, no_browser } => {
            test::run(&test::Selection { filter, with_browser: !no_browser })
        }
        Task::Lint => lint::run(),
        Task::Size => size::run(),
    }
}
