//! The work itself: a few samples at a time, so that perturbing, the model and the disk all have something to do.
//!
//! Each sample goes through the model once unperturbed; its perturbations follow in groups, from whichever cores are
//! free, and the engine joins the groups of several samples into batches.

use super::{
    case::Case,
    entry::{Entry, PredictionEntry, Prior, SampleEntry, SkippedEntry},
    error::RunError,
    folder::{Run, RunFolder},
    plan::Plan,
    spectrum::{CleanSpectrum, SpectrumEntry},
    state::State,
};
use crate::engine::{Engine, EngineError, Look, Pass, Picture, blocking};
use crate::store::{ImageStore, StoreError};
use flipside_shared::{
    family::{Asked, Instance},
    perturb::perturb_pixels,
    raster::Raster,
    recipe::{Recipe, Source, Step},
};
use futures::{StreamExt, TryStreamExt, stream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Samples under way at once.
const SAMPLES_IN_FLIGHT: usize = 4;
/// The picture of the prior.
const WHITE: [u8; 4] = [255; 4];
/// Perturbations of one sample that go to the model together.
const GROUP: usize = 16;

/// What to do about a sample that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBadCase {
    /// End the run.
    Stop,
    /// Leave it out and note it.
    Skip,
}

/// What happened since the last call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Samples finished.
    pub samples: u64,
    /// Predictions made.
    pub predictions: u64,
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Samples that are complete, earlier ones included.
    pub samples: u64,
    /// Predictions that this process made.
    pub predictions: u64,
    /// Samples and rows that are left out, earlier ones included.
    pub skipped: u64,
}

/// An evaluation under way.
pub struct Runner {
    /// The model.
    pub engine: Arc<Engine>,
    /// What is done to every sample.
    pub plan: Plan,
    /// What to do about samples that cannot be used.
    pub on_bad_case: OnBadCase,
    /// Where clean pictures are kept, so that a report can show them and the lab can open them; scenes need no keeping.
    pub pictures: Option<Arc<ImageStore>>,
}

/// One process's view of the folder.
struct Shared<'a> {
    folder: Mutex<RunFolder>,
    before: Run,
    progress: &'a (dyn Fn(Progress) + Sync),
}

