//! The state in the page's address: canonical JSON, deflated, in base64url, as `shared::recipe` reads and writes it. The
//! deflating is the browser's here, which has it at no cost.

use flipside_shared::lab::LabState;
use flipside_shared::recipe::{MAX_LINK_BYTES, RecipeError};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableWritablePair, Response};

// Not among the bindings that crates bring yet.
#[wasm_bindgen]
extern "C" {
    type CompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// Deflate without a header (RFC 1951).
const FORMAT: &str = "deflate-raw";

/// The state that the address holds, or what is wrong with it; none when it holds none.
pub async fn opened() -> Option<Result<LabState, RecipeError>> {
    let hash = web_sys::window()?.location().hash().ok()?;
    let link = hash.trim_start_matches('#');
    if link.is_empty() { None } else { Some(read(link).await) }
}

async fn read(link: &str) -> Result<LabState, RecipeError> {
    if link.len() > MAX_LINK_BYTES {
        return Err(RecipeError::TooLong { bytes: link.len(), limit_bytes: MAX_LINK_BYTES });
    }
    let damaged = |reason: &str| RecipeError::BadLink { reason: reason.to_owned() };
    let base64: String = link.chars().map(|letter| swapped(letter, [('-', '+'), ('_', '/')])).collect();
    let packed = web_sys::window().and_then(|window| window.atob(&base64).ok());
    let packed =
        packed.ok_or_else(|| damaged("it has characters that a link cannot have, or was cut short"))?;
    // One character stands for one byte here.
    let packed: Vec<u8> = packed.chars().map(|byte| byte as u8).collect();
    let stream = DecompressionStream::new(FORMAT);
    let text = match stream {
        Ok(stream) => piped(&packed, stream.unchecked_ref()).await.ok(),
        Err(_) => None,
    };
    let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
    LabState::from_json(&text.ok_or_else(|| damaged("it does not unpack; part of it may be missing"))?)
}

/// The state as text that is safe in an address.
pub async fn link(lab: &LabState) -> Result<String, RecipeError> {
    let failed = |_: JsValue| RecipeError::BadLink { reason: "the browser could not pack it".to_owned() };
    let text = lab.canonical()?;
    let stream = CompressionStream::new(FORMAT).map_err(failed)?;
    let packed = piped(text.as_bytes(), stream.unchecked_ref()).await.map_err(failed)?;
    let bytes: String = packed.into_iter().map(char::from).collect();
    let window = web_sys::window().ok_or(JsValue::NULL).map_err(failed)?;
    let base64 = window.btoa(&bytes).map_err(failed)?;
    Ok(base64.trim_end_matches('=').chars().map(|letter| swapped(letter, [('+', '-'), ('/', '_')])).collect())
}

fn swapped(letter: char, pairs: [(char, char); 2]) -> char {
    pairs.into_iter().find(|(from, _)| *from == letter).map_or(letter, |(_, to)| to)
}

/// What comes out of a stream's other end.
async fn piped(bytes: &[u8], stream: &ReadableWritablePair) -> Result<Vec<u8>, JsValue> {
    let source =
        Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(bytes)))?.body().ok_or(JsValue::NULL)?;
    let response = Response::new_with_opt_readable_stream(Some(&source.pipe_through(stream)))?;
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.unchecked_into();
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Writes a link into the address without a new entry in the browser's history.
pub fn show(link: &str) {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        // Browsers refuse when it is called too often; the next change writes it again.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&format!("#{link}")));
    }
}

/// The whole address with this link.
pub fn with_link(link: &str) -> Option<String> {
    let location = web_sys::window()?.location();
    Some(format!("{}{}#{link}", location.origin().ok()?, location.pathname().ok()?))
}
