//! The one picture type that flows through decoding, rendering, perturbation, encoding and preprocessing.

use crate::json::{FromJson, Json, ToJson, Unreadable};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// An 8-bit sRGB picture, row-major RGBA with straight alpha.
///
/// Everything that leaves decoding or rendering is opaque (alpha 255): transparency is composited over white
/// once, at the border, so that the model and the visitor see the same pixels.
#[derive(Clone, PartialEq, Eq)]
pub struct Raster {
    /// Width in pixels, at least 1.
    pub width_px: u32,
    /// Height in pixels, at least 1.
    pub height_px: u32,
    /// `width_px * height_px * 4` bytes.
    pub rgba: Vec<u8>,
}

impl Raster {
    /// A picture of one colour.
    pub fn filled(width_px: u32, height_px: u32, rgba: [u8; 4]) -> Self {
        let pixels = width_px as usize * height_px as usize;
        Self { width_px, height_px, rgba: rgba.repeat(pixels) }
    }

    /// The SHA-256 of size and pixels: the identity of a picture, whatever file it came in.
    pub fn id(&self) -> ImageId {
        let mut hash = Sha256::new();
        hash.update(self.width_px.to_le_bytes());
        hash.update(self.height_px.to_le_bytes());
        hash.update(&self.rgba);
        ImageId(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl std::fmt::Debug for Raster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Raster {}x{}", self.width_px, self.height_px)
    }
}

/// The content address of a picture: 64 lower-case hexadecimal digits, see [`Raster::id`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ImageId(pub String);

impl FromJson for ImageId {
    fn from_json(json: &Json) -> Result<Self, Unreadable> {
        String::from_json(json).map(Self)
    }
}

impl ToJson for ImageId {
    fn to_json(&self) -> Json {
        self.0.to_json()
    }
}
