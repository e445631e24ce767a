//! What is recorded of each request: a log line with its id, counters and times by route.

use super::respond::request_id;
use crate::telemetry::{REQUEST_SECONDS, REQUESTS};
use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use std::time::Instant;
use tracing::Instrument;

/// Counts, times and logs a request. Only the route goes into the metrics: paths come from strangers.
pub async fn requests(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("page", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let id = request_id(request.extensions());
    let span = tracing::info_span!("request", id, %method, route);
    let response = next.run(request).instrument(span.clone()).await;
    let (status, elapsed) = (response.status().as_u16(), started.elapsed());
    let elapsed_ms = elapsed.as_secs_f64() * 1e3;
    // The page's files and whoever watches over the server ask often and say little.
    let quiet = !route.starts_with("/api/v1/");
    span.in_scope(|| match quiet {
        true => tracing::debug!(status, elapsed_ms, "answered"),
        false => tracing::info!(status, elapsed_ms, "answered"),
    });
    metrics::histogram!(REQUEST_SECONDS, "route" => route.clone()).record(elapsed);
    let method = method.as_str().to_owned();
    metrics::counter!(REQUESTS, "route" => route, "method" => method, "status" => status.to_string())
        .increment(1);
    response
}
