//! A run on disk: weights, the optimiser's moments and how far it is, in one file that is replaced as a whole.

use super::plan::Stage;
use crate::error::{Error, Result};
use candle_core::{Device, Tensor};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

const FILE: &str = "training.safetensors";

/// What a resumed run needs. Scenes and questions come from the seed, the stage and the step.
pub(super) struct Checkpoint {
    pub(super) stage: Stage,
    /// Steps of the stage that are done.
    pub(super) step: u64,
    /// The run's seed: another one cannot go on from here.
    pub(super) seed: u64,
    /// Every weight by name.
    pub(super) weights: HashMap<String, Tensor>,
    /// Moments of the weights that learn in the stage.
    pub(super) first: Vec<f32>,
    pub(super) second: Vec<f32>,
    /// Steps the optimiser has taken.
    pub(super) optimiser_step: u64,
}

/// Where a folder's checkpoint lies.
pub(super) fn file(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

impl Checkpoint {
    pub(super) fn save(self, folder: &Path) -> Result<PathBuf> {
        let stage = Stage::ALL.iter().position(|stage| *stage == self.stage).unwrap_or(0) as i64;
        let progress = [stage, self.step as i64, self.optimiser_step as i64, self.seed as i64];
        let flat = |numbers: Vec<f32>| {
            let length = numbers.len();
            Tensor::from_vec(numbers, length, &Device::Cpu)
        };
        let mut tensors: HashMap<String, Tensor> =
            self.weights.into_iter().map(|(name, tensor)| (format!("weights.{name}"), tensor)).collect();
        tensors.insert("progress".to_owned(), Tensor::new(&progress, &Device::Cpu)?);
        tensors.insert("moments.first".to_owned(), flat(self.first)?);
        tensors.insert("moments.second".to_owned(), flat(self.second)?);
        let (path, unfinished) = (file(folder), folder.join("training.unfinished"));
        candle_core::safetensors::save(&tensors, &unfinished)?;
        std::fs::rename(&unfinished, &path).map_err(|source| Error::Io { path: path.clone(), source })?;
        Ok(path)
    }

    pub(super) fn load(folder: &Path) -> Result<Self> {
        let path = file(folder);
        let bad = |reason: &str| Error::Training { reason: format!("{} {reason}", path.display()) };
        if !path.exists() {
            return Err(bad("does not exist: there is nothing to resume"));
        }
        let mut tensors = candle_core::safetensors::load(&path, &Device::Cpu)?;
        let mut take =
            |name: &str| tensors.remove(name).ok_or_else(|| bad("is not a checkpoint of training"));
        let progress = take("progress")?.to_vec1::<i64>()?;
        let &[stage, step, optimiser_step, seed] = progress.as_slice() else {
            return Err(bad("does not say how far it is"));
        };
        let (first, second) = (take("moments.first")?.to_vec1()?, take("moments.second")?.to_vec1()?);
        let stage = Stage::ALL.get(stage as usize).copied().ok_or_else(|| bad("is of an unknown stage"))?;
        let weights = tensors
            .into_iter()
            .filter_map(|(name, t)| Some((name.strip_prefix("weights.")?.to_owned(), t)))
            .collect();
        Ok(Self {
            stage,
            step: step as u64,
            seed: seed as u64,
            weights,
            first,
            second,
            optimiser_step: optimiser_step as u64,
        })
    }
}
