//! What a command works on: a picture file, a recipe, or a link copied from the page.

use anyhow::{Context, Result, bail};
use flipside_shared::{
    image_file::{self, DecodeLimits},
    lab::{LabQuestion, LabState},
    perturb,
    raster::Raster,
    recipe::{Recipe, RecipeLimits, Source},
};
use std::path::{Path, PathBuf};

/// A recipe, with the question that came with it.
pub struct Lab {
    /// The recipe.
    pub recipe: Recipe,
    /// The question of a saved state or link.
    pub question: Option<LabQuestion>,
}

/// Reads a picture file the way the server does: decoded from its bytes, reduced, opaque.
///
/// # Errors
/// When it cannot be read or decoded.
pub fn picture(path: &Path) -> Result<Raster> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let decoded = image_file::decode(&bytes, DecodeLimits::default());
    Ok(decoded.with_context(|| format!("cannot use {}", path.display()))?.raster)
}

/// Reads a recipe: a JSON file of a recipe or of a saved state, or the page's address, or what follows its `#`.
///
/// # Errors
/// What is wrong with it.
pub fn lab(text: &str) -> Result<Lab> {
    let state = |state: LabState| Lab { recipe: state.recipe, question: Some(state.question) };
    if let Some((_, link)) = text.split_once('#') {
        return Ok(state(LabState::from_link(link).context("the link")?));
    }
    let path = PathBuf::from(text);
    if !path.exists() {
        if let Ok(link) = LabState::from_link(text) {
            return Ok(state(link));
        }
        bail!("there is no file {text}, and it is no link either");
    }
    let json = std::fs::read_to_string(&path).with_context(|| format!("cannot read {text}"))?;
    let value: serde_json::Value =
        serde_json::from_str(&json).with_context(|| format!("{text} is not JSON"))?;
    if value.get("recipe").is_some() {
        return Ok(state(LabState::from_json(&json).with_context(|| text.to_owned())?));
    }
    let recipe = Recipe::from_value(value, RecipeLimits::default()).with_context(|| text.to_owned())?;
    Ok(Lab { recipe, question: None })
}

/// Carries a recipe out; `picture` is the file that a picture recipe starts from.
///
/// # Errors
/// When the picture is missing or another one, or a step cannot be done.
pub fn perturbed(recipe: &Recipe, picture: Option<&Raster>, canvas_px: u32) -> Result<Raster> {
    if let Source::Image { id, .. } = &recipe.source {
        let Some(picture) = picture else {
            bail!("the recipe starts from the picture {}: give its file with --image", id.0);
        };
        if picture.id() != *id {
            bail!("the recipe starts from another picture than the one given with --image");
        }
    }
    Ok(perturb::perturb(recipe, picture, canvas_px)?.perturbed)
}
