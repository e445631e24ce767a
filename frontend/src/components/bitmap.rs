//! A canvas that shows pictures of the worker, one over the other, centred on each other. It is only ever drawn to.

use crate::markup::Markup;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};
use yew::virtual_dom::VComp;
use yew::{AttrValue, Component, Context, Html, NodeRef, Properties};

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
struct Props {
    /// The lowest first.
    pub layers: Vec<Layer>,
    pub label: AttrValue,
}

/// The canvas: `label` says what it shows to those who do not see it.
pub fn bitmap(layers: Vec<Layer>, label: impl Into<AttrValue>) -> Html {
    VComp::new::<Bitmap>(Props { layers, label: label.into() }.into(), None).into()
}

/// A component of its own, so that pictures are drawn only when they change.
struct Bitmap {
    canvas: NodeRef,
}

impl Component for Bitmap {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self { canvas: NodeRef::default() }
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let mut markup = Markup::new();
        markup.open("canvas");
        markup.refer(&self.canvas);
        markup.set("role", "img");
        markup.set("aria-label", context.props().label.clone());
        markup.set("width", "448");
        markup.set("height", "448");
        markup.close();
        markup.finish()
    }

    fn rendered(&mut self, context: &Context<Self>, _: bool) {
        if let Some(canvas) = self.canvas.cast::<HtmlCanvasElement>() {
            draw(&canvas, &context.props().layers);
        }
    }
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
