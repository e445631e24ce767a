//! The names of the corruptions, and their declarations as operations.

use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use serde::Serialize;

macro_rules! kinds {
    ($($name:ident $id:literal $title:literal $summary:literal,)*) => {
        /// Which corruption.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum CorruptionKind {
            $(#[doc = $summary] $name,)*
        }

        impl CorruptionKind {
            /// All of them, in the order of the paper.
            pub const ALL: [Self; 19] = [$(Self::$name,)*];

            /// The one called `id` in recipes.
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|kind| kind.schema().id == id)
            }

            /// The declaration.
            pub const fn schema(self) -> &'static OperationSchema {
                &SCHEMAS[self as usize]
            }
        }

        /// The declarations, in the same order.
        const SCHEMAS: &[OperationSchema; 19] = &[$(schema($id, $title, $summary),)*];
    };
}

kinds! {
    GaussianNoise "gaussian_noise" "Gaussian noise" "Adds normal noise to every value.",
    ShotNoise "shot_noise" "Shot noise" "Counts the light in photons, as a camera in the dark.",
    ImpulseNoise "impulse_noise" "Impulse noise" "Turns random values to black or to white.",
    DefocusBlur "defocus_blur" "Defocus blur" "Blurs by a disk, as a lens out of focus.",
    GlassBlur "glass_blur" "Glass blur" "Shuffles neighbouring pixels, as frosted glass.",
    MotionBlur "motion_blur" "Motion blur" "Smears the picture along a random direction.",
    ZoomBlur "zoom_blur" "Zoom blur" "Smears the picture outwards, as a camera that moves ahead.",
    Snow "snow" "Snow" "Whitens the picture and lets flakes fall.",
    Frost "frost" "Frost" "Lays ice over the picture.",
    Fog "fog" "Fog" "Hides the picture behind fog.",
    Brightness "brightness" "Brightness" "Makes the picture brighter.",
    Contrast "contrast" "Contrast" "Takes contrast away.",
    ElasticTransform "elastic_transform" "Elastic transform" "Moves every pixel a little, neighbours alike.",
    Pixelate "pixelate" "Pixelate" "Shrinks the picture and repeats the pixels.",
    JpegCompression "jpeg_compression" "JPEG compression" "Compresses the picture as a JPEG file of low quality.",
    SpeckleNoise "speckle_noise" "Speckle noise" "Adds normal noise in proportion to the value.",
    GaussianBlur "gaussian_blur" "Gaussian blur" "Blurs by a Gaussian.",
    Spatter "spatter" "Spatter" "Puts drops of water or mud on the lens.",
    Saturate "saturate" "Saturate" "Takes colour away, or adds too much of it.",
}

const fn schema(id: &'static str, title: &'static str, summary: &'static str) -> OperationSchema {
    OperationSchema {
        id,
        group: OperationGroup::Pixels,
        title,
        summary,
        citation: "Hendrycks and Dietterich, ICLR 2019; constants of imagecorruptions 1.1.2",
        params: SEVERITY,
    }
}

const SEVERITY: &[ParamSchema; 1] = &[ParamSchema::new(
    "severity",
    "Severity",
    "",
    ParamKind::Number { min: 0.0, max: super::MAX_SEVERITY, step: 0.1, default: 3.0, identity: 0.0 },
)];

/// A corruption in a recipe: `{"op": its name, "severity": 0 to 5}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Corruption {
    /// Which one.
    #[serde(rename = "op")]
    pub kind: CorruptionKind,
    /// How strong: 0 is the picture itself, 1 to 5 the published levels.
    pub severity: f64,
}
