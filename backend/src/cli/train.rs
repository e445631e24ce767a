//! `flipside train`: make the embedded model anew.

use super::progress;
use crate::config::open_f32;
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use flipside_vlm::DeviceChoice;
use flipside_vlm::train::{self, ModelSize, Plan, TrainConfig, TrainEvent};
use indicatif::ProgressBar;
use std::{ops::ControlFlow, path::PathBuf};

/// Train the embedded model from nothing on the scene world
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct TrainArgs {
    /// Where checkpoints, the learning curve and the finished model go
    #[arg(long, value_name = "DIR", default_value = "checkpoints")]
    out: PathBuf,
    /// How large the model is
    #[arg(long, value_enum, default_value_t = Size::Base)]
    size: Size,
    /// Seed of the weights, the scenes and their order
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Steps of the first stage: the vision tower learns what is where, from dense labels
    #[arg(long, value_name = "N", default_value_t = Plan::default().dense_steps)]
    dense_steps: u64,
    /// Steps of the second stage: merger and language model learn to answer, the tower is frozen
    #[arg(long, value_name = "N", default_value_t = Plan::default().language_steps)]
    language_steps: u64,
    /// Steps of the third stage: everything learns together
    #[arg(long, value_name = "N", default_value_t = Plan::default().joint_steps)]
    joint_steps: u64,
    /// Pictures in a step, a multiple of 4
    #[arg(long, value_name = "N", default_value_t = Plan::default().pictures_per_step)]
    pictures_per_step: usize,
    /// Scenes that are watched, never learnt from
    #[arg(long, value_name = "N", default_value_t = Plan::default().validation_scenes)]
    validation_scenes: usize,
    /// Device: auto, cpu, cuda or cuda:N; training computes in f32 on each
    #[arg(long, env = "FLIPSIDE_DEVICE", default_value_t, value_name = "DEVICE")]
    device: DeviceChoice,
    /// Threads that share a step's work; the weights do not depend on it
    #[arg(long, value_name = "N", default_value_t = threads())]
    threads: usize,
    /// Steps between two checkpoints
    #[arg(long, value_name = "N", default_value_t = 200)]
    checkpoint_every: u64,
    /// Go on from the checkpoint in the folder
    #[arg(long)]
    resume: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Size {
    /// 4.0 million weights: the one in this binary
    Base,
    /// 1.4 million weights
    Small,
}

const EXAMPLES: &str = "\
Examples:
  flipside train --out checkpoints                 the published recipe: hours on a laptop
  flipside train --out checkpoints --resume        go on after an interruption
  flipside train --out /tmp/try --dense-steps 50 --language-steps 50 --joint-steps 0
  flipside evaluate --model checkpoints/model --world 2000

The same seed and steps give the same weights on the same processor, however often the run was interrupted. The
learning curve is drawn into the folder as it grows.";

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Trains, showing how it goes.
///
/// # Errors
/// When the folder cannot be written or its checkpoint cannot be read.
pub fn run(args: &TrainArgs) -> Result<()> {
    let config = TrainConfig {
        folder: args.out.clone(),
        size: match args.size {
            Size::Base => ModelSize::Base,
            Size::Small => ModelSize::Small,
        },
        seed: args.seed,
        plan: Plan {
            dense_steps: args.dense_steps,
            language_steps: args.language_steps,
            joint_steps: args.joint_steps,
            pictures_per_step: args.pictures_per_step,
            validation_scenes: args.validation_scenes,
        },
        device: open_f32(args.device)?.device,
        threads: args.threads,
        checkpoint_every: args.checkpoint_every,
        resume: args.resume,
    };
    let mut bar = ProgressBar::hidden();
    let finished = train::run(&config, &mut |event| {
        show(&event, &mut bar);
        ControlFlow::Continue(())
    })?;
    bar.finish_and_clear();
    if finished { Ok(()) } else { bail!("the run was stopped before its end") }
}

fn show(event: &TrainEvent<'_>, bar: &mut ProgressBar) {
    match event {
        TrainEvent::Stage { stage, steps, done } => {
            bar.finish_and_clear();
            *bar = progress::bar(*steps, stage.name());
            bar.set_position(*done);
        }
        TrainEvent::Step { step, loss, .. } => {
            bar.set_position(*step);
            bar.set_message(format!("loss {loss:.3}"));
        }
        TrainEvent::Validation { stage, step, accuracies } => {
            let parts: Vec<String> =
                accuracies.iter().map(|(name, accuracy)| format!("{name} {accuracy:.3}")).collect();
            bar.suspend(|| eprintln!("{} {step}: {}", stage.name(), parts.join(", ")));
        }
        TrainEvent::Checkpoint { file } => tracing::debug!(file = %file.display(), "checkpoint written"),
        TrainEvent::Finished { folder } => {
            bar.suspend(|| eprintln!("the finished model is in {}", folder.display()));
        }
    }
}
