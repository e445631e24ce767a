//! Streams a response curve from the server.

use super::streaming::Streaming;
use crate::api::{Failure, read};
use crate::page::Page;
use crate::state::{Action, CurvePlan, POINTS};
use flipside_shared::api::CurveRequest;
use flipside_shared::json::ToJson;
use flipside_shared::recipe::DEFAULT_CANVAS_PX;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

/// Stops the curve under way.
pub fn cancel_curve(page: &Page) {
    page.send(Action::CurveCancelled);
    if let Some(stream) = page.stream.take() {
        stream.abort();
    }
}

/// Begins a curve over what `plan` says, in place of the one under way.
pub fn run_curve(page: &Page, plan: CurvePlan) {
    let Ok(controller) = AbortController::new() else { return };
    if let Some(older) = page.stream.replace(Some(controller.clone())) {
        older.abort();
    }
    page.send(Action::CurveBegun(plan));
    let sender = page.sender.clone();
    let streaming = Streaming {
        worker: page.worker.clone(),
        applied: page.picture.of(page.lab()).map(|drawn| drawn.applied_id),
        path: "/api/v1/curve",
        request: request(page, &plan).to_json().to_text(),
    };
    spawn_local(async move {
        let take = |data: &str| {
            sender.dispatch(Action::CurveEvent(read(data)?));
            Ok(())
        };
        if let Err(Failure::Problem(problem)) = streaming.run(&controller.signal(), &take).await {
            sender.dispatch(Action::CurveFailed(problem));
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
