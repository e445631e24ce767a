//! Training pictures with their questions: fresh ones, or kept ones with the frozen tower's features.

use super::language::{Sight, Speaker};
use super::lessons::{Bank, KINDS};
use super::sheet::Page;
use super::world::{Sample, patches};
use crate::error::Result;
use crate::preprocess::PreprocessorConfig;
use candle_core::{DType, Device, Tensor};
use flipside_shared::rng::Rng;
use flipside_shared::scene::Split;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A scene with its questions.
pub(super) struct Entry {
    pub(super) sample: Sample,
    pub(super) bank: Bank,
    /// `(196, vision_hidden)` in main memory, in half precision to save room.
    features: OnceLock<Tensor>,
}

impl Entry {
    /// Some lessons, without the caption.
    pub(super) fn page(&self, weights: &[f32; KINDS.len()], lessons: usize, rng: &mut Rng) -> Page<'_> {
        Page { sample: &self.sample, lessons: self.bank.pick(weights, lessons, rng), caption: None }
    }
}

/// The scenes of one split from a first index on.
pub(super) struct Library {
    split: Split,
    seed: u64,
    first: u64,
    preprocessor: PreprocessorConfig,
    kept: Mutex<HashMap<u64, Arc<Entry>>>,
}

impl Library {
    pub(super) fn new(split: Split, seed: u64, first: u64, preprocessor: PreprocessorConfig) -> Self {
        Self { split, seed, first, preprocessor, kept: Mutex::default() }
    }

    fn scene_seed(&self, index: u64) -> u64 {
        self.split.scene_seed(self.seed, (self.first + index) as u32)
    }

    /// A scene that is not kept, without questions.
    pub(super) fn fresh_sample(&self, index: u64) -> Result<Sample> {
        Sample::new(self.scene_seed(index), &self.preprocessor)
    }

    /// A scene that is not kept.
    pub(super) fn fresh(&self, index: u64) -> Result<Arc<Entry>> {
        let sample = self.fresh_sample(index)?;
        let bank = Bank::new(&sample, self.scene_seed(index));
        Ok(Arc::new(Entry { sample, bank, features: OnceLock::new() }))
    }

    /// A scene that is made once and kept.
    pub(super) fn kept(&self, index: u64) -> Result<Arc<Entry>> {
        let find = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = find().get(&index) {
            return Ok(entry.clone());
        }
        let made = self.fresh(index)?;
        Ok(find().entry(index).or_insert(made).clone())
    }

    /// The tower's features of some pictures in main memory, one after the other; computed once, so only right while it is frozen.
    pub(super) fn features(&self, entries: &[Arc<Entry>], speaker: &Speaker) -> Result<Tensor> {
        let missing: Vec<&Arc<Entry>> =
            entries.iter().filter(|entry| entry.features.get().is_none()).collect();
        if !missing.is_empty() {
            let samples: Vec<&Sample> = missing.iter().map(|entry| &entry.sample).collect();
            let (features, _) = speaker.see(&Sight::Patches(patches(&samples, &self.preprocessor)?))?;
            let rows = features.dim(0)? / missing.len();
            let features = features.detach().to_dtype(DType::F16)?.to_device(&Device::Cpu)?;
            for (index, entry) in missing.iter().enumerate() {
                let own = features.narrow(0, index * rows, rows)?.copy()?;
                entry.features.get_or_init(|| own);
            }
        }
        let all: Vec<Tensor> = entries.iter().filter_map(|entry| entry.features.get().cloned()).collect();
        Ok(Tensor::cat(&all, 0)?.to_dtype(DType::F32)?)
    }
}
