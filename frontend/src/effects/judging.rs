//! Keeps the verdict that of the picture and the question, asking the server at most once at a time.
//!
//! While a slider moves, a request that is still young is let finish, so that verdicts keep coming during the
//! drag; an older one is given up for the newest state.

use super::Last;
use crate::api::{self, Failure};
use crate::browser::clock::{Later, now_ms, wait};
use crate::page::{Page, Sender};
use crate::state::{Action, Connection, Drawn, Judged, Problem};
use crate::worker::WorkerClient;
use flipside_shared::api::{ErrorCode, Verdict, VerdictRequest};
use flipside_shared::lab::LabState;
use flipside_shared::recipe::DEFAULT_CANVAS_PX;
use flipside_shared::worker_protocol::{Command, Outcome, Picture};
use js_sys::ArrayBuffer;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, AbortSignal};

/// Age up to which a request is let finish when a newer state waits, milliseconds.
const PATIENCE_MS: u32 = 300;

/// One state to be judged.
#[derive(Clone, PartialEq)]
struct Job {
    lab: Rc<LabState>,
    applied_id: u32,
    edited_at_ms: f64,
}

#[derive(Default)]
struct Queue {
    running: Option<AbortController>,
    next: Option<Job>,
    patience: Option<Later>,
    /// Counts what was asked, so that a retry knows whether it is still wanted.
    asked: u32,
}

#[derive(Clone)]
struct Judge {
    worker: WorkerClient,
    sender: Sender,
    tab: Rc<str>,
    queue: Rc<RefCell<Queue>>,
}

/// What was asked for, and when the visitor last changed something.
pub struct Judging {
    edited: Last<Rc<LabState>>,
    edited_at_ms: f64,
    asked: Last<Option<Job>>,
    judge: Judge,
}

impl Judging {
    /// Nothing asked yet.
    pub fn new(page: &Page) -> Self {
        let judge = Judge {
            worker: page.worker.clone(),
            sender: page.sender.clone(),
            tab: page.tab.clone(),
            queue: Rc::default(),
        };
        Self { edited: Last::default(), edited_at_ms: 0.0, asked: Last::default(), judge }
    }

    /// Asks for a verdict whenever the picture, the question or the model changes, and again when the server is back.
    pub fn follow(&mut self, page: &Page) {
        if self.edited.changes_to(page.lab().clone()) {
            self.edited_at_ms = now_ms();
        }
        let askable = page.question_problem().is_none() && page.connection != Connection::Lost;
        let job = page.picture.drawn.as_ref().filter(|_| askable && page.picture.problem.is_none());
        let job = job.map(|drawn| Job {
            lab: judgeable(page, drawn),
            applied_id: drawn.applied_id,
            edited_at_ms: 0.0,
        });
        if self.asked.changes_to(job.clone())
            && let Some(job) = job
        {
            self.judge.submit(Job { edited_at_ms: self.edited_at_ms, ..job });
        }
    }
}

/// What can be judged now: the newest state, or, while its picture is still being drawn, the newest question about
/// the picture that there is.
fn judgeable(page: &Page, drawn: &Drawn) -> Rc<LabState> {
    let (lab, recipe) = (page.lab(), &drawn.lab.recipe);
    if *recipe == lab.recipe && drawn.lab.question.spec == lab.question.spec {
        return lab.clone();
    }
    let asked = if drawn.lab.question.spec == lab.question.spec { lab } else { &drawn.lab };
    Rc::new(LabState { recipe: recipe.clone(), question: asked.question.clone(), model: lab.model.clone() })
}

impl Judge {
    fn submit(&self, job: Job) {
        let mut queue = self.queue.borrow_mut();
        queue.next = Some(job);
        queue.asked = queue.asked.wrapping_add(1);
        if let Some(running) = queue.running.clone() {
            if queue.patience.is_none() {
                queue.patience = Some(Later::new(PATIENCE_MS, move || running.abort()));
            }
            return;
        }
        drop(queue);
        let judge = self.clone();
        spawn_local(async move { judge.work().await });
    }

    async fn work(&self) {
        loop {
            let Ok(controller) = AbortController::new() else { return };
            let job = {
                let mut queue = self.queue.borrow_mut();
                queue.patience = None;
                queue.running = queue.next.is_some().then(|| controller.clone());
                queue.next.take()
            };
            let Some(job) = job else { return };
            self.sender.dispatch(Action::Asked);
            match self.ask(&job, &controller.signal()).await {
                Ok((verdict, json)) => self.sender.dispatch(Action::Judged(Judged {
                    lab: job.lab,
                    verdict: Rc::new(verdict),
                    verdict_json: json.into(),
                    elapsed_ms: now_ms() - job.edited_at_ms,
                })),
                Err(Failure::Overtaken) => {}
                Err(Failure::Problem(problem)) => self.failed(job, problem),
            }
        }
    }

    /// Tells the problem; where the server says when to come back, comes back, unless something newer was asked.
    fn failed(&self, job: Job, problem: Problem) {
        let retry_after_s = problem.retry_after_s();
        self.sender.dispatch(Action::NotJudged(problem));
        let Some(seconds) = retry_after_s else { return };
        let (judge, asked) = (self.clone(), self.queue.borrow().asked);
        spawn_local(async move {
            wait(seconds.clamp(1, 30) * 1_000).await;
            if judge.queue.borrow().asked == asked {
                judge.submit(job);
            }
        });
    }

    async fn ask(&self, job: &Job, signal: &AbortSignal) -> Result<(Verdict, String), Failure> {
        let request = VerdictRequest {
            recipe: job.lab.recipe.clone(),
            canvas_px: DEFAULT_CANVAS_PX,
            question: job.lab.question.body(),
            model: job.lab.model.clone(),
            client: Some(self.tab.to_string()),
        };
        let perturbed = png(&self.worker, job.applied_id, Picture::Perturbed).await?;
        match api::verdict(&request, &perturbed, None, signal).await {
            Err(failure) if failure.code() == Some(ErrorCode::CleanImageNeeded) => {
                let clean = png(&self.worker, job.applied_id, Picture::Clean).await?;
                api::verdict(&request, &perturbed, Some(&clean), signal).await
            }
            result => result,
        }
    }
}

/// The PNG of a picture of the last `Apply`.
pub async fn png(worker: &WorkerClient, applied: u32, picture: Picture) -> Result<ArrayBuffer, Failure> {
    let answer = worker.ask(Command::EncodePng { applied, picture }, &[]).await.map_err(Failure::Problem)?;
    match (answer.outcome, answer.buffers.into_iter().next()) {
        (Outcome::Png, Some(file)) => Ok(file),
        _ => Err(Failure::Overtaken),
    }
}

/// The file of the perturbed picture, for keeping; none when the picture has changed since.
pub async fn perturbed_png(worker: &WorkerClient, applied: u32) -> Option<ArrayBuffer> {
    png(worker, applied, Picture::Perturbed).await.ok()
}
