//! One request and its answer: what failed, and in whose words.

use crate::state::Problem;
use flipside_shared::api::{ErrorBody, ErrorCode};
use flipside_shared::json::{self, FromJson};
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, Response};

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

/// What is sent with a request.
#[derive(Default)]
pub struct Sending<'a> {
    /// The body of a `POST`; without one it is a `GET`.
    pub body: Option<&'a JsValue>,
    /// Gives the request up.
    pub signal: Option<&'a AbortSignal>,
}

/// Sends, and turns everything but success into a [`Failure`].
pub async fn send(path: &str, sending: Sending<'_>) -> Result<Response, Failure> {
    let request = RequestInit::new();
    if let Some(body) = sending.body {
        request.set_method("POST");
        request.set_body(body);
    }
    request.set_signal(sending.signal);
    let window = web_sys::window().ok_or_else(|| bad("no window"))?;
    let response = JsFuture::from(window.fetch_with_str_and_init(path, &request)).await.map_err(broken)?;
    let response: Response = response.unchecked_into();
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    match json::read::<ErrorBody>(&text(&response).await?) {
        Ok(body) if body.code == ErrorCode::Superseded => Err(Failure::Overtaken),
        Ok(body) => Err(Failure::Problem(Problem::Server(body))),
        // A gateway before the server, or no Flipside at all.
        Err(_) if matches!(status, 502..=504) => Err(Failure::Problem(Problem::Unreachable)),
        Err(_) => Err(bad(&format!("HTTP {status}"))),
    }
}

/// The text of an answer.
pub async fn text(response: &Response) -> Result<String, Failure> {
    let text = JsFuture::from(response.text().map_err(broken)?).await.map_err(broken)?;
    text.as_string().ok_or_else(|| bad("no text"))
}

/// The JSON of an answer.
pub async fn json<T: FromJson>(response: Response) -> Result<T, Failure> {
    read(&text(&response).await?)
}

/// What a text of the server says.
pub fn read<T: FromJson>(text: &str) -> Result<T, Failure> {
    json::read(text).map_err(|error| bad(&error.to_string()))
}

/// An answer that is not what the API promises.
pub fn bad(reason: &str) -> Failure {
    Failure::Problem(Problem::BadAnswer(reason.to_owned()))
}

/// A request or a stream that ends early: given up by the page, or the connection is gone.
pub fn broken(error: JsValue) -> Failure {
    let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("AbortError") => Failure::Overtaken,
        _ => Failure::Problem(Problem::Unreachable),
    }
}
