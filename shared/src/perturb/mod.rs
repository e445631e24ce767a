//! What a recipe does: scene edits, then rendering, then pixel operations. One operation is one file with its
//! parameters, its declaration and one `apply`.
//!
//! Pixels are 8-bit sRGB throughout, as in the paper's own code; every operation reads opaque pictures and
//! leaves them opaque. All arithmetic on pixels is fixed point, so both targets agree to the byte.

mod canvas;
mod colour;
pub mod corruption;
mod error;
mod pad_crop;
mod resample;
mod rotate;
mod scale;
mod scale_pad;
pub mod scene;
mod simd;
mod text;
mod text_overlay;
mod translate;

pub use colour::Rgb;
pub use error::PerturbError;
pub use pad_crop::PadCrop;
pub use resample::resize;
pub use rotate::Rotate;
pub use scale::Scale;
pub use scale_pad::ScalePad;
pub use scene::{
    AddObject, Camera, Light, MoveObject, ObjectPose, RecolourObject, RemoveObject, ReplaceObject,
};
pub use text_overlay::{OverlayKind, TextOverlay};
pub use translate::Translate;

use corruption::{Corruption, MIN_SIDE_PX, corrupt};

use crate::raster::Raster;
use crate::recipe::{Operation, Recipe, RecipeLimits, Source};
use crate::scene::{Scene, render};

/// Most pixels that any intermediate picture may have.
pub const MAX_PIXELS: u64 = 4096 * 4096;

/// Largest side in pixels at which a scene is rendered.
pub const MAX_CANVAS_PX: u32 = 2048;

/// A recipe carried out.
#[derive(Clone, Debug)]
pub struct Perturbed {
    /// The source as it is.
    pub clean: Raster,
    /// The source after all enabled operations; its size may differ.
    pub perturbed: Raster,
    /// Both scenes, where the source is one.
    pub scene: Option<ScenePair>,
}

/// A scene before and after the recipe's scene operations.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenePair {
    /// As drawn from the seed.
    pub clean: Scene,
    /// As edited.
    pub edited: Scene,
}

/// Carries out a recipe. `source` is the picture that a picture recipe names (after reduction) and is ignored by
/// scene recipes; `canvas_px` is the side at which scenes are rendered, 1 to [`MAX_CANVAS_PX`], and is ignored by
/// picture recipes.
///
/// # Errors
/// When the recipe is invalid, the source is missing or of another size, or a step cannot be done.
pub fn perturb(recipe: &Recipe, source: Option<&Raster>, canvas_px: u32) -> Result<Perturbed, PerturbError> {
    let scene = scene_pair(recipe)?;
    let (clean, base) = match &scene {
        Some(pair) => {
            check_canvas(canvas_px)?;
            let clean = render(&pair.clean, canvas_px);
            let edited = (pair.edited != pair.clean).then(|| render(&pair.edited, canvas_px));
            (clean, edited)
        }
        None => {
            let source = source.ok_or(PerturbError::SourceMissing)?;
            check_source(recipe, source)?;
            (source.clone(), None)
        }
    };
    let perturbed = perturb_pixels(recipe, base.as_ref().unwrap_or(&clean))?;
    Ok(Perturbed { clean, perturbed, scene })
}

/// The first stage: the scene of the recipe before and after its scene operations; none for pictures.
///
/// # Errors
/// When the recipe is invalid or an operation names an object that is not there.
pub fn scene_pair(recipe: &Recipe) -> Result<Option<ScenePair>, PerturbError> {
    let Source::Scene { seed } = recipe.source else {
        return validated(recipe).map(|()| None);
    };
    let clean = Scene::from_seed(seed);
    let edited = edited_scene(recipe, &clean)?;
    Ok(Some(ScenePair { clean, edited }))
}

/// The same for a caller that keeps the clean scene: the scene after the recipe's scene operations.
///
/// # Errors
/// As [`scene_pair`].
pub fn edited_scene(recipe: &Recipe, clean: &Scene) -> Result<Scene, PerturbError> {
    validated(recipe)?;
    let mut edited = clean.clone();
    for (step, operation) in recipe.enabled() {
        edit_scene(operation, &mut edited).map_err(|missing| PerturbError::NoSuchObject {
            step,
            object: missing.object,
            objects: missing.objects,
        })?;
    }
    Ok(edited)
}

