//! One request and its answer: what failed, and in whose words.

use crate::json;
use crate::state::Problem;
use flipside_shared::api::{ErrorBody, ErrorCode};
use gloo_net::Error;
use gloo_net::http::{RequestBuilder, Response};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// The page gave the request up, or the server did for a newer one: nothing to tell.
    Overtaken,
    /// Something to tell.
    Problem(Problem),
}

impl Failure {
    /// The code, when the server gave one.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Problem(Problem::Server(body)) => Some(body.code),
            _ => None,
        }
    }
}

/// Sends, and turns everything but success into a [`Failure`].
pub async fn send(request: RequestBuilder, body: Option<JsValue>) -> Result<Response, Failure> {
    let request = match body {
        Some(body) => request.body(body),
        None => request.build(),
    };
    let response = request.map_err(failure)?.send().await.map_err(failure)?;
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    let text = response.text().await.map_err(failure)?;
    match json::read::<ErrorBody>(&text) {
        Ok(body) if body.code == ErrorCode::Superseded => Err(Failure::Overtaken),
        Ok(body) => Err(Failure::Problem(Problem::Server(body))),
        // A gateway before the server, or no Flipside at all.
        Err(_) if matches!(status, 502..=504) => Err(Failure::Problem(Problem::Unreachable)),
        Err(_) => Err(Failure::Problem(Problem::BadAnswer(format!("HTTP {status}")))),
    }
}

/// The JSON of an answer.
pub async fn json<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    let text = response.text().await.map_err(failure)?;
    json::read(&text).map_err(|error| Failure::Problem(Problem::BadAnswer(error.to_string())))
}

/// What a failed fetch means.
pub fn failure(error: Error) -> Failure {
    match error {
        Error::JsError(error) if error.name == "AbortError" => Failure::Overtaken,
        Error::JsError(_) => Failure::Problem(Problem::Unreachable),
        error => Failure::Problem(Problem::BadAnswer(error.to_string())),
    }
}
