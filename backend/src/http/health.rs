//! For whoever runs the server: is it alive, can it work, what does it measure.

use super::services::Services;
use crate::error::Error;
use axum::{extract::State, http::header, response::IntoResponse};
use flipside_shared::api::ErrorBody;

/// Whether the process answers.
#[utoipa::path(get, path = "/healthz", tag = "server", responses((status = 200, body = String)))]
pub async fn alive() -> &'static str {
    "ok"
}

/// Whether every model is loaded and the server takes requests.
#[utoipa::path(
    get, path = "/readyz", tag = "server",
    responses((status = 200, body = String), (status = 503, body = ErrorBody))
)]
pub async fn ready(State(services): State<Services>) -> Result<&'static str, Error> {
    if services.stopping.is_cancelled() {
        return Err(Error::ShuttingDown);
    }
    if services.engines.iter().all(|engine| engine.is_ready()) { Ok("ready") } else { Err(Error::NotReady) }
}

/// Metrics in the text format of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "server", responses((status = 200, body = String)))]
pub async fn metrics(State(services): State<Services>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], services.metrics.render())
}
