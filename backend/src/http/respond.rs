//! From an error to a response: handlers return [`Error`], one layer gives it status, body and request id.

use crate::error::{Error, status};
use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use flipside_shared::api::ErrorBody;
use std::sync::Arc;
use tower_http::{csrf::ProtectionError, request_id::RequestId};

impl IntoResponse for Error {
    /// A placeholder that carries the error to the layer that knows the request id.
    fn into_response(self) -> Response {
        let mut response = status_of(&self).into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

fn status_of(error: &Error) -> StatusCode {
    StatusCode::from_u16(status(error.code())).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The id that this request has in the log.
pub fn request_id(request: &axum::http::Extensions) -> String {
    let id = request.get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    id.unwrap_or_default().to_owned()
}

/// Writes the bodies of errors, and logs those that are the server's fault.
pub async fn errors(request: Request, next: Next) -> Response {
    let id = request_id(request.extensions());
    let mut response = next.run(request).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        response = Error::CrossOrigin.into_response();
    }
    match response.extensions_mut().remove::<Arc<Error>>() {
        Some(error) => written(&error, &id),
        None => response,
    }
}

/// The body of an error for a stream that has begun.
pub fn body(error: &Error, request_id: &str) -> ErrorBody {
    let body = error.body(request_id);
    // A full queue is no fault, and says when to come back.
    if status_of(error).is_server_error() && body.retry_after_s.is_none() {
        tracing::error!(request_id, code = ?body.code, %error, "request failed");
    }
    body
}

fn written(error: &Error, request_id: &str) -> Response {
    let body = body(error, request_id);
    let retry_after = body.retry_after_s;
    let mut response = (status_of(error), Json(body)).into_response();
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// What a panic in a handler becomes; its words are in the log.
pub fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
    Error::Internal(format!("a handler panicked: {words}")).into_response()
}
