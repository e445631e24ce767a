//! Keeps the picture on the page that of the recipe.

use super::Last;
use crate::api::{self, Failure};
use crate::browser::clock::wait;
use crate::browser::file;
use crate::page::{Page, Sender};
use crate::state::{Action, Drawn, Problem};
use crate::worker::{Answer, PixelsChange, WorkerClient, image_data};
use flipside_shared::api::ErrorCode;
use flipside_shared::lab::LabState;
use flipside_shared::raster::ImageId;
use flipside_shared::recipe::{DEFAULT_CANVAS_PX, Recipe, Source};
use flipside_shared::scene::QuestionSpec;
use flipside_shared::worker_protocol::{Apply, Command, Outcome};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// The worker's word for a picture that it does not hold.
const SOURCE_MISSING: &str = "source_missing";

/// The recipe and the oracle's question that were asked for, and the pictures under way.
#[derive(Default)]
pub struct Drawings {
    asked: Last<(Recipe, Option<QuestionSpec>)>,
    queue: Rc<RefCell<Queue>>,
}

impl Drawings {
    /// Draws whenever the recipe or the oracle's question changes.
    ///
    /// One request at a time, and the newest state next: while a slider moves, the PNG that the verdict needs finds
    /// its turn between two pictures.
    pub fn follow(&mut self, page: &Page) {
        let lab = page.lab().clone();
        if !self.asked.changes_to((lab.recipe.clone(), lab.question.spec)) {
            return;
        }
        let drawing = Drawing { worker: page.worker.clone(), sender: page.sender.clone(), lab };
        self.queue.borrow_mut().next = Some(drawing);
        if !self.queue.borrow().busy {
            spawn_local(work(self.queue.clone()));
        }
    }
}

#[derive(Default)]
struct Queue {
    busy: bool,
    next: Option<Drawing>,
}

async fn work(queue: Rc<RefCell<Queue>>) {
    loop {
        let drawing = {
            let mut queue = queue.borrow_mut();
            queue.busy = queue.next.is_some();
            queue.next.take()
        };
        let Some(drawing) = drawing else { return };
        if let Err(problem) = drawing.draw().await {
            drawing.sender.dispatch(Action::NotDrawn(problem));
        }
        // Lets the page show it, and the verdict ask for its PNG.
        wait(0).await;
    }
}

struct Drawing {
    worker: WorkerClient,
    sender: Sender,
    lab: Rc<LabState>,
}

impl Drawing {
    async fn draw(&self) -> Result<(), Problem> {
        let answer = match self.apply().await {
            // The next request starts it again.
            Err(Problem::WorkerLost(_)) => self.apply().await,
            answer => answer,
        };
        let answer = match (answer, &self.lab.recipe.source) {
            (Err(Problem::Worker { code, .. }), Source::Image { id, .. }) if code == SOURCE_MISSING => {
                bring_back(&self.worker, id).await?;
                self.apply().await?
            }
            (answer, _) => answer?,
        };
        let Outcome::Applied(applied) = answer.outcome else { return Ok(()) };
        let broken = || Problem::WorkerLost("a picture without pixels".to_owned());
        let mut buffers = answer.buffers.iter();
        let perturbed = buffers.next().and_then(|b| image_data(b, applied.perturbed)).ok_or_else(broken)?;
        let clean = buffers.next().and_then(|buffer| image_data(buffer, applied.clean));
        self.sender.pixels(PixelsChange::Drawn { perturbed, clean });
        self.sender.dispatch(Action::Drawn(Drawn {
            lab: self.lab.clone(),
            applied_id: answer.id,
            applied: Rc::new(*applied),
        }));
        Ok(())
    }

    async fn apply(&self) -> Result<Answer, Problem> {
        let command = Command::Apply(Apply {
            recipe: self.lab.recipe.clone(),
            canvas_px: DEFAULT_CANVAS_PX,
            question: self.lab.question.spec,
        });
        self.worker.ask(command, &[]).await
    }
}

/// Gives the worker a picture that it does not hold: from the visitor's file, else from the server's store.
async fn bring_back(worker: &WorkerClient, id: &ImageId) -> Result<(), Problem> {
    let file = match worker.file(id) {
        Some(file) => file,
        None => api::image(id).await.map_err(|failure| match failure {
            failure if failure.code() == Some(ErrorCode::ImageNotFound) => Problem::PictureGone,
            Failure::Problem(problem) => problem,
            Failure::Overtaken => Problem::Unreachable,
        })?,
    };
    let bytes = file::bytes(&file).await?;
    let answer = worker.ask(Command::Decode, &[bytes]).await?;
    match answer.outcome {
        Outcome::Decoded(decoded) if decoded.id == *id => {
            worker.keep_file(decoded.id, file);
            Ok(())
        }
        _ => Err(Problem::PictureGone),
    }
}
