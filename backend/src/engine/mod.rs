//! The engine: everything between a checked request and the model. Admission, batches, caches, turns, and the
//! comparison of passes.
//!
//! Knows tokio and the model trait, neither axum nor tensors. One engine per model.

mod admission;
mod batch;
mod cache;
mod comparison;
mod control;
mod curve;
mod error;
mod measuring;
mod model_thread;
mod pass;
mod picture;
mod question;
mod spectral;
mod sweep;
mod turns;

pub use admission::{Admission, Permit};
pub use batch::{Look, regime};
pub use comparison::Comparison;
pub use curve::Curve;
pub use error::EngineError;
pub use measuring::Measuring;
pub use model_thread::{Done, Loader};
pub use pass::Pass;
pub use picture::{Picture, Pictures};
pub use question::{Question, QuestionError};
pub use sweep::Sweep;
pub use turns::{Turn, Turns};

use crate::config::EngineConfig;
use cache::Caches;
use control::ControlPictures;
use flipside_vlm::{ModelInfo, VisionTokens};
use model_thread::{Command, Job, ModelThread};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, oneshot};

/// A handle on one model; the model's thread ends when it is dropped.
pub struct Engine {
    info: ModelInfo,
    commands: mpsc::UnboundedSender<Command>,
    caches: Caches,
    control: Arc<ControlPictures>,
    ready: Arc<AtomicBool>,
    busy_us: Arc<AtomicU64>,
}

impl Engine {
    /// Starts the model's thread and waits until the model is loaded.
    ///
    /// # Errors
    /// What loading said.
    pub async fn start(loader: Loader, config: &EngineConfig) -> Result<Self, flipside_vlm::Error> {
        let caches = Caches::new(config);
        let ready = Arc::new(AtomicBool::new(false));
        let busy_us = Arc::new(AtomicU64::new(0));
        // Unbounded, because admission bounds the requests that can reach it.
        let (commands, queue) = mpsc::unbounded_channel();
        let (started, loaded) = oneshot::channel();
        let thread = ModelThread {
            loader,
            caches: caches.clone(),
            max_batch: (config.max_batch as usize).max(1),
            ready: Arc::clone(&ready),
            busy_us: Arc::clone(&busy_us),
        };
        let spawned =
            std::thread::Builder::new().name("model".to_owned()).spawn(|| thread.run(queue, started));
        let failed = |reason: &str| flipside_vlm::Error::BadRequest { reason: reason.to_owned() };
        spawned.map_err(|error| failed(&format!("the model thread cannot start: {error}")))?;
        let info = loaded.await.map_err(|_| failed("the model panicked while loading"))??;
        let control = Arc::new(ControlPictures::new(config.control_pictures));
        Ok(Self { info, commands, caches, control, ready, busy_us })
    }

    /// What the model is.
    pub fn info(&self) -> &ModelInfo {
        &self.info
    }

    /// Whether a model is loaded and working.
    pub fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Time that batches have taken in the model so far.
    pub fn busy(&self) -> Duration {
        Duration::from_micros(self.busy_us.load(Ordering::Relaxed))
    }

    /// Renders and encodes the control pictures, so that the first verdict need not.
    pub async fn warm(&self) {
        if let Ok(pictures) = self.control_pictures().await {
            let _ = self.encode(pictures).await;
        }
    }

    /// The vision tokens of pictures; what was computed before is not computed again.
    async fn encode(&self, pictures: Vec<Arc<Picture>>) -> Result<Vec<Arc<VisionTokens>>, EngineError> {
        let (reply, tokens) = oneshot::channel();
        self.commands.send(Command::Encode(pictures, reply)).map_err(|_| EngineError::Stopped)?;
        tokens.await.map_err(|_| measuring::failed("the model thread dropped the pictures"))?
    }

    /// Looks at pictures, each under its question; what was computed before is not computed again.
    ///
    /// Dropping the future withdraws the looks that the model has not begun.
    ///
    /// # Errors
    /// What the model said, or that it panicked.
    pub async fn look(&self, looks: Vec<Look>) -> Result<Done, EngineError> {
        let known: Option<Vec<Arc<Pass>>> = looks.iter().map(|look| self.caches.pass(&look.key())).collect();
        if let Some(passes) = known {
            return Ok(Done { passes, queue: Duration::ZERO, inference: Duration::ZERO });
        }
        let (reply, answer) = oneshot::channel();
        let job = Job { looks, queued: Instant::now(), reply };
        self.commands.send(Command::Look(job)).map_err(|_| EngineError::Stopped)?;
        let gone = |_| EngineError::ModelFailed { reason: "the model thread dropped the batch".to_owned() };
        answer.await.map_err(gone)?
    }

    /// Compares a perturbed picture with its clean one.
    ///
    /// # Errors
    /// As [`Engine::look`].
    pub async fn compare(
        &self,
        clean: Arc<Picture>,
        perturbed: Arc<Picture>,
        question: &Question,
    ) -> Result<Comparison, EngineError> {
        let controls = self.control_looks(&clean, question).await?;
        let clean = Look { picture: clean, question: question.clone() };
        let perturbed = Look { picture: perturbed, question: question.clone() };
        let clean_from_cache = self.caches.pass(&clean.key()).is_some();
        let looks = [clean, perturbed].into_iter().chain(controls).collect();
        let done = self.look(looks).await?;
        let comparison = Comparison::of(question, &done.passes[0], &done.passes[1], &done.passes[2..]);
        Ok(Comparison { clean_from_cache, queue: done.queue, inference: done.inference, ..comparison })
    }

    /// The control pictures under a question, to be looked at together with the clean picture.
    async fn control_looks(&self, clean: &Picture, question: &Question) -> Result<Vec<Look>, EngineError> {
        let question = question.for_context();
        let others = self.control_pictures().await?.into_iter().filter(|other| other.id != clean.id);
        Ok(others.map(|picture| Look { picture, question: question.clone() }).collect())
    }

    async fn control_pictures(&self) -> Result<Vec<Arc<Picture>>, EngineError> {
        let control = Arc::clone(&self.control);
        blocking(move || control.all().to_vec()).await
    }
}

/// Runs work that would hold up other requests on a thread where it may block.
///
/// # Errors
/// When the work panicked.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, EngineError> {
    let failed = |error: tokio::task::JoinError| EngineError::ModelFailed { reason: error.to_string() };
    tokio::task::spawn_blocking(work).await.map_err(failed)
}
