//! `POST /api/v1/curve`: one parameter along its range, as server-sent events.

use super::{clean, events::Streamed, form::Form, respond, services::Services};
use crate::{
    engine::{Curve, EngineError, Permit, Question, Sweep},
    error::Error,
};
use axum::{
    extract::{Request, State},
    response::sse::{Event, Sse},
};
use flipside_shared::api::{CurveEvent, CurveRequest, ErrorBody};
use futures::Stream;
use std::{convert::Infallible, sync::Arc};

/// The parts of the body, for the API's document.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form, is never built")]
pub struct CurveForm {
    /// JSON.
    request: CurveRequest,
    /// PNG of the clean picture, only after `clean_image_needed`.
    #[schema(value_type = Option<String>, format = Binary)]
    clean: Option<Vec<u8>>,
}

/// Sweep one parameter and stream the margin and the drift along it, then the smallest value that flips.
#[utoipa::path(
    post, path = "/api/v1/curve", tag = "lab",
    request_body(content = CurveForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, content_type = "text/event-stream", body = CurveEvent,
         description = "One JSON object per `data:` line; ends with `done` or `failed`"),
        (status = 409, body = ErrorBody, description = "The clean picture is needed"),
        (status = 422, body = ErrorBody, description = "Recipe, question or sweep invalid"),
        (status = 503, body = ErrorBody, description = "The queue is full"),
    )
)]
pub async fn curve(
    State(services): State<Services>,
    request: Request,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, Error> {
    let request_id = respond::request_id(request.extensions());
    let (curve, permit) = services.in_time(prepare(&services, request)).await?;
    let streamed = Streamed { services, permit, request_id };
    Ok(streamed.events(async move |events| curve.run(&events).await, CurveEvent::Failed))
}

async fn prepare(services: &Services, request: Request) -> Result<(Arc<Curve>, Permit), Error> {
    let mut form = Form::read(services, request, &["clean"]).await?;
    let permit = services.admission.admit()?;
    let request: CurveRequest = form.request(services.recipe_limits())?;
    let question = Question::check(&request.question, &services.limits).map_err(EngineError::from)?;
    let engine = Arc::clone(services.engine(request.model.as_deref())?);
    let sweep = Sweep::new(&request, services.limits.max_curve_points)?;
    let sent = form.picture(services, "clean").await?;
    let clean = clean::find(services, &request.recipe, request.canvas_px, sent).await?;
    let (pictures, canvas_px) = (services.pictures.clone(), request.canvas_px);
    Ok((Arc::new(Curve { engine, pictures, sweep, clean, canvas_px, question }), permit))
}
