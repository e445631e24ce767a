//! What a scene is made of: an object and the names of its attributes.

use crate::json::{FromJson, Json, ToJson, Unreadable};
use serde::{Deserialize, Serialize};

macro_rules! attribute {
    ($(#[$about:meta])* $name:ident { $($(#[$variant_about:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$variant_about])* $variant),+ }

        impl $name {
            /// Every value, in the order of the options of a question about it.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it in questions, answers and captions.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Its place in `ALL`.
            pub const fn index(self) -> usize {
                self as usize
            }
        }

        impl ToJson for $name {
            fn to_json(&self) -> Json {
                Json::Text(self.word().to_owned())
            }
        }

        impl FromJson for $name {
            fn from_json(json: &Json) -> Result<Self, Unreadable> {
                let known = Self::ALL.iter().find(|value| json.as_str() == Some(value.word()));
                known.copied().ok_or_else(Unreadable::default)
            }
        }
    };
}

attribute! {
    /// The body of an object.
    Shape {
        /// A cube.
        Cube = "cube",
        /// A ball.
        Sphere = "sphere",
        /// A cylinder about as high as wide.
        Cylinder = "cylinder",
        /// A cone standing on its base.
        Cone = "cone",
    }
}

attribute! {
    /// The paint of an object.
    Colour {
        /// Red.
        Red = "red",
        /// Green.
        Green = "green",
        /// Blue.
        Blue = "blue",
        /// Yellow.
        Yellow = "yellow",
        /// Purple.
        Purple = "purple",
        /// Cyan.
        Cyan = "cyan",
        /// Orange.
        Orange = "orange",
        /// Gray.
        Gray = "gray",
    }
}

attribute! {
    /// The surface of an object.
    Material {
        /// Scatters light evenly.
        Matte = "matte",
        /// Has a highlight and mirrors its surroundings.
        Shiny = "shiny",
    }
}

attribute! {
    /// The size class of an object.
    Size {
        /// About 0.8 units across.
        Small = "small",
        /// About 1.6 units across.
        Large = "large",
    }
}

impl Size {
    /// Half the extent of an object of this size, in world units, at scale 1.
    pub const fn radius(self) -> f32 {
        match self {
            Self::Small => 0.42,
            Self::Large => 0.80,
        }
    }
}

/// One object. World z points up and the ground is z = 0; the object rests on the ground with its lowest
/// point, whatever its rotation, unless it is lifted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Object {
    /// Its body.
    pub shape: Shape,
    /// Its paint.
    pub colour: Colour,
    /// Its surface.
    pub material: Material,
    /// Its size class.
    pub size: Size,
    /// Place on the ground, world units, to the right at camera azimuth 0.
    pub x: f32,
    /// Place on the ground, world units, away from the camera at azimuth 0.
    pub y: f32,
    /// Height of its lowest point above the ground, world units, at least 0.
    #[serde(default)]
    pub lift: f32,
    /// Turn about the vertical, degrees.
    #[serde(default)]
    pub yaw_deg: f32,
    /// Tilt about its own x axis, before yaw, degrees.
    #[serde(default)]
    pub pitch_deg: f32,
    /// Tilt about its own y axis, before pitch, degrees.
    #[serde(default)]
    pub roll_deg: f32,
    /// Factor on the size class's extent; 1 is the class's own. Held within 0.02..=20 when drawn.
    #[serde(default = "one")]
    pub scale: f32,
}

fn one() -> f32 {
    1.0
}
