//! The clean picture of a recipe, wherever it is: rendered, in memory, on disk, or sent along.

use super::services::Services;
use crate::{
    engine::{self, Picture},
    error::Error,
};
use flipside_shared::{
    image_file::{self, DecodeLimits},
    raster::Raster,
    recipe::{Recipe, Source},
};
use std::sync::Arc;

/// Finds the clean picture; `sent` is the one that came with the request.
///
/// # Errors
/// [`Error::CleanImageNeeded`] when the server has never seen it, and what is wrong with the one sent.
pub async fn find(
    services: &Services,
    recipe: &Recipe,
    canvas_px: u32,
    sent: Option<Raster>,
) -> Result<Arc<Picture>, Error> {
    let (services, recipe) = (services.clone(), recipe.clone());
    engine::blocking(move || find_blocking(&services, &recipe, canvas_px, sent)).await?
}

fn find_blocking(
    services: &Services,
    recipe: &Recipe,
    canvas_px: u32,
    sent: Option<Raster>,
) -> Result<Arc<Picture>, Error> {
    let largest = services.limits.max_canvas_px;
    if matches!(recipe.source, Source::Scene { .. }) && !(1..=largest).contains(&canvas_px) {
        let reason = format!("a scene is rendered at 1 to {largest} pixels a side, not {canvas_px}");
        return Err(Error::malformed("canvas_px", reason));
    }
    let pictures = &services.pictures;
    if let Some(known) = pictures.clean(recipe, canvas_px).map_err(engine::EngineError::from)? {
        return Ok(known);
    }
    let Source::Image { id, .. } = &recipe.source else {
        return Err(Error::Internal("a scene was not rendered".to_owned()));
    };
    let found = match (sent, services.picture_file(id)?) {
        (Some(sent), _) => Picture::new(sent),
        (None, Some(file)) => {
            let limits = DecodeLimits { max_side_px: u32::MAX, ..DecodeLimits::default() };
            let stored = image_file::decode(&file, limits)
                .map_err(|error| Error::Internal(format!("stored picture {}: {error}", id.0)))?;
            Picture::new(stored.raster)
        }
        (None, None) => return Err(Error::CleanImageNeeded { id: id.clone() }),
    };
    if found.id != *id {
        return Err(Error::malformed("clean", "this is not the picture that the recipe starts from"));
    }
    pictures.keep(&found);
    Ok(found)
}
