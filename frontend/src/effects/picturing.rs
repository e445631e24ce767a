//! The pictures beside the main one: the difference map while it is looked at, the thumbnails, and the digest.

use super::Last;
use crate::page::{Page, Sender};
use crate::state::{Drawn, View};
use crate::worker::{Answer, PixelsChange, WorkerClient, image_data};
use flipside_shared::scene;
use flipside_shared::worker_protocol::{Command, Outcome};
use js_sys::{ArrayBuffer, Object, Reflect, Uint8Array};
use std::cell::Cell;
use std::fmt::Write;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::ImageData;

/// Side of a thumbnail in pixels, twice its size on the page for dense screens.
const THUMBNAIL_PX: u32 = 112;

/// What was asked for last.
#[derive(Default)]
pub struct Picturing {
    difference: Last<(Option<u32>, u32)>,
    digested: Last<Option<ImageData>>,
    /// Counts the pictures, so that a late digest is not taken for that of a newer one.
    newest: Rc<Cell<u32>>,
    thumbnails_asked: bool,
}

/// The factor that makes small differences visible.
pub fn difference_gain(page: &Page) -> u32 {
    let max = |drawn: &Drawn| 255 / u32::from(drawn.applied.difference.max).clamp(8, 255);
    page.picture.drawn.as_ref().map_or(1, max)
}

impl Picturing {
    /// Asks for what is wanted and not there.
    pub fn follow(&mut self, page: &Page) {
        let wanted = page.picture.drawn.as_ref().filter(|_| page.settings.view == View::Difference);
        let wanted = (wanted.map(|drawn| drawn.applied_id), difference_gain(page));
        if self.difference.changes_to(wanted)
            && let (Some(applied), gain) = wanted
        {
            spawn_local(difference(page.worker.clone(), page.sender.clone(), applied, gain));
        }
        // After the first picture: that one matters more.
        if !self.thumbnails_asked && page.picture.drawn.is_some() {
            self.thumbnails_asked = true;
            spawn_local(thumbnails(page.worker.clone(), page.sender.clone()));
        }
        if self.digested.changes_to(page.pixels.perturbed.clone())
            && let Some(image) = page.pixels.perturbed.clone()
        {
            let (newest, sender) = (self.newest.clone(), page.sender.clone());
            let this = newest.get().wrapping_add(1);
            newest.set(this);
            spawn_local(async move {
                if let Some(text) = digest(&image).await
                    && newest.get() == this
                {
                    sender.pixels(PixelsChange::Digest(text));
                }
            });
        }
    }
}

async fn difference(worker: WorkerClient, sender: Sender, applied: u32, gain: u32) {
    let answer = worker.ask(Command::DifferenceMap { applied, gain }, &[]).await;
    // A failure here has been told by the drawing itself.
    let Ok(Answer { outcome: Outcome::DifferenceMap(size), buffers, .. }) = answer else { return };
    if let Some(map) = buffers.first().and_then(|buffer| image_data(buffer, size)) {
        sender.pixels(PixelsChange::Difference(applied, map));
    }
}

async fn thumbnails(worker: WorkerClient, sender: Sender) {
    for entry in scene::gallery() {
        let command = Command::Render { seed: entry.seed, size_px: THUMBNAIL_PX };
        let Ok(answer) = worker.ask(command, &[]).await else { return };
        if let (Outcome::Rendered(size), Some(buffer)) = (answer.outcome, answer.buffers.first())
            && let Some(image) = image_data(buffer, size)
        {
            sender.pixels(PixelsChange::Thumbnail(entry.seed, image));
        }
    }
}

/// SHA-256 of a picture's RGBA rows, in hexadecimal: lets a test compare the page's pixels with the server's. The
/// browser computes it off the UI thread; none where it does not offer that.
async fn digest(image: &ImageData) -> Option<String> {
    let crypto = web_sys::window().filter(|window| window.is_secure_context())?.crypto().ok()?;
    // Not `image.data()`: that would copy the pixels into this module's memory.
    let bytes: Object = Reflect::get(image, &"data".into()).ok()?.unchecked_into();
    let promise = crypto.subtle().digest_with_str_and_buffer_source("SHA-256", &bytes).ok()?;
    let hash = JsFuture::from(promise).await.ok()?;
    let mut text = String::with_capacity(64);
    for byte in Uint8Array::new(&hash.unchecked_into::<ArrayBuffer>()).to_vec() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Some(text)
}
