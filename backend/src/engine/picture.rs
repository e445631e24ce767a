//! Pictures with their identity, and the clean ones that were seen lately.
//!
//! Knows how a recipe becomes pixels; nothing of the model or of the disk.

use flipside_shared::{
    perturb::{self, PerturbError},
    raster::{ImageId, Raster},
    recipe::{Recipe, Source},
    scene::{Scene, render},
};
use moka::sync::Cache;
use std::sync::Arc;

/// A picture whose identity was computed once.
#[derive(Debug)]
pub struct Picture {
    /// Hash of size and pixels.
    pub id: ImageId,
    /// The pixels.
    pub raster: Raster,
}

impl Picture {
    /// Hashes the pixels: about a millisecond for 448 x 448.
    pub fn new(raster: Raster) -> Arc<Self> {
        Arc::new(Self { id: raster.id(), raster })
    }
}

/// A picture from before any operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum CleanKey {
    Scene { seed: u64, canvas_px: u32 },
    Image(ImageId),
}

/// Clean pictures by where they come from, bounded by memory.
#[derive(Clone)]
pub struct Pictures {
    clean: Cache<CleanKey, Arc<Picture>>,
}

impl Pictures {
    /// An empty cache of at most this size.
    pub fn new(max_mib: u64) -> Self {
        let clean = Cache::builder()
            .weigher(|_, picture: &Arc<Picture>| u32::try_from(picture.raster.rgba.len()).unwrap_or(u32::MAX))
            .max_capacity(max_mib << 20)
            .build();
        Self { clean }
    }

    /// The clean picture of a recipe: scenes are rendered when they are not at hand, a visitor's picture is found
    /// or not. Blocks for as long as a render takes.
    ///
    /// # Errors
    /// When the canvas is impossible.
    pub fn clean(&self, recipe: &Recipe, canvas_px: u32) -> Result<Option<Arc<Picture>>, PerturbError> {
        match &recipe.source {
            Source::Scene { seed } => self.scene(*seed, canvas_px).map(Some),
            Source::Image { id, .. } => Ok(self.clean.get(&CleanKey::Image(id.clone()))),
        }
    }

    /// A scene as drawn from its seed.
    ///
    /// # Errors
    /// When the canvas is impossible.
    pub fn scene(&self, seed: u64, canvas_px: u32) -> Result<Arc<Picture>, PerturbError> {
        perturb::check_canvas(canvas_px)?;
        let key = CleanKey::Scene { seed, canvas_px };
        Ok(self.clean.get_with(key, || Picture::new(render(&Scene::from_seed(seed), canvas_px))))
    }

    /// Keeps a visitor's picture.
    pub fn keep(&self, picture: &Arc<Picture>) {
        self.clean.insert(CleanKey::Image(picture.id.clone()), Arc::clone(picture));
    }

    /// Carries a recipe out on its clean picture; the clean scene is not rendered again. Blocks.
    ///
    /// # Errors
    /// When a step cannot be done.
    pub fn perturbed(
        &self,
        recipe: &Recipe,
        clean: &Picture,
        canvas_px: u32,
    ) -> Result<Arc<Picture>, PerturbError> {
        let edited = match perturb::scene_pair(recipe)? {
            Some(pair) if pair.edited != pair.clean => Some(render(&pair.edited, canvas_px)),
            _ => None,
        };
        perturb::perturb_pixels(recipe, edited.as_ref().unwrap_or(&clean.raster)).map(Picture::new)
    }
}
