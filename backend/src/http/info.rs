//! `GET /api/v1/info`: the models and the limits.

use super::services::Services;
use crate::engine::Engine;
use axum::{Json, extract::State};
use flipside_shared::api::{ModelSummary, ServerInfo};

/// What this server is: version, models, limits.
#[utoipa::path(get, path = "/api/v1/info", tag = "server", responses((status = 200, body = ServerInfo)))]
pub async fn info(State(services): State<Services>) -> Json<ServerInfo> {
    Json(ServerInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        models: services.engines.iter().map(|engine| summary(engine)).collect(),
        limits: services.limits.to_api(),
    })
}

fn summary(engine: &Engine) -> ModelSummary {
    let info = engine.info();
    ModelSummary {
        name: info.name.clone(),
        family: info.family.to_owned(),
        parameter_count: info.parameter_count as u64,
        dtype: info.dtype.clone(),
        device: info.device.clone(),
        weights_sha256: info.weights_sha256.clone(),
        limits: info.limits.clone(),
    }
}
