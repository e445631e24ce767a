//! The command line: what each subcommand takes, and what the process returns.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage.

mod ask;
mod bench_c;
mod compare;
mod data_file;
mod evaluate;
mod progress;
mod regime;
mod render;
mod report;
mod serve;
mod source;
mod train;

use crate::{config::LogConfig, telemetry};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// See a vision-language model change its mind
#[derive(Debug, Parser)]
#[command(name = "flipside", version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    log: LogConfig,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  flipside serve                                   the lab, at http://127.0.0.1:7878
  flipside render --seed 7 --out scene.png         a scene of the small world
  flipside ask --image scene.png --question \"What color is the large cube?\" \\
               --option red --option blue          what the embedded model answers
  flipside evaluate --world 200 --seed 1           how often it is right
  flipside evaluate --world 100 --out RUN          what perturbations do to it
  flipside report RUN                              the same as a page of tables and charts

Every flag of `serve` is also an environment variable: FLIPSIDE_PORT, FLIPSIDE_MAX_BATCH, ...";

#[derive(Debug, Subcommand)]
enum Command {
    Serve(Box<serve::ServeArgs>),
    Ask(ask::AskArgs),
    Render(render::RenderArgs),
    Train(train::TrainArgs),
    Evaluate(Box<evaluate::EvaluateArgs>),
    Report(report::ReportArgs),
    Compare(compare::CompareArgs),
    BenchC(Box<bench_c::BenchCArgs>),
}

/// Runs the process's command line.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Err(error) = telemetry::init_logs(&cli.log) {
        eprintln!("error: the log filter {:?} does not parse: {error}", cli.log.log);
        return ExitCode::from(2);
    }
    // `flipside ... | head` ends quietly, like other commands. The server stays: it outlives whoever reads its output.
    if !matches!(cli.command, Command::Serve(_)) {
        sigpipe::reset();
    }
    let outcome = match cli.command {
        Command::Serve(args) => serve::run(*args),
        Command::Ask(args) => ask::run(&args),
        Command::Render(args) => render::run(&args),
        Command::Train(args) => train::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::BenchC(args) => bench_c::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound_and_every_subcommand_teaches() {
        let command = Cli::command();
        command.clone().debug_assert();
        for subcommand in command.get_subcommands() {
            assert!(subcommand.get_about().is_some(), "{}", subcommand.get_name());
            let examples = subcommand.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(examples.contains("flipside "), "{} shows no example", subcommand.get_name());
        }
    }
}
