//! Streams a response curve from the server.

use super::judging::png;
use crate::api::{self, Failure};
use crate::page::Page;
use crate::state::{Action, CurvePlan, CurveStatus, POINTS};
use flipside_shared::api::{CurveRequest, ErrorCode};
use flipside_shared::recipe::DEFAULT_CANVAS_PX;
use flipside_shared::worker_protocol::Picture;
use web_sys::AbortController;
use yew::platform::spawn_local;
use yew::prelude::*;

/// Gives the stream up when the visitor stops the curve or starts another one. `stream` is the one under way.
#[hook]
pub fn use_curving(page: &Page) -> UseStateHandle<Option<AbortController>> {
    let stream = use_state(|| None::<AbortController>);
    let cancelled = page.curve.as_ref().is_some_and(|curve| curve.status == CurveStatus::Cancelled);
    let running = (*stream).clone();
    use_effect_with(cancelled, move |cancelled| {
        if let (true, Some(stream)) = (cancelled, running) {
            stream.abort();
        }
    });
    stream
}

/// Begins a curve over what `plan` says.
pub fn run_curve(page: &Page, stream: &UseStateHandle<Option<AbortController>>, plan: CurvePlan) {
    if let Some(older) = &**stream {
        older.abort();
    }
    let Ok(controller) = AbortController::new() else { return };
    stream.set(Some(controller.clone()));
    page.send(Action::CurveBegun(plan));
    let request = request(page, &plan);
    let (worker, store) = (page.worker.clone(), page.store.dispatcher());
    let applied = page.picture.of(page.lab()).map(|drawn| drawn.applied_id);
    spawn_local(async move {
        let signal = controller.signal();
        let events = |event| store.dispatch(Action::CurveEvent(event));
        let mut result = api::curve(&request, None, &signal, events).await;
        if let (Err(failure), Some(applied)) = (&result, applied)
            && failure.code() == Some(ErrorCode::CleanImageNeeded)
        {
            result = match png(&worker, applied, Picture::Clean).await {
                Ok(clean) => api::curve(&request, Some(&clean), &signal, events).await,
                Err(failure) => Err(failure),
            };
        }
        if let Err(Failure::Problem(problem)) = result {
            store.dispatch(Action::CurveFailed(problem));
        }
    });
}

fn request(page: &Page, plan: &CurvePlan) -> CurveRequest {
    let lab = page.lab();
    let mut recipe = lab.recipe.clone();
    if let Some(step) = recipe.operations.get_mut(plan.step) {
        step.enabled = true;
    }
    CurveRequest {
        recipe,
        canvas_px: DEFAULT_CANVAS_PX,
        question: lab.question.body(),
        model: lab.model.clone(),
        operation: plan.step,
        param: plan.param.key.to_owned(),
        from: plan.from,
        to: plan.to,
        points: page.info.as_ref().map_or(POINTS, |info| info.limits.max_curve_points.min(POINTS)),
    }
}
