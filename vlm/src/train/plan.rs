//! What a training run is told and what it tells: its settings, its stages and its events.

use super::adamw::Schedule;
use candle_core::Device;
use std::path::{Path, PathBuf};

/// The settings of a run. The same settings give the same weights on the same processor, however many threads there
/// are and however often the run was stopped and resumed; on CUDA, where sums have no fixed order, about the same.
#[derive(Clone, Debug)]
pub struct TrainConfig {
    /// Where checkpoints, the learning curve and at the end the finished model go.
    pub folder: PathBuf,
    /// How large the model is.
    pub size: ModelSize,
    /// Seed of the fresh weights, the scenes and the order of everything.
    pub seed: u64,
    /// How long the stages are.
    pub plan: Plan,
    /// Where the weights lie and the gradients are computed, in f32. The optimiser steps in main memory.
    pub device: Device,
    /// Threads that share a step's work.
    pub threads: usize,
    /// A checkpoint and a look at the validation scenes after this many steps.
    pub checkpoint_every: u64,
    /// Go on from the folder's checkpoint instead of starting anew.
    pub resume: bool,
}

/// The sizes in which the embedded model is made, to look at scale against robustness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ModelSize {
    /// 4.0 million weights: the one in the binary.
    #[default]
    Base,
    /// 1.4 million weights.
    Small,
}

/// Steps of the stages and pictures in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Of [`Stage::Dense`].
    pub dense_steps: u64,
    /// Of [`Stage::Language`].
    pub language_steps: u64,
    /// Of [`Stage::Joint`].
    pub joint_steps: u64,
    /// Pictures in a step; a multiple of [`Plan::SHARDS`].
    pub pictures_per_step: usize,
    /// Validation scenes.
    pub validation_scenes: usize,
}

impl Plan {
    /// Parts that a step's pictures are cut into.
    pub const SHARDS: usize = 4;

    /// Steps of a stage.
    pub fn steps(&self, stage: Stage) -> u64 {
        match stage {
            Stage::Dense => self.dense_steps,
            Stage::Language => self.language_steps,
            Stage::Joint => self.joint_steps,
        }
    }
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            dense_steps: 2600,
            language_steps: 1000,
            joint_steps: 6500,
            pictures_per_step: 24,
            validation_scenes: 512,
        }
    }
}

/// The stages, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The vision tower learns what is where, from dense labels.
    Dense,
    /// Merger and language model learn to answer, from the frozen tower's features.
    Language,
    /// Everything learns together.
    Joint,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Dense, Self::Language, Self::Joint];

    /// Its name in the learning curve.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dense => "dense",
            Self::Language => "language",
            Self::Joint => "joint",
        }
    }

    /// Whether a weight of this name learns in the stage.
    pub(super) fn learns(self, name: &str) -> bool {
        let vision = name.starts_with("visual.") || name.starts_with("dense.");
        match self {
            Self::Dense => vision,
            Self::Language => !vision || name.starts_with("visual.merger."),
            Self::Joint => true,
        }
    }

    pub(super) fn schedule(self) -> Schedule {
        let (peak, floor) = match self {
            Self::Dense => (1.5e-3, 0.05),
            Self::Language => (1.2e-3, 0.03),
            Self::Joint => (6e-4, 0.02),
        };
        Schedule { peak, floor, warm_up_steps: 150 }
    }
}

/// What happens during a run, as it happens.
#[derive(Clone, Debug)]
pub enum TrainEvent<'a> {
    /// A stage begins, or goes on after `done` of its steps.
    Stage {
        /// Which.
        stage: Stage,
        /// Its steps.
        steps: u64,
        /// Steps that a resumed run has behind it.
        done: u64,
    },
    /// A step is over.
    Step {
        /// Of which stage.
        stage: Stage,
        /// Its number, from 1.
        step: u64,
        /// The loss on its pictures.
        loss: f64,
    },
    /// The validation scenes were looked at.
    Validation {
        /// During which stage.
        stage: Stage,
        /// After which step.
        step: u64,
        /// Accuracies (0 to 1) by name: of labels in the first stage, of question kinds after.
        accuracies: &'a [(&'static str, f64)],
    },
    /// A checkpoint was written.
    Checkpoint {
        /// Where.
        file: &'a Path,
    },
    /// The finished model was written.
    Finished {
        /// Where.
        folder: &'a Path,
    },
}
