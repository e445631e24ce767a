//! Keeps the panel of metrics, while it is open, that of the picture and the question: the server measures what takes the
//! model, once there is a verdict, and the worker measures the pixels and makes it all ready to be shown.

use super::Last;
use super::streaming::Streaming;
use crate::api::{self, Failure};
use crate::page::Page;
use crate::state::{Action, MetricsChange, NoticeKind, Problem, Served};
use flipside_shared::api::{ErrorBody, MeasureRequest};
use flipside_shared::json::{self, ToJson};
use flipside_shared::recipe::DEFAULT_CANVAS_PX;
use flipside_shared::worker_protocol::{Command, Measure, Outcome};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

/// Events that every answer begins with: answers, channels, maps. They are shown together.
const FIRST_EVENTS: usize = 3;

/// What was asked of whom.
#[derive(Default)]
pub struct Measuring {
    opened: Last<bool>,
    served: Last<Option<String>>,
    stream: Option<AbortController>,
    measured: Last<String>,
    busy: Rc<Cell<bool>>,
}

impl Measuring {
    /// Asks for what is wanted and not there. A newer state ends what is under way for an older one.
    pub fn follow(&mut self, page: &Page) {
        let metrics = &page.metrics;
        if self.opened.changes_to(metrics.open) && metrics.open && metrics.catalogue.is_none() {
            spawn_local(fetch(page.clone()));
        }
        let request = metrics.open.then(|| request(page)).flatten();
        if self.served.changes_to(request.clone()) {
            if let Some(older) = self.stream.take() {
                older.abort();
            }
            if let (Some(request), Ok(controller)) = (request, AbortController::new()) {
                self.stream = Some(controller.clone());
                spawn_local(serve(page.clone(), request, controller));
            }
        }
        self.show(page);
    }

    /// Asks the worker, one request at a time. The page is drawn again when its answer has come.
    fn show(&mut self, page: &Page) {
        let (metrics, lab) = (&page.metrics, page.lab());
        let Some(drawn) = page.picture.of(lab).filter(|_| metrics.open && !self.busy.get()) else { return };
        let served = metrics.served(lab);
        // Values of the model and of the pixels change together, unless the model's will not come.
        let coming = served.is_none() && request(page).is_some();
        if coming || page.answer.waiting {
            return;
        }
        let curve = page.curve.as_ref().filter(|curve| curve.holds_for(lab));
        let judged = page.answer.judged.as_ref().filter(|judged| judged.lab == *lab);
        let measure = Measure {
            applied: drawn.applied_id,
            events: served.map(|served| served.events.clone()).unwrap_or_default(),
            answer: judged.map_or(0, |judged| judged.verdict.clean.answer),
            curve: curve.map(|curve| curve.points.clone()).unwrap_or_default(),
        };
        if !self.measured.changes_to(measure.to_json().to_text()) {
            return;
        }
        self.busy.set(true);
        let (busy, worker, sender) = (self.busy.clone(), page.worker.clone(), page.sender.clone());
        spawn_local(async move {
            let answer = worker.ask(Command::Measure(measure), &[]).await;
            busy.set(false);
            if let Ok(Outcome::Measured { shown }) = answer.map(|answer| answer.outcome) {
                sender.dispatch(Action::Metrics(MetricsChange::Shown(shown)));
            }
        });
    }
}

/// What to ask the server; nothing before there is a verdict on the state.
fn request(page: &Page) -> Option<String> {
    let lab = page.lab();
    page.answer.judged.as_ref().filter(|judged| judged.lab == *lab)?;
    let truth = page.picture.truth(lab).filter(|truth| truth.clean == truth.edited);
    let request = MeasureRequest {
        recipe: lab.recipe.clone(),
        canvas_px: DEFAULT_CANVAS_PX,
        question: lab.question.body(),
        model: lab.model.clone(),
        truth: truth.and_then(|truth| truth.clean),
        frequencies: page.metrics.frequencies_of.as_ref() == Some(lab),
    };
    Some(request.to_json().to_text())
}

async fn serve(page: Page, request: String, controller: AbortController) {
    let lab = page.lab();
    let streaming = Streaming {
        worker: page.worker.clone(),
        applied: page.picture.of(lab).map(|drawn| drawn.applied_id),
        path: "/api/v1/measure",
        request,
    };
    let events = RefCell::new(Vec::new());
    let tell = || {
        let served = Served { lab: lab.clone(), events: events.borrow().clone() };
        page.send(Action::Metrics(MetricsChange::Served(served)));
    };
    let take = |data: &str| {
        // Only what breaks off has a code.
        if let Ok(body) = json::read::<ErrorBody>(data) {
            return Err(Failure::Problem(Problem::Server(body)));
        }
        events.borrow_mut().push(data.to_owned());
        if events.borrow().len() >= FIRST_EVENTS {
            tell();
        }
        Ok(())
    };
    if let Err(Failure::Problem(problem)) = streaming.run(&controller.signal(), &take).await {
        // Then the pixels' values stand alone.
        tell();
        page.send(Action::Notify(NoticeKind::Problem(problem)));
    }
}

/// Without the catalogue the panel stays empty until it is opened again.
async fn fetch(page: Page) {
    if let Some(catalogue) = api::file("metrics").await.and_then(|text| json::parse(&text).ok()) {
        // It comes once and stays as long as the page.
        page.send(Action::Metrics(MetricsChange::Catalogue(Box::leak(Box::new(catalogue)))));
    }
}
