//! What the camera sees of a scene: which object shows at each pixel, and how much of each.
//!
//! Truth about a picture is counted at 112 px, the size the embedded model looks at.

use super::Scene;
use super::lens::Projected;
use super::object::Object;
use super::render::{FirstHits, LARGEST_PX, silhouette};
use super::stage::Stage;

/// Side of the picture in which visibility is counted, px.
pub const COUNTED_AT_PX: u32 = 112;
/// An object shows clearly with at least this many pixels ...
const CLEAR_PX: u32 = 24;
/// ... that are at least this share of what it would show alone.
const CLEAR_SHARE: f32 = 0.25;
/// With fewer pixels than this it is hidden.
const HIDDEN_PX: u32 = 4;

/// The object at every pixel's middle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectMap {
    /// Side, px.
    pub size_px: u32,
    /// Row by row the index of the nearest object, 255 where there is none.
    pub ids: Vec<u8>,
}

/// The object map of a scene, `size_px` a side (held within 1..=2048).
pub fn object_map(scene: &Scene, size_px: u32) -> ObjectMap {
    let size_px = size_px.clamp(1, LARGEST_PX);
    ObjectMap { size_px, ids: FirstHits::cast(&Stage::new(scene), size_px).ids }
}

/// How well an object shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// At least 24 px and a quarter of what it would show alone.
    Clear,
    /// In between: nothing is asked that depends on it.
    Doubtful,
    /// Fewer than 4 px.
    Hidden,
}

/// A scene with what the camera sees of it, counted once at 112 px.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// The scene.
    pub scene: &'a Scene,
    /// Which object shows where, 112 px a side.
    pub map: ObjectMap,
    pub(super) seen: Vec<SeenObject>,
}

#[derive(Clone, Debug)]
pub(super) struct SeenObject {
    pub visibility: Visibility,
    /// Pixels it shows, and would show alone.
    pub shown_px: u32,
    pub alone_px: u32,
    /// Mean position of its pixels, px from the left and from the top; only of use where it shows.
    pub centroid_px: (f32, f32),
    /// Where its centre lies for the camera.
    pub centre: Projected,
}

impl<'a> View<'a> {
    /// Looks at a scene.
    pub fn new(scene: &'a Scene) -> Self {
        let stage = Stage::new(scene);
        let ids = FirstHits::cast(&stage, COUNTED_AT_PX).ids;
        let mut seen: Vec<SeenObject> = stage
            .bodies
            .iter()
            .map(|body| {
                let mut alone_px = 0;
                silhouette(&stage, body, COUNTED_AT_PX, |_, _, _| alone_px += 1);
                SeenObject {
                    visibility: Visibility::Hidden,
                    shown_px: 0,
                    alone_px,
                    centroid_px: (0.0, 0.0),
                    centre: stage.lens.project(body.centre),
                }
            })
            .collect();
        for (at, id) in ids.iter().enumerate() {
            if let Some(object) = seen.get_mut(usize::from(*id)) {
                object.shown_px += 1;
                object.centroid_px.0 += (at as u32 % COUNTED_AT_PX) as f32 + 0.5;
                object.centroid_px.1 += (at as u32 / COUNTED_AT_PX) as f32 + 0.5;
            }
        }
        for object in &mut seen {
            let shown = object.shown_px.max(1) as f32;
            object.centroid_px = (object.centroid_px.0 / shown, object.centroid_px.1 / shown);
            object.visibility = if object.shown_px >= CLEAR_PX
                && object.shown_px as f32 >= CLEAR_SHARE * object.alone_px as f32
            {
                Visibility::Clear
            } else if object.shown_px >= HIDDEN_PX {
                Visibility::Doubtful
            } else {
                Visibility::Hidden
            };
        }
        Self { scene, map: ObjectMap { size_px: COUNTED_AT_PX, ids }, seen }
    }

    /// How well the object of this index shows; hidden when there is none.
    pub fn visibility(&self, index: usize) -> Visibility {
        self.seen.get(index).map_or(Visibility::Hidden, |object| object.visibility)
    }

    /// The clearly visible objects with their indices.
    pub fn clear(&self) -> impl Iterator<Item = (usize, &'a Object)> + '_ {
        let scene = self.scene;
        scene.objects.iter().enumerate().filter(|(index, _)| self.visibility(*index) == Visibility::Clear)
    }
}
