//! `flipside render`: a scene or a recipe as a PNG file.

use super::source;
use anyhow::{Context, Result};
use clap::Args;
use flipside_shared::{
    image_file,
    recipe::{DEFAULT_CANVAS_PX, Recipe, Source},
};
use std::path::PathBuf;

/// Render a scene, or carry out a recipe, into a PNG file
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RenderArgs {
    /// Seed of a scene
    #[arg(long, required_unless_present = "recipe", conflicts_with = "recipe")]
    seed: Option<u64>,
    /// Recipe: a JSON file, or a link copied from the page
    #[arg(long, value_name = "FILE|LINK")]
    recipe: Option<String>,
    /// Picture file that the recipe starts from
    #[arg(long, value_name = "FILE", requires = "recipe")]
    image: Option<PathBuf>,
    /// Side of a rendered scene, in pixels
    #[arg(long, default_value_t = DEFAULT_CANVAS_PX, value_name = "PX")]
    size: u32,
    /// Where the PNG goes
    #[arg(long, value_name = "FILE.png")]
    out: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  flipside render --seed 7 --size 448 --out scene.png
  flipside render --recipe recipe.json --out perturbed.png
  flipside render --recipe 'http://127.0.0.1:7878/#...' --out perturbed.png

The same seed or recipe and size give the same bytes on every machine, and in the page.";

/// Renders and writes.
///
/// # Errors
/// When the recipe or the picture is unusable, or the file cannot be written.
pub fn run(args: &RenderArgs) -> Result<()> {
    let recipe = match (&args.recipe, args.seed) {
        (Some(text), _) => source::lab(text)?.recipe,
        (None, seed) => Recipe::new(Source::Scene { seed: seed.unwrap_or_default() }),
    };
    let picture = args.image.as_deref().map(source::picture).transpose()?;
    let raster = source::perturbed(&recipe, picture.as_ref(), args.size)?;
    std::fs::write(&args.out, image_file::encode_png(&raster))
        .with_context(|| format!("cannot write {}", args.out.display()))
}
