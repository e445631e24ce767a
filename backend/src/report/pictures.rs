//! The pictures behind a prediction, made again from its recipe.

use crate::jobs::evaluate::{CasePicture, Run};
use flipside_shared::{
    api::ExampleKey,
    image_file::encode_png,
    perturb::{perturb_pixels, resize},
    raster::{ImageId, Raster},
    recipe::Source,
};
use std::sync::Arc;

/// Longest side of a picture on a page, pixels.
const SIDE_PX: u32 = 224;

/// A prediction's pictures as small PNG files: clean and perturbed. Scenes are rendered; other pictures come from
/// `kept`. None where the picture is not at hand.
pub fn pair(run: &Run, key: &ExampleKey, kept: &dyn Fn(&ImageId) -> Option<Vec<u8>>) -> Option<[Vec<u8>; 2]> {
    let sample = run.samples.get(&key.sample)?;
    let entry = run.predictions.get(&(key.sample, key.instance.clone()))?;
    let clean = match &sample.source {
        Source::Scene { seed } => CasePicture::Scene { seed: *seed, size_px: sample.canvas_px },
        Source::Image { id, .. } => CasePicture::File(Arc::new(kept(id)?)),
    };
    let (clean, source) = clean.open().ok()?;
    let perturbed = perturb_pixels(&entry.recipe(&source)?, &clean.raster).ok()?;
    Some([small(&clean.raster), small(&perturbed)])
}

fn small(picture: &Raster) -> Vec<u8> {
    let longest = picture.width_px.max(picture.height_px);
    let side = |px: u32| (px * SIDE_PX / longest.max(1)).max(1);
    if longest > SIDE_PX {
        encode_png(&resize(picture, side(picture.width_px), side(picture.height_px)))
    } else {
        encode_png(picture)
    }
}
