//! The run: three stages, each a loop of steps with validations and checkpoints, then the finished model's files.

use super::adamw::AdamW;
use super::checkpoint::Checkpoint;
use super::curve::{Curve, Point};
use super::dense::{self, Heads};
use super::export;
use super::files::Files;
use super::language::{self, Sight, Speaker};
use super::lessons::{JOINT_MIXTURE, KINDS, mixture};
use super::library::Library;
use super::parameters::Parameters;
use super::plan::{Plan, Stage, TrainConfig, TrainEvent};
use super::shards::{self, BatchGradient, ShardLoss};
use super::sheet::{Page, Scribe};
use super::world::{Sample, patches};
use crate::error::{Error, Result};
use crate::preprocess::PreprocessorConfig;
use crate::qwen2_5_vl::Config;
use candle_core::DType;
use candle_nn::{VarBuilder, VarMap};
use flipside_shared::rng::Rng;
use flipside_shared::scene::Split;
use std::ops::ControlFlow;

/// Questions about one picture in a step of the language stage, where the caption joins them, and of the joint one.
const LANGUAGE_LESSONS: usize = 10;
const JOINT_LESSONS: usize = 8;
/// Scenes that the language stage starts with, and how many of a step's pictures are new on average: the rest are
/// met again with other questions, which saves rendering and the frozen tower's work.
const FIRST_REACH: u64 = 4096;
/// Streams of the run's generator, with the step in the low bits.
const PICTURES: u64 = 1 << 40;
const QUESTIONS: u64 = 1 << 41;

/// Trains the embedded model and writes its folder, `<folder>/model`. Whatever happens is told to `tell`; when it
/// breaks, the run stops after a checkpoint and returns `false`.
///
/// # Errors
/// [`Error::Training`] when the settings do not fit or there is nothing to resume; [`Error::Io`]; [`Error::Compute`].
pub fn run(config: &TrainConfig, tell: &mut dyn FnMut(TrainEvent) -> ControlFlow<()>) -> Result<bool> {
    if config.plan.pictures_per_step == 0 || !config.plan.pictures_per_step.is_multiple_of(Plan::SHARDS) {
        return Err(Error::Training {
            reason: format!("pictures per step must be a multiple of {}", Plan::SHARDS),
        });
    }
    if config.checkpoint_every == 0 {
        return Err(Error::Training { reason: "a checkpoint after every 0 steps is too often".to_owned() });
    }
    std::fs::create_dir_all(&config.folder)
        .map_err(|source| Error::Io { path: config.folder.clone(), source })?;
    let mut run = Run::new(config)?;
    let resumed = if config.resume { Some(run.resume()?) } else { None };
    let start = resumed.as_ref().map_or(Stage::Dense, |(stage, _)| *stage);
    let mut optimiser = resumed.map(|(_, optimiser)| optimiser);
    for stage in Stage::ALL.into_iter().skip_while(|stage| *stage != start) {
        let optimiser = optimiser.take();
        if run.stage(stage, optimiser, tell)?.is_break() {
            return Ok(false);
        }
    }
    let folder = config.folder.join("model");
    export::export(&run.map, &run.files, &folder)?;
    run.curve.save(&folder)?;
    let _ = tell(TrainEvent::Finished { folder: &folder });
    Ok(true)
}

/// A resumed stage's optimiser and the steps it has behind it.
struct Progress {
    optimiser: AdamW,
    done: u64,
}

struct Run<'a> {
    config: &'a TrainConfig,
    files: Files,
    preprocessor: PreprocessorConfig,
    scribe: Scribe,
    map: VarMap,
    speaker: Speaker,
    heads: Heads,
    curve: Curve,
    validation: Library,
}

impl<'a> Run<'a> {
    fn new(config: &'a TrainConfig) -> Result<Self> {
        let files = Files::new(config.size);
        let model = Config::from_json(&files.config)?;
        let preprocessor = PreprocessorConfig::from_json(&files.preprocessor)?;
        let map = VarMap::new();
        let weights = VarBuilder::from_varmap(&map, DType::F32, &config.device);
        let speaker = Speaker::new(&model, weights.clone())?;
        let heads = Heads::new(&model, weights.pp("dense"))?;
        Parameters::of(&map, |_| true).draw(config.seed)?;
        Ok(Self {
            scribe: Scribe::new(&files.vocabulary)?,
            validation: Library::new(Split::Validation, config.seed, 0, preprocessor.clone()),
            config,
            files,
            preprocessor,
            map,
            speaker,
            heads,
            curve: Curve::default(),
        })
    }

