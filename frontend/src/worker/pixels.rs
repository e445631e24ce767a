//! The pictures on the page, as the browser's own `ImageData` made from the worker's bytes. They are drawn with
//! `putImageData` and never read back.

use flipside_shared::worker_protocol::Size;
use js_sys::{ArrayBuffer, Uint8ClampedArray};
use web_sys::ImageData;

/// The pictures of the newest recipe that was carried out.
#[derive(Clone, Default)]
pub struct Pixels {
    /// The clean picture.
    pub clean: Option<ImageData>,
    /// The perturbed picture.
    pub perturbed: Option<ImageData>,
    /// SHA-256 of the perturbed picture's RGBA rows, in hexadecimal.
    pub digest: Option<String>,
    /// The difference map with the id of the `Apply` that it belongs to.
    pub difference: Option<(u32, ImageData)>,
    /// Thumbnails of scenes by their seed.
    pub thumbnails: Vec<(u64, ImageData)>,
}

/// What can happen to the pictures.
pub enum PixelsChange {
    /// A recipe was carried out; the clean picture comes only when it changed.
    Drawn {
        /// The perturbed picture.
        perturbed: ImageData,
        /// The clean picture.
        clean: Option<ImageData>,
    },
    /// The perturbed picture's digest.
    Digest(String),
    /// A difference map.
    Difference(u32, ImageData),
    /// A thumbnail.
    Thumbnail(u64, ImageData),
}

impl Pixels {
    /// Takes a change in.
    pub fn change(&mut self, change: PixelsChange) {
        match change {
            PixelsChange::Drawn { perturbed, clean } => {
                self.perturbed = Some(perturbed);
                self.digest = None;
                self.clean = clean.or(self.clean.take());
            }
            PixelsChange::Digest(digest) => self.digest = Some(digest),
            PixelsChange::Difference(applied, map) => self.difference = Some((applied, map)),
            PixelsChange::Thumbnail(seed, image) => self.thumbnails.push((seed, image)),
        }
    }

    /// The thumbnail of a scene.
    pub fn thumbnail(&self, seed: u64) -> Option<ImageData> {
        self.thumbnails.iter().find(|(of, _)| *of == seed).map(|(_, image)| image.clone())
    }
}

/// A picture from the worker's RGBA rows; none when the bytes do not fit the size.
pub fn image_data(buffer: &ArrayBuffer, size: Size) -> Option<ImageData> {
    let rows = Uint8ClampedArray::new(buffer);
    let image = ImageData::new_with_js_u8_clamped_array(&rows, size.width_px).ok()?;
    (image.height() == size.height_px).then_some(image)
}
