//! Thumbnails of hand-picked scenes, rendered by the worker one after the other.

use super::bitmap::{Layer, bitmap};
use crate::effects::go_to_scene;
use crate::markup::html;
use crate::page::Page;
use crate::text::fill;
use flipside_shared::recipe::Source;
use flipside_shared::scene::{self, GalleryEntry};
use yew::Html;

/// The strip of thumbnails.
pub fn gallery(page: &Page) -> Html {
    html! {
        <div class="gallery" role="group" aria-label={page.words().gallery} data-testid="gallery">
            { for scene::gallery().iter().map(|entry| thumbnail(page, entry)) }
        </div>
    }
}

fn thumbnail(page: &Page, entry: &GalleryEntry) -> Html {
    let GalleryEntry { seed, title } = *entry;
    let chosen = matches!(page.lab().recipe.source, Source::Scene { seed: current } if current == seed);
    let label = fill(page.words().gallery_scene, &[("seed", &seed.to_string())]);
    let layers = page.pixels.thumbnail(seed).into_iter().map(Layer::whole).collect();
    html! {
        <button type="button" data-testid={format!("gallery-{seed}")} title={format!("{title} ({seed})")} aria-label={label}
            aria-pressed={chosen.to_string()} onclick={page.on(move |page, _| go_to_scene(page, seed))}>
            { bitmap(layers, "") }
        </button>
    }
}
