//! How questions and captions name objects: by some of their attributes.

use super::object::{Colour, Material, Object, Shape, Size};
use crate::json::json_struct;
use serde::{Deserialize, Serialize};

/// Attributes that an object may have; an absent one is left open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Attributes {
    /// Its size class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// Its paint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    /// Its surface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<Material>,
    /// Its body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Shape>,
}

impl Attributes {
    /// All four of an object.
    pub fn of(object: &Object) -> Self {
        Self {
            size: Some(object.size),
            colour: Some(object.colour),
            material: Some(object.material),
            shape: Some(object.shape),
        }
    }

    /// Whether an object has all of them.
    pub fn fit(&self, object: &Object) -> bool {
        self.size.is_none_or(|size| size == object.size)
            && self.colour.is_none_or(|colour| colour == object.colour)
            && self.material.is_none_or(|material| material == object.material)
            && self.shape.is_none_or(|shape| shape == object.shape)
    }

    /// "small red matte cube"; the noun is "object" when the shape is left open.
    pub fn phrase(&self) -> String {
        let adjectives = [
            self.size.map(Size::word),
            self.colour.map(Colour::word),
            self.material.map(Material::word),
            Some(self.shape.map_or("object", Shape::word)),
        ];
        adjectives.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// "small red matte cubes".
    pub fn plural(&self) -> String {
        format!("{}s", self.phrase())
    }
}

json_struct! {
    Attributes { size, colour, material, shape }
}
