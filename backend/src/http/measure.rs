//! `POST /api/v1/measure`: every metric of one picture that takes the model, as server-sent events.

use super::{clean, events::Streamed, form::Form, respond, services::Services};
use crate::{
    engine::{self, EngineError, Measuring, Permit, Question},
    error::Error,
};
use axum::{
    extract::{Request, State},
    response::sse::{Event, Sse},
};
use flipside_shared::api::{ErrorBody, MeasureEvent, MeasureRequest};
use futures::Stream;
use std::{convert::Infallible, sync::Arc};

/// The parts of the body, for the API's document.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form, is never built")]
pub struct MeasureForm {
    /// JSON.
    request: MeasureRequest,
    /// PNG of the clean picture, only after `clean_image_needed`.
    #[schema(value_type = Option<String>, format = Binary)]
    clean: Option<Vec<u8>>,
}

/// Measure one picture: answers, representation and, if asked for, sensitivity to frequencies.
#[utoipa::path(
    post, path = "/api/v1/measure", tag = "lab",
    request_body(content = MeasureForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, content_type = "text/event-stream", body = MeasureEvent,
         description = "One JSON object per `data:` line; ends with `done` or `failed`"),
        (status = 409, body = ErrorBody, description = "The clean picture is needed"),
        (status = 422, body = ErrorBody, description = "Recipe or question invalid"),
        (status = 503, body = ErrorBody, description = "The queue is full"),
    )
)]
pub async fn measure(
    State(services): State<Services>,
    request: Request,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, Error> {
    let request_id = respond::request_id(request.extensions());
    let (measuring, permit) = services.in_time(prepare(&services, request)).await?;
    let streamed = Streamed { services, permit, request_id };
    Ok(streamed.events(async move |events| measuring.run(&events).await, MeasureEvent::Failed))
}

async fn prepare(services: &Services, request: Request) -> Result<(Measuring, Permit), Error> {
    let mut form = Form::read(services, request, &["clean"]).await?;
    let permit = services.admission.admit()?;
    let request: MeasureRequest = form.request(services.recipe_limits())?;
    let question = Question::check(&request.question, &services.limits).map_err(EngineError::from)?;
    if request.truth.is_some_and(|truth| truth >= question.options.len()) {
        return Err(Error::malformed("truth", "the question has no such option"));
    }
    let engine = Arc::clone(services.engine(request.model.as_deref())?);
    let sent = form.picture(services, "clean").await?;
    let clean = clean::find(services, &request.recipe, request.canvas_px, sent).await?;
    let (pictures, source, canvas_px) = (services.pictures.clone(), Arc::clone(&clean), request.canvas_px);
    let recipe = request.recipe;
    let perturbed = engine::blocking(move || pictures.perturbed(&recipe, &source, canvas_px)).await?;
    let perturbed = perturbed.map_err(EngineError::from)?;
    let (truth, frequencies) = (request.truth, request.frequencies);
    Ok((Measuring { engine, clean, perturbed, question, truth, frequencies }, permit))
}
