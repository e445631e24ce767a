//! `POST /api/v1/verdict`: one question about one picture, clean against perturbed.

use super::{clean, form::Form, services::Services};
use crate::{
    engine::{self, EngineError, Picture, Question},
    error::Error,
};
use axum::{
    Json,
    extract::{Request, State},
};
use flipside_shared::api::{ErrorBody, TimingsMs, Verdict, VerdictRequest};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Longest name of a client, in bytes.
const MAX_CLIENT_BYTES: usize = 64;

/// The parts of the body, for the API's document.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form, is never built")]
pub struct VerdictForm {
    /// JSON.
    request: VerdictRequest,
    /// PNG of the perturbed picture, lossless.
    #[schema(value_type = String, format = Binary)]
    perturbed: Vec<u8>,
    /// PNG of the clean picture, only after `clean_image_needed`.
    #[schema(value_type = Option<String>, format = Binary)]
    clean: Option<Vec<u8>>,
}

/// Score a question on the clean and the perturbed picture and compare.
#[utoipa::path(
    post, path = "/api/v1/verdict", tag = "lab",
    request_body(content = VerdictForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = Verdict),
        (status = 400, body = ErrorBody, description = "The form is broken"),
        (status = 409, body = ErrorBody, description = "The clean picture is needed, or a newer request took over"),
        (status = 413, body = ErrorBody, description = "Body or picture too large"),
        (status = 415, body = ErrorBody, description = "Not a multipart form"),
        (status = 422, body = ErrorBody, description = "Recipe, question or picture invalid"),
        (status = 503, body = ErrorBody, description = "The queue is full"),
    )
)]
pub async fn verdict(State(services): State<Services>, request: Request) -> Result<Json<Verdict>, Error> {
    services.in_time(read_and_answer(&services, request)).await.map(Json)
}

async fn read_and_answer(services: &Services, request: Request) -> Result<Verdict, Error> {
    let started = Instant::now();
    let mut form = Form::read(services, request, &["perturbed", "clean"]).await?;
    let _permit = services.admission.admit()?;
    let request: VerdictRequest = form.request(services.recipe_limits())?;
    let client = request.client.clone();
    if client.as_ref().is_some_and(|client| client.len() > MAX_CLIENT_BYTES) {
        return Err(Error::malformed("client", format!("longer than {MAX_CLIENT_BYTES} bytes")));
    }
    let work = answer(services, form, request, started);
    match client.map(|client| services.turns.take(&client)) {
        None => work.await,
        Some(turn) => tokio::select! {
            biased;
            () = turn.lost() => Err(EngineError::Superseded.into()),
            outcome = work => outcome,
        },
    }
}

async fn answer(
    services: &Services,
    mut form: Form,
    request: VerdictRequest,
    started: Instant,
) -> Result<Verdict, Error> {
    let question = Question::check(&request.question, &services.limits).map_err(EngineError::from)?;
    let engine = services.engine(request.model.as_deref())?;
    let recipe_hash = request.recipe.hash()?;
    let perturbed = form.picture(services, "perturbed").await?;
    let perturbed = perturbed.ok_or_else(|| Error::malformed("perturbed", "the part is missing"))?;
    let perturbed = engine::blocking(move || Picture::new(perturbed)).await?;
    let sent = form.picture(services, "clean").await?;
    let clean = clean::find(services, &request.recipe, request.canvas_px, sent).await?;
    let decode = started.elapsed();
    let (matches, comparison) =
        tokio::try_join!(pixels_match(services, &request, &clean, &perturbed), async {
            Ok(engine.compare(Arc::clone(&clean), Arc::clone(&perturbed), &question).await?)
        },)?;
    let info = engine.info();
    let (before, after) = (&comparison.clean, &comparison.perturbed);
    Ok(Verdict {
        model: info.name.clone(),
        limits: info.limits.clone(),
        recipe_hash,
        pixels_match_recipe: Some(matches),
        flipped: before.answer != after.answer,
        dirichlet_delta: after.smoothness.dirichlet_energy - before.smoothness.dirichlet_energy,
        margin_of_clean_answer: comparison.margin_of_clean_answer,
        drift: comparison.drift,
        control: comparison.control,
        clean_from_cache: comparison.clean_from_cache,
        timings: TimingsMs {
            decode_ms: ms(decode),
            queue_ms: ms(comparison.queue),
            inference_ms: ms(comparison.inference),
            total_ms: ms(started.elapsed()),
        },
        clean: comparison.clean,
        perturbed: comparison.perturbed,
    })
}

/// Carries the recipe out here and compares: the server decides what the recipe looks like.
async fn pixels_match(
    services: &Services,
    request: &VerdictRequest,
    clean: &Arc<Picture>,
    perturbed: &Arc<Picture>,
) -> Result<bool, Error> {
    let (pictures, recipe) = (services.pictures.clone(), request.recipe.clone());
    let (clean, canvas_px) = (Arc::clone(clean), request.canvas_px);
    let ours = engine::blocking(move || pictures.perturbed(&recipe, &clean, canvas_px)).await?;
    Ok(ours.map_err(EngineError::from)?.id == perturbed.id)
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
