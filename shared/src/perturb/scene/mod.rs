//! The operations that edit a scene before it is rendered, one per file.
//!
//! Poses, camera and light take changes relative to the scene (so that zero, or a factor of one, is the identity
//! and the same operation makes sense on every scene); adding and moving take places on the ground.

mod add_object;
mod camera;
mod light;
mod move_object;
mod object_pose;
mod recolour_object;
mod remove_object;
mod replace_object;

pub use add_object::AddObject;
pub use camera::Camera;
pub use light::Light;
pub use move_object::MoveObject;
pub use object_pose::ObjectPose;
pub use recolour_object::RecolourObject;
pub use remove_object::RemoveObject;
pub use replace_object::ReplaceObject;

use crate::recipe::Choice;
use crate::scene::{Object, Scene};

/// The operation names an object that the scene, as edited so far, does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchObject {
    /// The index named, from 0.
    pub object: u32,
    /// How many objects there are.
    pub objects: u32,
}

/// Widest place on the ground that operations reach, world units from the middle.
pub(crate) const REACH: f64 = 4.0;

pub(crate) const COLOURS: &[Choice] = &[
    Choice { value: "red", label: "Red" },
    Choice { value: "green", label: "Green" },
    Choice { value: "blue", label: "Blue" },
    Choice { value: "yellow", label: "Yellow" },
    Choice { value: "purple", label: "Purple" },
    Choice { value: "cyan", label: "Cyan" },
    Choice { value: "orange", label: "Orange" },
    Choice { value: "gray", label: "Gray" },
];
pub(crate) const SHAPES: &[Choice] = &[
    Choice { value: "cube", label: "Cube" },
    Choice { value: "sphere", label: "Sphere" },
    Choice { value: "cylinder", label: "Cylinder" },
    Choice { value: "cone", label: "Cone" },
];
pub(crate) const MATERIALS: &[Choice] =
    &[Choice { value: "matte", label: "Matte" }, Choice { value: "shiny", label: "Shiny" }];
pub(crate) const SIZES: &[Choice] =
    &[Choice { value: "small", label: "Small" }, Choice { value: "large", label: "Large" }];

fn object_mut(scene: &mut Scene, object: u32) -> Result<&mut Object, NoSuchObject> {
    let objects = scene.objects.len() as u32;
    scene.objects.get_mut(object as usize).ok_or(NoSuchObject { object, objects })
}
