//! A server without a socket, and requests to it.

use crate::stand_in::{Strings, stand_in};
use axum::{
    Router,
    body::{Body, BodyDataStream},
    http::{HeaderMap, Request, StatusCode, header},
    response::Response,
};
use clap::{Args, Command, FromArgMatches};
use flipside_backend::{config::ServerConfig, engine::Engine, http, http::Services, telemetry::Metrics};
use flipside_shared::{
    image_file, perturb,
    raster::Raster,
    recipe::{Operation, Recipe, Source},
};
use futures::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

/// The side at which the tests render scenes.
pub const CANVAS_PX: u32 = 48;

/// A server with the stand-in model.
pub struct Lab {
    app: Router,
    /// The model's strings.
    pub strings: Strings,
    /// What the handlers share.
    pub services: Services,
    _data: tempfile::TempDir,
}

/// An answer read to its end.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Lab {
    /// A server with default settings.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A server with these flags.
    pub async fn with(flags: &[&str]) -> Self {
        Self::start(flags, false).await
    }

    /// A server whose model takes until released to load again.
    pub async fn with_slow_reload() -> Self {
        Self::start(&[], true).await
    }

    async fn start(flags: &[&str], slow_reload: bool) -> Self {
        let data = tempfile::tempdir().unwrap();
        let command = ServerConfig::augment_args(Command::new("serve"));
        // Few control pictures: each is rendered at full size.
        let fixed = ["serve", "--control-pictures", "3", "--data-dir", data.path().to_str().unwrap()];
        let matches = command.try_get_matches_from(fixed.iter().chain(flags)).unwrap();
        let config = ServerConfig::from_arg_matches(&matches).unwrap();
        let (loader, strings) = stand_in(slow_reload);
        let engine = Engine::start(loader, &config.engine).await.unwrap();
        let services = Services::new(&config, vec![engine], Metrics::install().unwrap()).unwrap();
        Self { app: http::app(services.clone()), strings, services, _data: data }
    }

    /// Sends a request; the answer's body is still to be read.
    pub fn send(&self, request: Request<Body>) -> impl Future<Output = Response> + Send + use<> {
        let app = self.app.clone();
        async { app.oneshot(request).await.unwrap() }
    }

    /// Sends a request and reads the answer; runs by itself once spawned.
    pub fn ask(&self, request: Request<Body>) -> impl Future<Output = Answer> + Send + use<> {
        let response = self.send(request);
        async { read(response.await).await }
    }

    /// Gets a path.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Posts a verdict request.
    pub async fn verdict(&self, request: &Value, perturbed: &[u8]) -> Answer {
        self.ask(verdict_request(request, perturbed)).await
    }
}

async fn read(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// Asserts that this is an error of this status and code, well formed, and returns its body.
    #[track_caller]
    pub fn expect_error(&self, status: u16, code: &str) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status.as_u16(), status, "{text}");
        let body = self.json();
        assert_eq!(body["code"], code, "{text}");
        assert!(body["message"].as_str().is_some_and(|message| message.len() > 10), "{text}");
        let id = self.headers["x-request-id"].to_str().unwrap();
        assert_eq!(body["request_id"], id, "{text}");
        body
    }

    /// Asserts success and returns the body.
    #[track_caller]
    pub fn expect_success(&self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, String::from_utf8_lossy(&self.body));
        self.json()
    }
}

/// A scene recipe turned by some degrees.
pub fn turned(seed: u64, angle_deg: f64) -> Recipe {
    let mut recipe = Recipe::new(Source::Scene { seed });
    let rotate = Operation::with_defaults("rotate").unwrap();
    let angle = flipside_shared::recipe::ParamValue::Number(angle_deg);
    recipe.operations.push(rotate.with_param("angle_deg", &angle).unwrap().into());
    recipe
}

/// What a page would ask about a recipe.
pub fn request(recipe: &Recipe, question: &str) -> Value {
    json!({
        "recipe": recipe,
        "canvas_px": CANVAS_PX,
        "question": { "text": question, "options": ["dark", "medium", "bright"] },
    })
}

/// The picture that a page would post for a scene recipe.
pub fn rendered(recipe: &Recipe) -> Vec<u8> {
    image_file::encode_png(&perturb::perturb(recipe, None, CANVAS_PX).unwrap().perturbed)
}

/// A picture of one colour, as a PNG file.
pub fn plain_png(width_px: u32, height_px: u32) -> Vec<u8> {
    image_file::encode_png(&Raster::filled(width_px, height_px, [90, 60, 30, 255]))
}

/// The request to `POST /api/v1/verdict`.
pub fn verdict_request(request: &Value, perturbed: &[u8]) -> Request<Body> {
    form("/api/v1/verdict", &[("request", request.to_string().as_bytes()), ("perturbed", perturbed)])
}

/// A multipart request with these parts.
pub fn form(path: &str, parts: &[(&str, &[u8])]) -> Request<Body> {
    const BOUNDARY: &str = "----boundary7d9";
    let mut body = Vec::new();
    for (name, bytes) in parts {
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    Request::post(path)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(Body::from(body))
        .unwrap()
}

/// The next server-sent event of a stream, or none at its end.
pub async fn next_event(body: &mut BodyDataStream) -> Option<Value> {
    loop {
        let chunk = body.next().await?.unwrap();
        let text = String::from_utf8(chunk.to_vec()).unwrap();
        if let Some(data) = text.strip_prefix("data: ") {
            return Some(serde_json::from_str(data.trim()).unwrap());
        }
    }
}
