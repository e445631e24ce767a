//! The one thread that owns the model: takes whatever is queued as one batch, skips jobs whose client has left, and
//! starts anew after a panic.
//!
//! A panic unwinds through the batch and drops its reply channels, which is how its clients learn of it.

use super::{
    EngineError,
    batch::{self, Look},
    cache::Caches,
    pass::Pass,
    picture::Picture,
};
use crate::telemetry::{BATCH_PICTURES, BATCH_SECONDS, JOBS_SKIPPED, MODEL_RESTARTS, QUEUE_SECONDS};
use flipside_vlm::{ModelInfo, VisionTokens, Vlm};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, oneshot};

/// Makes the model: at start, and again after a panic.
pub type Loader = Box<dyn Fn() -> Result<Box<dyn Vlm + Send>, flipside_vlm::Error> + Send>;

/// What the model thread can be asked.
pub enum Command {
    /// Look at pictures and answer.
    Look(Job),
    /// Encode pictures: for their tokens, or because they will be needed soon.
    Encode(Vec<Arc<Picture>>, oneshot::Sender<Result<Vec<Arc<VisionTokens>>, EngineError>>),
}

/// Looks that belong together and are answered together.
pub struct Job {
    /// What to look at.
    pub looks: Vec<Look>,
    /// When it was queued.
    pub queued: Instant,
    /// Where the answer goes; closed when the client has left.
    pub reply: oneshot::Sender<Result<Done, EngineError>>,
}

/// A job's results.
pub struct Done {
    /// One per look, in order.
    pub passes: Vec<Arc<Pass>>,
    /// Time in the queue.
    pub queue: Duration,
    /// Time of the batch in the model.
    pub inference: Duration,
}

/// What the thread needs besides its queue.
pub struct ModelThread {
    /// Makes the model.
    pub loader: Loader,
    /// Shared with the engine's handles.
    pub caches: Caches,
    /// Most pictures at once.
    pub max_batch: usize,
    /// True while a model is loaded and working.
    pub ready: Arc<AtomicBool>,
    /// Microseconds that batches have taken.
    pub busy_us: Arc<AtomicU64>,
}

impl ModelThread {
    /// Loads the model, tells `started` how that went, and works until every sender of the queue is gone.
    pub fn run(
        self,
        mut queue: mpsc::UnboundedReceiver<Command>,
        started: oneshot::Sender<Result<ModelInfo, flipside_vlm::Error>>,
    ) {
        let mut model = match (self.loader)() {
            Ok(model) => model,
            Err(error) => return drop(started.send(Err(error))),
        };
        self.ready.store(true, Ordering::Release);
        let _ = started.send(Ok(model.info().clone()));
        loop {
            let work = AssertUnwindSafe(|| self.work(&*model, &mut queue));
            if catch_unwind(work).is_ok() {
                return;
            }
            self.ready.store(false, Ordering::Release);
            metrics::counter!(MODEL_RESTARTS).increment(1);
            tracing::error!("the model panicked; its batch failed and the model is loaded again");
            model = loop {
                match (self.loader)() {
                    Ok(model) => break model,
                    Err(error) => tracing::error!(%error, "the model cannot be loaded again"),
                }
                // Each command that arrives fails and is another attempt, so that nothing spins.
                if queue.blocking_recv().is_none() {
                    return;
                }
            };
            self.ready.store(true, Ordering::Release);
        }
    }

    fn work(&self, model: &dyn Vlm, queue: &mut mpsc::UnboundedReceiver<Command>) {
        let mut next = None;
        while let Some(command) = next.take().or_else(|| queue.blocking_recv()) {
            let first = match command {
                Command::Look(job) => job,
                Command::Encode(pictures, reply) => {
                    // Nobody waits any more: fine.
                    let _ = reply.send(self.encode(model, &pictures));
                    continue;
                }
            };
            let mut pictures = first.looks.len();
            let mut jobs = vec![first];
            while pictures < self.max_batch {
                match queue.try_recv() {
                    Ok(Command::Look(job)) => {
                        pictures += job.looks.len();
                        jobs.push(job);
                    }
                    Ok(other) => {
                        next = Some(other);
                        break;
                    }
                    Err(_) => break,
                }
            }
            self.answer(model, jobs);
        }
    }

    /// Answers a batch of jobs. When it fails with an error, each job runs alone, so that only the one at fault
    /// fails.
    fn answer(&self, model: &dyn Vlm, mut jobs: Vec<Job>) {
        let before = jobs.len();
        jobs.retain(|job| !job.reply.is_closed());
        metrics::counter!(JOBS_SKIPPED).increment((before - jobs.len()) as u64);
        if jobs.is_empty() {
            return;
        }
        let started = Instant::now();
        let looks: Vec<&Look> = jobs.iter().flat_map(|job| &job.looks).collect();
        let outcome = batch::run(model, &self.caches, self.max_batch, &looks);
        let inference = started.elapsed();
        self.busy_us.fetch_add(inference.as_micros() as u64, Ordering::Relaxed);
        metrics::histogram!(BATCH_PICTURES).record(looks.len() as f64);
        metrics::histogram!(BATCH_SECONDS).record(inference);
        match outcome {
            Ok(passes) => {
                let mut passes = passes.into_iter();
                for job in jobs {
                    let queue = started.saturating_duration_since(job.queued);
                    metrics::histogram!(QUEUE_SECONDS).record(queue);
                    let passes = passes.by_ref().take(job.looks.len()).collect();
                    let _ = job.reply.send(Ok(Done { passes, queue, inference }));
                }
            }
            Err(_) if jobs.len() > 1 => jobs.into_iter().for_each(|job| self.answer(model, vec![job])),
            Err(error) => jobs.into_iter().for_each(|job| drop(job.reply.send(Err(error.clone())))),
        }
    }

    fn encode(
        &self,
        model: &dyn Vlm,
        pictures: &[Arc<Picture>],
    ) -> Result<Vec<Arc<VisionTokens>>, EngineError> {
        let pictures: Vec<&Picture> = pictures.iter().map(|picture| &**picture).collect();
        let mut tokens = Vec::with_capacity(pictures.len());
        for chunk in pictures.chunks(self.max_batch) {
            tokens.extend(batch::encode(model, &self.caches, chunk)?);
        }
        Ok(tokens)
    }
}