    fn resume(&mut self) -> Result<(Stage, Progress)> {
        let saved = Checkpoint::load(&self.config.folder)?;
        if saved.seed != self.config.seed {
            let reason = format!("the checkpoint's seed is {}, not {}", saved.seed, self.config.seed);
            return Err(Error::Training { reason });
        }
        Parameters::of(&self.map, |_| true).load(&saved.weights)?;
        let learning = Parameters::of(&self.map, |name| saved.stage.learns(name));
        if saved.first.len() != learning.length || saved.second.len() != learning.length {
            return Err(Error::Training { reason: "the checkpoint's moments fit another model".to_owned() });
        }
        let mut optimiser = AdamW::new(learning.read()?, learning.decayed());
        (optimiser.first, optimiser.second, optimiser.step) =
            (saved.first, saved.second, saved.optimiser_step);
        self.curve = Curve::resume(&self.config.folder, saved.stage, saved.step);
        Ok((saved.stage, Progress { optimiser, done: saved.step }))
    }

    fn stage(
        &mut self,
        stage: Stage,
        resumed: Option<Progress>,
        tell: &mut dyn FnMut(TrainEvent) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>> {
        let steps = self.config.plan.steps(stage);
        let learning = Parameters::of(&self.map, |name| stage.learns(name));
        let Progress { mut optimiser, done } = match resumed {
            Some(progress) => progress,
            None => Progress { optimiser: AdamW::new(learning.read()?, learning.decayed()), done: 0 },
        };
        let schedule = stage.schedule();
        let mut flow = tell(TrainEvent::Stage { stage, steps, done });
        // The language stage meets pictures again; the others take fresh ones.
        let library = Library::new(
            Split::Training,
            self.config.seed,
            self.first_scene(stage),
            self.preprocessor.clone(),
        );
        for step in done..steps {
            let batch = self.gradient(stage, step, &learning, &library)?;
            let share = step as f64 / steps as f64;
            optimiser.step(&batch.gradient, schedule.rate(step, share));
            learning.write(&optimiser.weights)?;
            let loss = batch.report.first().copied().unwrap_or(0.0) / Plan::SHARDS as f64;
            if tell(TrainEvent::Step { stage, step: step + 1, loss }).is_break() {
                flow = ControlFlow::Break(());
            }
            let due = step + 1 == steps || (step + 1).is_multiple_of(self.config.checkpoint_every);
            if due && self.validate(stage, step + 1, tell)?.is_break() {
                flow = ControlFlow::Break(());
            }
            if due || flow.is_break() {
                let file = self.checkpoint(stage, step + 1, &optimiser)?.save(&self.config.folder)?;
                self.curve.save(&self.config.folder)?;
                if tell(TrainEvent::Checkpoint { file: &file }).is_break() {
                    flow = ControlFlow::Break(());
                }
            }
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Ok(flow)
    }

    fn checkpoint(&self, stage: Stage, step: u64, optimiser: &AdamW) -> Result<Checkpoint> {
        let all = Parameters::of(&self.map, |_| true);
        Ok(Checkpoint {
            stage,
            step,
            seed: self.config.seed,
            weights: all.named().map(|(name, tensor)| (name.to_owned(), tensor.clone())).collect(),
            first: optimiser.first.clone(),
            second: optimiser.second.clone(),
            optimiser_step: optimiser.step,
        })
    }

    /// Threads that build graphs side by side. A CUDA device has one queue of work and one heap: graphs of several
    /// threads would take turns there and only add up in its memory, so its shards follow each other.
    fn threads(&self) -> usize {
        if self.config.device.is_cpu() { self.config.threads } else { 1 }
    }

    /// The first training scene of a stage: no stage learns from another's.
    fn first_scene(&self, stage: Stage) -> u64 {
        let before = Stage::ALL.into_iter().take_while(|s| *s != stage);
        before
            .map(|s| self.config.plan.steps(s) * self.config.plan.pictures_per_step as u64 + FIRST_REACH)
            .sum()
    }

    /// Pictures seen in the whole run after a step of a stage.
    fn pictures(&self, stage: Stage, step: u64) -> u64 {
        let before: u64 =
            Stage::ALL.into_iter().take_while(|s| *s != stage).map(|s| self.config.plan.steps(s)).sum();
        (before + step) * self.config.plan.pictures_per_step as u64
    }

    fn gradient(
        &self,
        stage: Stage,
        step: u64,
        learning: &Parameters,
        library: &Library,
    ) -> Result<BatchGradient> {
        let Plan { pictures_per_step: pictures, language_steps, .. } = self.config.plan;
        let mut rng = Rng::new(self.config.seed, PICTURES + ((stage as u64) << 32) + step);
        let reach = FIRST_REACH + step * pictures as u64 / 2;
        let picks: Vec<u64> = (0..pictures as u64)
            .map(|i| match stage {
                Stage::Language => u64::from(rng.below(reach as u32)),
                _ => step * pictures as u64 + i,
            })
            .collect();
        let weights = match stage {
            Stage::Language => mixture(step as f64 / language_steps as f64),
            _ => JOINT_MIXTURE,
        };
        let per_shard = pictures / Plan::SHARDS;
        shards::gradient(learning, Plan::SHARDS, self.threads(), |shard| {
            let picks = &picks[shard * per_shard..][..per_shard];
            let stream = QUESTIONS + ((stage as u64) << 36) + step * Plan::SHARDS as u64 + shard as u64;
            let mut rng = Rng::new(self.config.seed, stream);
            match stage {
                Stage::Dense => {
                    let samples =
                        picks.iter().map(|i| library.fresh_sample(*i)).collect::<Result<Vec<_>>>()?;
                    self.dense_loss(&samples.iter().collect::<Vec<_>>())
                }
                Stage::Language => {
                    let entries = picks.iter().map(|i| library.kept(*i)).collect::<Result<Vec<_>>>()?;
                    let sight = Sight::Features(library.features(&entries, &self.speaker)?);
                    let mut pages: Vec<Page> =
                        entries.iter().map(|e| e.page(&weights, LANGUAGE_LESSONS, &mut rng)).collect();
                    for (page, entry) in pages.iter_mut().zip(&entries) {
                        page.caption = Some(&entry.bank.caption);
                    }
                    self.language_loss(&sight, &pages)
                }
                Stage::Joint => {
                    let entries = picks.iter().map(|i| library.fresh(*i)).collect::<Result<Vec<_>>>()?;
                    let samples: Vec<&Sample> = entries.iter().map(|e| &e.sample).collect();
                    let sight = Sight::Patches(patches(&samples, &self.preprocessor)?);
                    let pages: Vec<Page> =
                        entries.iter().map(|e| e.page(&weights, JOINT_LESSONS, &mut rng)).collect();
                    self.language_loss(&sight, &pages)
                }
            }
        })
    }

    fn dense_loss(&self, samples: &[&Sample]) -> Result<ShardLoss> {
        let (features, tokens) = self.speaker.see(&Sight::Patches(patches(samples, &self.preprocessor)?))?;
        self.heads.loss(&features, &tokens, samples)
    }

    /// The answers' loss; while the tower learns as well, with a share of the dense one.
    fn language_loss(&self, sight: &Sight, pages: &[Page]) -> Result<ShardLoss> {
        let seen = self.speaker.see(sight)?;
        let mut loss = self.speaker.loss(&seen.1, pages, &self.scribe)?;
        if matches!(sight, Sight::Patches(_)) {
            let samples: Vec<&Sample> = pages.iter().map(|page| page.sample).collect();
            let dense = self.heads.loss(&seen.0, &seen.1, &samples)?.loss;
            loss.loss = (loss.loss + (dense * language::DENSE_WEIGHT)?)?;
        }
        Ok(loss)
    }

    fn validate(
        &mut self,
        stage: Stage,
        step: u64,
        tell: &mut dyn FnMut(TrainEvent) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>> {
        const PART: usize = 16;
        let scenes = self.config.plan.validation_scenes;
        let this = &*self;
        let reports = shards::each(scenes.div_ceil(PART), this.threads(), |part| {
            let picks = part * PART..scenes.min((part + 1) * PART);
            let entries = picks.map(|i| this.validation.kept(i as u64)).collect::<Result<Vec<_>>>()?;
            let samples: Vec<&Sample> = entries.iter().map(|e| &e.sample).collect();
            if stage == Stage::Dense {
                return Ok(this.dense_loss(&samples)?.report);
            }
            let pages: Vec<Page> = entries
                .iter()
                .map(|e| Page { sample: &e.sample, lessons: e.bank.one_of_each(), caption: None })
                .collect();
            let seen = this.speaker.see(&Sight::Patches(patches(&samples, &this.preprocessor)?))?;
            Ok(this.speaker.loss(&seen.1, &pages, &this.scribe)?.report)
        })?;
        let sum = |index: usize| reports.iter().map(|report| report[index]).sum::<f64>();
        let accuracies: Vec<(&'static str, f64)> = match stage {
            Stage::Dense => dense::REPORT
                .iter()
                .enumerate()
                .map(|(i, name)| (*name, sum(1 + i) / reports.len().max(1) as f64))
                .collect(),
            _ => KINDS
                .iter()
                .enumerate()
                .map(|(i, kind)| (kind.name(), sum(1 + i) / sum(1 + KINDS.len() + i).max(1.0)))
                .collect(),
        };
        let pictures = self.pictures(stage, step);
        self.curve.0.extend(accuracies.iter().map(|(name, accuracy)| Point {
            stage: stage.name().to_owned(),
            step,
            pictures,
            name: (*name).to_owned(),
            accuracy: *accuracy,
        }));
        Ok(tell(TrainEvent::Validation { stage, step, accuracies: &accuracies }))
    }
}
