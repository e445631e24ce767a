//! The scene world: a few objects on a ground plane, drawn from a seed, rendered and asked about.
//!
//! A [`Scene`] is plain data that recipes edit. [`render()`] makes its picture, [`View`] says what the camera
//! sees, [`ask`] draws questions and [`answer`] knows the truth. Nothing here knows of recipes or models.

mod ask;
mod attributes;
mod balance;
mod body;
mod gallery;
mod generate;
mod lens;
mod object;
mod oracle;
mod palette;
mod question;
mod render;
mod shade;
mod split;
mod stage;
mod vector;
mod visibility;

use serde::{Deserialize, Serialize};

pub use ask::{ask, suggest};
pub use attributes::Attributes;
pub use gallery::{GalleryEntry, gallery};
pub use object::{Colour, Material, Object, Shape, Size};
pub use oracle::{answer, caption};
pub use question::{Axis, Question, QuestionKind, QuestionSpec, words};
pub use render::render;
pub use split::Split;
pub use visibility::{ObjectMap, View, Visibility, object_map};

/// Objects, light, camera and surroundings: everything a picture is made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// The objects; a fresh scene has 1 to 6.
    pub objects: Vec<Object>,
    /// The sun and the sky's share.
    pub light: Light,
    /// Where the picture is taken from.
    pub camera: Camera,
    /// Ground and background colours.
    pub surroundings: Surroundings,
}

/// One directional light and the sky's even light.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Light {
    /// Direction of the sun, degrees, counted like the camera's azimuth.
    pub azimuth_deg: f32,
    /// Height of the sun, degrees above the ground, held within 5..=90 when drawn.
    pub elevation_deg: f32,
    /// Angular radius of the sun, degrees: 0 throws hard shadows, held within 0..=20 when drawn.
    pub softness_deg: f32,
    /// Strength of the sun; 1 is usual, held within 0..=4 when drawn.
    pub strength: f32,
    /// Strength of the sky; 1 is usual, held within 0..=4 when drawn.
    pub ambient: f32,
}

/// A camera that looks at the middle of the scene.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    /// Direction it looks from, degrees; 0 looks along +y, growing counter-clockwise seen from above.
    pub azimuth_deg: f32,
    /// Height it looks from, degrees above the ground, held within 2..=89 when drawn.
    pub elevation_deg: f32,
    /// Distance to the middle of the scene, world units, held within 2..=60 when drawn.
    pub distance: f32,
}

/// Colours of what is not an object, sRGB.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Surroundings {
    /// The ground.
    pub ground: [u8; 3],
    /// The background where it meets the ground.
    pub horizon: [u8; 3],
    /// The background high up.
    pub zenith: [u8; 3],
}