fn validated(recipe: &Recipe) -> Result<(), PerturbError> {
    // How many operations there may be is for whoever reads the recipe to say.
    let limits = RecipeLimits { max_operations: usize::MAX, ..RecipeLimits::default() };
    Ok(recipe.validate(limits)?)
}

/// The last stage: the pixel operations of the recipe on `base`, which is the render of the edited scene or the
/// source picture.
///
/// # Errors
/// When a step would leave no pixels or more than [`MAX_PIXELS`], or is given too few for a corruption.
pub fn perturb_pixels(recipe: &Recipe, base: &Raster) -> Result<Raster, PerturbError> {
    let mut image: Option<Raster> = None;
    for (step, operation) in recipe.enabled() {
        let input = image.as_ref().unwrap_or(base);
        check_size(step, operation, input)?;
        let output = match operation {
            Operation::Translate(translate) => translate.apply(input),
            Operation::PadCrop(pad_crop) => pad_crop.apply(input),
            Operation::Scale(scale) => scale.apply(input),
            Operation::ScalePad(scale_pad) => scale_pad.apply(input),
            Operation::Rotate(rotate) => rotate.apply(input),
            Operation::TextOverlay(overlay) => overlay.apply(input, recipe.seed),
            Operation::Corruption(Corruption { kind, severity }) => {
                corrupt(*kind, *severity, input, recipe.seed)
            }
            _ => continue,
        };
        image = Some(output);
    }
    Ok(image.unwrap_or_else(|| base.clone()))
}

/// Checks that a picture has the size that the recipe's source names; its content is the caller's to check.
///
/// # Errors
/// When the sizes differ.
pub fn check_source(recipe: &Recipe, source: &Raster) -> Result<(), PerturbError> {
    let found = (source.width_px, source.height_px);
    match recipe.source {
        Source::Image { width_px, height_px, .. } if (width_px, height_px) != found => {
            Err(PerturbError::SourceSize { expected: (width_px, height_px), found })
        }
        _ => Ok(()),
    }
}

/// Checks the side at which a scene is to be rendered.
///
/// # Errors
/// When it is 0 or above [`MAX_CANVAS_PX`].
pub fn check_canvas(canvas_px: u32) -> Result<(), PerturbError> {
    if (1..=MAX_CANVAS_PX).contains(&canvas_px) {
        Ok(())
    } else {
        Err(PerturbError::CanvasSize { canvas_px })
    }
}

fn check_size(step: usize, operation: &Operation, input: &Raster) -> Result<(), PerturbError> {
    let size = (input.width_px, input.height_px);
    if matches!(operation, Operation::Corruption(_)) && size.0.min(size.1) < MIN_SIDE_PX {
        return Err(PerturbError::TooSmall { step, width_px: size.0, height_px: size.1 });
    }
    let (width_px, height_px) = match operation {
        Operation::PadCrop(pad_crop) => pad_crop.output_size(size),
        Operation::Scale(scale) => scale.output_size(size),
        Operation::Rotate(rotate) => rotate.output_size(size),
        _ => (i64::from(size.0), i64::from(size.1)),
    };
    if width_px < 1 || height_px < 1 {
        return Err(PerturbError::NothingLeft { step });
    }
    if width_px.saturating_mul(height_px) > MAX_PIXELS as i64 {
        return Err(PerturbError::TooLarge { step, width_px, height_px });
    }
    Ok(())
}

fn edit_scene(operation: &Operation, scene: &mut Scene) -> Result<(), scene::NoSuchObject> {
    match operation {
        Operation::ObjectPose(pose) => pose.apply(scene)?,
        Operation::Camera(camera) => camera.apply(scene),
        Operation::Light(light) => light.apply(scene),
        Operation::AddObject(added) => added.apply(scene),
        Operation::RemoveObject(removed) => removed.apply(scene)?,
        Operation::ReplaceObject(replaced) => replaced.apply(scene)?,
        Operation::RecolourObject(recoloured) => recoloured.apply(scene)?,
        Operation::MoveObject(moved) => moved.apply(scene)?,
        Operation::Translate(_)
        | Operation::PadCrop(_)
        | Operation::Scale(_)
        | Operation::ScalePad(_)
        | Operation::Rotate(_)
        | Operation::TextOverlay(_)
        | Operation::Corruption(_) => {}
    }
    Ok(())
}
