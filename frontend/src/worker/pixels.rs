//! The pictures on the page, as the browser's own `ImageData` made from the worker's bytes. They are drawn with
//! `putImageData` and never read back.

use flipside_shared::worker_protocol::Size;
use js_sys::{ArrayBuffer, Uint8ClampedArray};
use std::rc::Rc;
use web_sys::ImageData;
use yew::prelude::*;

/// The pictures of the newest recipe that was carried out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pixels {
    /// The clean picture.
    pub clean: Option<ImageData>,
    /// The perturbed picture.
    pub perturbed: Option<ImageData>,
    /// The difference map with the id of the `Apply` that it belongs to.
    pub difference: Option<(u32, ImageData)>,
}

/// What comes from the worker.
pub enum PixelsChange {
    /// A recipe was carried out; the clean picture comes only when it changed.
    Drawn {
        /// The perturbed picture.
        perturbed: ImageData,
        /// The clean picture.
        clean: Option<ImageData>,
    },
    /// A difference map.
    Difference(u32, ImageData),
}

impl Reducible for Pixels {
    type Action = PixelsChange;

    fn reduce(self: Rc<Self>, change: PixelsChange) -> Rc<Self> {
        let mut next = (*self).clone();
        match change {
            PixelsChange::Drawn { perturbed, clean } => {
                next.perturbed = Some(perturbed);
                next.clean = clean.or(next.clean);
            }
            PixelsChange::Difference(applied, map) => next.difference = Some((applied, map)),
        }
        next.into()
    }
}

/// A picture from the worker's RGBA rows; none when the bytes do not fit the size.
pub fn image_data(buffer: &ArrayBuffer, size: Size) -> Option<ImageData> {
    let rows = Uint8ClampedArray::new(buffer);
    let image = ImageData::new_with_js_u8_clamped_array(&rows, size.width_px).ok()?;
    (image.height() == size.height_px).then_some(image)
}