impl Runner {
    /// Does what is left to do. `cases` come in the order of the data set; what is in the folder is not done again.
    ///
    /// # Errors
    /// At the first fault, unless it is a sample's and those are left out. Everything until then is on disk.
    pub async fn run(
        &self,
        cases: impl Iterator<Item = Result<Case, RunError>>,
        (folder, before): (RunFolder, Run),
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Tally, RunError> {
        let shared = Shared { folder: Mutex::new(folder), before, progress };
        stream::iter(cases)
            .map(|case| self.sample(case, &shared))
            .buffer_unordered(SAMPLES_IN_FLIGHT)
            .try_fold(Tally::default(), |sum, one| async move {
                Ok(Tally {
                    samples: sum.samples + one.samples,
                    predictions: sum.predictions + one.predictions,
                    skipped: sum.skipped + one.skipped,
                })
            })
            .await
    }

    /// One sample from its reading to its end; whatever makes it unusable is dealt with here.
    async fn sample(&self, case: Result<Case, RunError>, shared: &Shared<'_>) -> Result<Tally, RunError> {
        let left_out = Tally { skipped: 1, ..Tally::default() };
        let outcome = match case {
            Ok(case) if shared.before.is_skipped(case.index) => return Ok(left_out),
            Ok(case) => self.predictions(&case, shared).await,
            Err(error) => Err(error),
        };
        match outcome {
            Ok(predictions) => {
                (shared.progress)(Progress { samples: 1, predictions: 0 });
                Ok(Tally { samples: 1, predictions, skipped: 0 })
            }
            Err(RunError::BadCase { sample, id, reason }) if self.on_bad_case == OnBadCase::Skip => {
                if !shared.before.is_skipped(sample) {
                    let entry = SkippedEntry { sample, id, instance: None, reason };
                    shared.append(&[Entry::Skipped(entry)])?;
                }
                Ok(left_out)
            }
            Err(RunError::BadRow(row)) if self.on_bad_case == OnBadCase::Skip => {
                shared.folder().note_row(row)?;
                Ok(left_out)
            }
            Err(error) => Err(error),
        }
    }

    /// Makes the predictions of a sample that are missing; gives their number.
    async fn predictions(&self, case: &Case, shared: &Shared<'_>) -> Result<u64, RunError> {
        let bad = |reason: String| RunError::BadCase { sample: case.index, id: case.id.clone(), reason };
        let known = shared.before.samples.get(&case.index);
        let done = shared.before.done(case.index);
        let asked = |clean_answer| Asked { options: case.question.options.len(), clean_answer };
        if let Some(entry) = known
            && self.plan.instances(asked(entry.answer)).iter().all(|(_, one)| done.contains(&one.name))
        {
            return Ok(0);
        }
        let (picture, pictures) = (case.picture.clone(), self.pictures.clone());
        let opened = blocking(move || {
            let opened = picture.open();
            if let (Some(store), Ok((clean, Source::Image { .. }))) = (&pictures, &opened) {
                keep(store, clean)?;
            }
            Ok::<_, RunError>(opened)
        });
        let (clean, source) = opened.await??.map_err(|error| bad(error.to_string()))?;
        let mut made = 0;
        let sample = match known {
            Some(entry) => entry.clone(),
            None => {
                let size = (clean.raster.width_px, clean.raster.height_px);
                let blank = Picture::new(Raster::filled(size.0, size.1, WHITE));
                let passes = self.look(case, vec![Arc::clone(&clean), blank]).await?;
                let entry = self.sample_entry(case, &source, &clean, &passes);
                shared.append(&[Entry::Sample(Box::new(entry.clone()))])?;
                (shared.progress)(Progress { samples: 0, predictions: 1 });
                made += 1;
                entry
            }
        };
        let answer = sample.answer;
        let spectrum = match self.plan.spectrum {
            true => {
                let picture = Arc::clone(&clean);
                blocking(move || CleanSpectrum::of(&picture.raster)).await?.map(Arc::new)
            }
            false => None,
        };
        let seed = self.plan.recipe_seed(case.index);
        let mut left = self.plan.instances(asked(answer));
        left.retain(|(_, instance)| !done.contains(&instance.name));
        for group in left.chunks(GROUP) {
            let recipes = group.iter().map(|(_, instance)| recipe(&source, instance, seed)).collect();
            let pictures = perturbed(&clean, recipes, spectrum.clone()).await?;
            let mut entries = Vec::with_capacity(group.len());
            let mut possible = Vec::with_capacity(group.len());
            for (member, picture) in group.iter().zip(pictures) {
                match picture {
                    Ok(picture) => possible.push((member, picture)),
                    Err(reason) => entries.push(Entry::Skipped(SkippedEntry {
                        sample: case.index,
                        id: case.id.clone(),
                        instance: Some(member.1.name.clone()),
                        reason,
                    })),
                }
            }
            let pictures = possible.iter().map(|(_, one)| Arc::clone(&one.picture)).collect();
            let passes = self.look(case, pictures).await?;
            let predictions = passes.len() as u64;
            entries.extend(possible.iter().zip(passes).map(|(((family, instance), one), pass)| {
                let (scores, state) = (pass.log_likelihoods.clone(), State::of(&pass, answer));
                Entry::Prediction(Box::new(PredictionEntry {
                    sample: case.index,
                    family: (*family).to_owned(),
                    instance: instance.name.clone(),
                    seed,
                    operation: serde_json::to_value(&instance.operation).unwrap_or_default(),
                    answer: self.plan.scoring.answer(&scores, &pass.token_counts),
                    log_likelihoods: scores,
                    drift: sample.state.drift_to(&state),
                    to_prior: sample.prior.as_ref().map(|prior| prior.state.drift_to(&state)),
                    spectrum: one.spectrum,
                    dirichlet_energy: pass.smoothness.dirichlet_energy,
                    scale_free_energy: pass.smoothness.scale_free_energy,
                }))
            }));
            shared.append(&entries)?;
            (shared.progress)(Progress { samples: 0, predictions });
            made += predictions;
        }
        Ok(made)
    }

    async fn look(&self, case: &Case, pictures: Vec<Arc<Picture>>) -> Result<Vec<Arc<Pass>>, RunError> {
        if pictures.is_empty() {
            return Ok(Vec::new());
        }
        let looks = pictures.into_iter().map(|picture| Look { picture, question: case.put.clone() });
        match self.engine.look(looks.collect()).await {
            Ok(done) => Ok(done.passes),
            Err(error @ (EngineError::QuestionRefused { .. } | EngineError::PictureRefused { .. })) => {
                let reason = error.to_string();
                Err(RunError::BadCase { sample: case.index, id: case.id.clone(), reason })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The entry of a sample; `passes` are of the clean and of the blank picture.
    fn sample_entry(
        &self,
        case: &Case,
        source: &Source,
        clean: &Picture,
        passes: &[Arc<Pass>],
    ) -> SampleEntry {
        let pass = &passes[0];
        let answer = self.plan.scoring.answer(&pass.log_likelihoods, &pass.token_counts);
        SampleEntry {
            sample: case.index,
            id: case.id.clone(),
            source: source.clone(),
            canvas_px: match source {
                Source::Scene { .. } => clean.raster.width_px,
                Source::Image { .. } => 0,
            },
            image_id: clean.id.0.clone(),
            categories: case.categories.clone(),
            question: case.question.text.to_string(),
            options: case.question.options.to_vec(),
            regime: case.question.regime,
            right: case.right,
            marks: case.marks.clone(),
            answer,
            log_likelihoods: pass.log_likelihoods.clone(),
            token_counts: pass.token_counts.clone(),
            dirichlet_energy: pass.smoothness.dirichlet_energy,
            scale_free_energy: pass.smoothness.scale_free_energy,
            state: State::of(pass, answer),
            prior: passes.get(1).map(|blank| Prior {
                log_likelihoods: blank.log_likelihoods.clone(),
                state: State::of(blank, answer),
            }),
        }
    }
}

impl Shared<'_> {
    fn folder(&self) -> MutexGuard<'_, RunFolder> {
        self.folder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn append(&self, entries: &[Entry]) -> Result<(), RunError> {
        self.folder().append(entries)
    }
}

/// Keeps a clean picture while there is room; a report does without those beyond.
fn keep(store: &ImageStore, clean: &Picture) -> Result<(), RunError> {
    match store.put(&clean.raster) {
        Ok(_) => Ok(()),
        Err(StoreError::Full { quota_mib }) => {
            tracing::debug!(quota_mib, id = clean.id.0, "no room to keep a picture");
            Ok(())
        }
        Err(StoreError::Io { path, source }) => Err(RunError::Io { path, source }),
    }
}

fn recipe(source: &Source, instance: &Instance, seed: u64) -> Recipe {
    Recipe { operations: vec![Step::from(instance.operation.clone())], seed, ..Recipe::new(source.clone()) }
}

/// A perturbed picture.
struct Perturbed {
    picture: Arc<Picture>,
    spectrum: Option<SpectrumEntry>,
}

/// Carries each recipe out on the clean picture; a reason where that is impossible.
async fn perturbed(
    clean: &Arc<Picture>,
    recipes: Vec<Recipe>,
    spectrum: Option<Arc<CleanSpectrum>>,
) -> Result<Vec<Result<Perturbed, String>>, RunError> {
    let clean = Arc::clone(clean);
    let one = move |recipe: &Recipe| {
        let raster = perturb_pixels(recipe, &clean.raster).map_err(|error| error.to_string())?;
        let spectrum = spectrum.as_ref().and_then(|spectrum| spectrum.change(&clean.raster, &raster));
        Ok(Perturbed { picture: Picture::new(raster), spectrum })
    };
    Ok(blocking(move || recipes.iter().map(one).collect()).await?)
}
