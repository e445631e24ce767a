//! The calls of the API, each with its wire types.

use super::sse::EventStream;
use super::transport::{Failure, failure, json, send};
use crate::json;
use crate::state::Problem;
use flipside_shared::api::{CurveEvent, CurveRequest, ServerInfo, StoredImage, Verdict, VerdictRequest};
use flipside_shared::raster::ImageId;
use gloo_net::http::Request;
use js_sys::{Array, ArrayBuffer, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Blob, BlobPropertyBag, FormData, ReadableStreamDefaultReader, TextDecodeOptions, TextDecoder,
};

/// `GET /api/v1/info`.
pub async fn info() -> Result<ServerInfo, Failure> {
    json(send(Request::get("/api/v1/info"), None).await?).await
}

/// `POST /api/v1/verdict` with the perturbed picture as PNG, and the clean one where the server asked for it.
pub async fn verdict(
    request: &VerdictRequest,
    perturbed: &ArrayBuffer,
    clean: Option<&ArrayBuffer>,
    signal: &AbortSignal,
) -> Result<Verdict, Failure> {
    let form = form(request, &[("perturbed", Some(perturbed)), ("clean", clean)])?;
    json(send(Request::post("/api/v1/verdict").abort_signal(Some(signal)), Some(form.into())).await?).await
}

/// `POST /api/v1/curve`; every event is handed on as it comes.
pub async fn curve(
    request: &CurveRequest,
    clean: Option<&ArrayBuffer>,
    signal: &AbortSignal,
    on_event: impl Fn(CurveEvent),
) -> Result<(), Failure> {
    let form = form(request, &[("clean", clean)])?;
    let response = send(Request::post("/api/v1/curve").abort_signal(Some(signal)), Some(form.into())).await?;
    let body = response.body().ok_or_else(|| bad("no body"))?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let decoder = TextDecoder::new().map_err(|_| bad("no decoder"))?;
    let options = TextDecodeOptions::new();
    options.set_stream(true);
    let mut events = EventStream::default();
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(broken)?;
        if Reflect::get(&piece, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            return Ok(());
        }
        let bytes = Reflect::get(&piece, &"value".into()).map_err(broken)?;
        let text = decoder
            .decode_with_buffer_source_and_options(bytes.unchecked_ref(), &options)
            .map_err(|_| bad("not UTF-8"))?;
        for data in events.push(&text) {
            on_event(json::read(&data).map_err(|error| bad(&error.to_string()))?);
        }
    }
}

/// `POST /api/v1/images`: stores a PNG so that a link to it works elsewhere.
pub async fn store_image(png: &ArrayBuffer) -> Result<StoredImage, Failure> {
    let request = Request::post("/api/v1/images").header("content-type", "image/png");
    json(send(request, Some(png.clone().into())).await?).await
}

/// `GET /api/v1/images/{id}`: the file of a stored picture.
pub async fn image(id: &ImageId) -> Result<Blob, Failure> {
    let response = send(Request::get(&format!("/api/v1/images/{}", id.0)), None).await?;
    let bytes = response.binary().await.map_err(failure)?;
    blob(&Uint8Array::from(bytes.as_slice()).buffer(), "image/png")
}

fn form(request: &impl Serialize, pictures: &[(&str, Option<&ArrayBuffer>)]) -> Result<FormData, Failure> {
    let text = serde_json::to_string(request).map_err(|error| bad(&error.to_string()))?;
    let form = FormData::new().map_err(broken)?;
    form.append_with_str("request", &text).map_err(broken)?;
    for (name, picture) in pictures {
        if let Some(picture) = picture {
            form.append_with_blob(name, &blob(picture, "image/png")?).map_err(broken)?;
        }
    }
    Ok(form)
}

fn blob(bytes: &ArrayBuffer, media_type: &str) -> Result<Blob, Failure> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    Blob::new_with_buffer_source_sequence_and_options(&Array::of1(bytes), &options).map_err(broken)
}

fn bad(reason: &str) -> Failure {
    Failure::Problem(Problem::BadAnswer(reason.to_owned()))
}

/// A stream that ends early: given up by the page, or the connection is gone.
fn broken(error: JsValue) -> Failure {
    let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("AbortError") => Failure::Overtaken,
        _ => Failure::Problem(Problem::Unreachable),
    }
}
