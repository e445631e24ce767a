//! HTTP: routes, their document, and what every answer has in common. Knows axum and the engine, never tensors.
//!
//! [`app`] is a value: tests call it without a socket, [`serve::run`] puts it behind one.

mod clean;
mod curve;
mod events;
mod form;
mod health;
mod images;
mod info;
mod measure;
mod observe;
mod page;
mod reports;
mod respond;
mod security;
pub mod serve;
mod services;
mod verdict;

pub use services::Services;

use crate::error::Error;
use axum::{Router, extract::DefaultBodyLimit, http::HeaderName, middleware::from_fn, routing::get};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::CsrfLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
};
use utoipa::{OpenApi, openapi};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Flipside",
        description = "Score a question on a clean and a perturbed picture and see what changed. Every answer that is \
                       not a success is an ErrorBody.",
    ),
    tags(
        (name = "lab", description = "Verdicts and response curves"),
        (name = "pictures", description = "Pictures that visitors share"),
        (name = "reports", description = "Evaluations that the server has at hand"),
        (name = "server", description = "The server about itself"),
    ),
)]
struct Document;

/// The whole server, ready to be called.
pub fn app(services: Services) -> Router {
    let request_id = HeaderName::from_static("x-request-id");
    let (api, document) = routes();
    let max_body_bytes = usize::try_from(services.limits.max_body_bytes).unwrap_or(usize::MAX);
    Router::new()
        .merge(api)
        .merge(report_pages())
        .merge(SwaggerUi::new("/api/docs").url("/api/v1/openapi.json", document))
        .fallback(page::serve)
        .method_not_allowed_fallback(async |method: axum::http::Method| Error::MethodNotAllowed {
            method: method.to_string(),
        })
        .with_state(services)
        .layer(DefaultBodyLimit::max(max_body_bytes))
        .layer(CsrfLayer::new())
        .layer(CatchPanicLayer::custom(respond::panicked))
        .layer(from_fn(respond::errors))
        .layer(CompressionLayer::new())
        .layer(from_fn(security::headers))
        .layer(from_fn(observe::requests))
        .layer(PropagateRequestIdLayer::new(request_id.clone()))
        .layer(SetRequestIdLayer::new(request_id, MakeRequestUuid))
}

fn report_pages() -> Router<Services> {
    Router::new()
        .route("/reports", get(reports::list))
        .route("/reports/style.css", get(reports::style))
        .route("/reports/icon.svg", get(reports::icon))
        .route("/reports/{name}", get(reports::report))
        .route("/reports/{name}/open", get(reports::open))
        .route("/reports/{name}/picture", get(reports::picture))
        .route("/reports/{name}/family/{family}", get(reports::family))
        .route("/reports/{name}/{file}", get(reports::file))
}

/// The API's document, as `/api/v1/openapi.json` serves it.
pub fn document() -> openapi::OpenApi {
    routes().1
}

fn routes() -> (Router<Services>, openapi::OpenApi) {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(info::info))
        .routes(routes!(verdict::verdict))
        .routes(routes!(curve::curve))
        .routes(routes!(measure::measure))
        .routes(routes!(images::keep))
        .routes(routes!(images::fetch))
        .routes(routes!(reports::runs))
        .routes(routes!(reports::run))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
        .split_for_parts()
}
