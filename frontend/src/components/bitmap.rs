//! A canvas that shows pictures of the worker, one over the other, centred on each other. It is only ever drawn to.

use crate::page::Page;
use js_sys::{ArrayBuffer, Object, Reflect, Uint8Array};
use std::fmt::Write;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};
use yew::platform::spawn_local;
use yew::prelude::*;

/// One picture.
#[derive(Clone, PartialEq)]
pub struct Layer {
    /// The picture.
    pub image: ImageData,
    /// Shown from here to the right, percent of the canvas.
    pub from_percent: u32,
}

impl Layer {
    /// A picture in full.
    pub fn whole(image: ImageData) -> Self {
        Self { image, from_percent: 0 }
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    /// The pictures, the lowest first.
    pub layers: Vec<Layer>,
    /// What the canvas shows, for those who do not see it.
    pub label: AttrValue,
}

/// The canvas.
#[component]
pub fn Bitmap(props: &Props) -> Html {
    let canvas = use_node_ref();
    let node = canvas.clone();
    use_effect_with(props.layers.clone(), move |layers| {
        if let Some(canvas) = node.cast::<HtmlCanvasElement>() {
            draw(&canvas, layers);
        }
    });
    html! { <canvas ref={canvas} role="img" aria-label={props.label.clone()} width="448" height="448" /> }
}

fn draw(canvas: &HtmlCanvasElement, layers: &[Layer]) {
    let width = layers.iter().map(|layer| layer.image.width()).max().unwrap_or(448);
    let height = layers.iter().map(|layer| layer.image.height()).max().unwrap_or(448);
    // Setting the size also clears.
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok().flatten();
    let Some(context) = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok())
    else {
        return;
    };
    for Layer { image, from_percent } in layers {
        let (left, top) = ((width - image.width()) / 2, (height - image.height()) / 2);
        let from = f64::from(width * from_percent / 100).max(f64::from(left)) - f64::from(left);
        let shown = f64::from(image.width()) - from;
        if *from_percent > 0 && shown > 0.0 {
            // Where this picture is smaller, the one below must not show through.
            context.clear_rect(f64::from(left) + from, 0.0, f64::from(width), f64::from(height));
        }
        // Fails only when the picture's memory is gone.
        let _ = context.put_image_data_with_dirty_x_and_dirty_y_and_dirty_width_and_dirty_height(
            image,
            f64::from(left),
            f64::from(top),
            from,
            0.0,
            shown.max(0.0),
            f64::from(image.height()),
        );
    }
}

/// SHA-256 of the perturbed picture's RGBA rows, in hexadecimal: lets a test compare the page's pixels with the
/// server's. The browser computes it off the UI thread; absent where it does not offer that.
#[hook]
pub fn use_digest(page: &Page) -> Option<String> {
    let digest = use_state_eq(|| None);
    let set = digest.setter();
    use_effect_with(page.pixels.perturbed.clone(), move |image| {
        let image = image.clone();
        set.set(None);
        spawn_local(async move {
            let Some(image) = image else { return };
            let crypto = web_sys::window().filter(|window| window.is_secure_context());
            let Some(crypto) = crypto.and_then(|window| window.crypto().ok()) else { return };
            // Not `image.data()`: that would copy the pixels into this module's memory.
            let Ok(bytes) = Reflect::get(&image, &"data".into()) else { return };
            let bytes: Object = bytes.unchecked_into();
            let Ok(promise) = crypto.subtle().digest_with_str_and_buffer_source("SHA-256", &bytes) else {
                return;
            };
            let Ok(hash) = JsFuture::from(promise).await else { return };
            let mut text = String::with_capacity(64);
            for byte in Uint8Array::new(&hash.unchecked_into::<ArrayBuffer>()).to_vec() {
                // Writing to a String cannot fail.
                let _ = write!(text, "{byte:02x}");
            }
            set.set(Some(text));
        });
    });
    (*digest).clone()
}
