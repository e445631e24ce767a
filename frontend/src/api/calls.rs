//! The calls of the API, each with its wire types.

use super::sse::EventStream;
use super::transport::{Failure, Sending, bad, broken, json, read, send, text};
use crate::browser::document::find;
use flipside_shared::api::{ServerInfo, StoredImage, Verdict, VerdictRequest};
use flipside_shared::json::ToJson;
use flipside_shared::raster::ImageId;
use js_sys::{Array, ArrayBuffer, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Blob, BlobPropertyBag, FormData, ReadableStreamDefaultReader, TextDecodeOptions, TextDecoder,
};

/// `GET /api/v1/info`.
pub async fn info() -> Result<ServerInfo, Failure> {
    json(send("/api/v1/info", Sending::default()).await?).await
}

/// The text of a file of the page, under the name by which the document knows it.
pub async fn file(name: &str) -> Option<String> {
    let path = find(&format!("meta[name=flipside-{name}]"))?.get_attribute("content")?;
    text(&send(&path, Sending::default()).await.ok()?).await.ok()
}

/// `POST /api/v1/verdict`, and its answer as it came, with the perturbed picture as PNG, and the clean one where the server asked for it.
pub async fn verdict(
    request: &VerdictRequest,
    perturbed: &ArrayBuffer,
    clean: Option<&ArrayBuffer>,
    signal: &AbortSignal,
) -> Result<(Verdict, String), Failure> {
    let form = form(&request.to_json().to_text(), &[("perturbed", Some(perturbed)), ("clean", clean)])?;
    let sending = Sending { body: Some(&form), signal: Some(signal) };
    let text = text(&send("/api/v1/verdict", sending).await?).await?;
    Ok((read(&text)?, text))
}

/// Posts for an answer that comes as it is computed; the data of every event is handed on as it comes. `clean` is the
/// clean picture, where the server asked for it.
pub async fn stream(
    path: &str,
    request: &str,
    clean: Option<&ArrayBuffer>,
    signal: &AbortSignal,
    on_data: &dyn Fn(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let form = form(request, &[("clean", clean)])?;
    let response = send(path, Sending { body: Some(&form), signal: Some(signal) }).await?;
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
            on_data(&data)?;
        }
    }
}

/// `POST /api/v1/images`: stores a PNG so that a link to it works elsewhere.
pub async fn store_image(png: &ArrayBuffer) -> Result<StoredImage, Failure> {
    // The browser names the blob's own type.
    let body = blob(png, "image/png")?;
    json(send("/api/v1/images", Sending { body: Some(&body), signal: None }).await?).await
}

/// `GET /api/v1/images/{id}`: the file of a stored picture.
pub async fn image(id: &ImageId) -> Result<Blob, Failure> {
    let response = send(&format!("/api/v1/images/{}", id.0), Sending::default()).await?;
    let file = JsFuture::from(response.blob().map_err(broken)?).await.map_err(broken)?;
    Ok(file.unchecked_into())
}

fn form(request: &str, pictures: &[(&str, Option<&ArrayBuffer>)]) -> Result<FormData, Failure> {
    let form = FormData::new().map_err(broken)?;
    form.append_with_str("request", request).map_err(broken)?;
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
