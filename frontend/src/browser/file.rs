//! Files in and out, and the clipboard.

use crate::state::Problem;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, DataTransfer, HtmlAnchorElement, Url};

/// The bytes of a file.
pub async fn bytes(file: &Blob) -> Result<ArrayBuffer, Problem> {
    let bytes = JsFuture::from(file.array_buffer()).await.map_err(|_| Problem::Worker {
        code: "image_unreadable".to_owned(),
        message: "the browser cannot read it".to_owned(),
    })?;
    Ok(bytes.unchecked_into())
}

/// The first file of a drop or a paste.
pub fn first_file(transfer: Option<DataTransfer>) -> Option<Blob> {
    let files = transfer?.files()?;
    (0..files.length()).find_map(|index| files.get(index)).map(Into::into)
}

/// Offers a text as a file to keep.
pub fn download_text(name: &str, media_type: &str, text: &str) {
    download(name, media_type, &Uint8Array::from(text.as_bytes()).buffer());
}

/// Offers bytes as a file to keep.
pub fn download(name: &str, media_type: &str, bytes: &ArrayBuffer) {
    if let Err(error) = offer(name, media_type, bytes) {
        web_sys::console::error_1(&error);
    }
}

fn offer(name: &str, media_type: &str, bytes: &ArrayBuffer) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_buffer_source_sequence_and_options(&Array::of1(bytes), &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let document = super::document::document().ok_or(JsValue::NULL)?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    // The browser has taken the address by the time the next task runs.
    crate::browser::clock::Later::new(10_000, move || {
        let _ = Url::revoke_object_url(&address);
    })
    .forget();
    Ok(())
}

/// Puts a text on the clipboard.
pub async fn copy(text: &str) -> Result<(), Problem> {
    // Absent where the page is not served securely; touching it then would throw.
    let window = web_sys::window().ok_or(Problem::Clipboard)?;
    if !window.is_secure_context() {
        return Err(Problem::Clipboard);
    }
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.map_err(|_| Problem::Clipboard)?;
    Ok(())
}
