//! Thumbnails of hand-picked scenes, rendered by the worker one after the other.

use super::bitmap::{Bitmap, Layer};
use crate::effects::go_to_scene;
use crate::page::{Page, use_page};
use crate::text::fill;
use crate::worker::image_data;
use flipside_shared::recipe::Source;
use flipside_shared::scene::{self, GalleryEntry};
use flipside_shared::worker_protocol::{Command, Outcome};
use web_sys::ImageData;
use yew::platform::spawn_local;
use yew::prelude::*;

/// Side of a thumbnail in pixels, twice its size on the page for dense screens.
const THUMBNAIL_PX: u32 = 112;

/// The strip of thumbnails.
pub fn gallery(page: &Page) -> Html {
    html! {
        <div class="gallery" role="group" aria-label={page.words().gallery} data-testid="gallery">
            { for scene::gallery().iter().map(|entry| html! { <Thumbnail key={entry.seed.to_string()} entry={*entry} /> }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct Props {
    entry: GalleryEntry,
}

#[component]
fn Thumbnail(props: &Props) -> Html {
    let page = use_page();
    let GalleryEntry { seed, title } = props.entry;
    let image = use_state(|| None::<ImageData>);
    let (worker, set) = (page.worker.clone(), image.setter());
    // After the first picture: that one matters more.
    let begun = page.picture.drawn.is_some();
    use_effect_with((seed, begun), move |(seed, begun)| {
        let command = begun.then_some(Command::Render { seed: *seed, size_px: THUMBNAIL_PX });
        spawn_local(async move {
            let Some(command) = command else { return };
            let Ok(answer) = worker.ask(command, &[]).await else { return };
            if let (Outcome::Rendered(size), Some(buffer)) = (answer.outcome, answer.buffers.first()) {
                set.set(image_data(buffer, size));
            }
        });
    });
    let chosen = matches!(page.lab().recipe.source, Source::Scene { seed: current } if current == seed);
    let label = fill(page.words().gallery_scene, &[("seed", &seed.to_string())]);
    let onclick = {
        let page = page.clone();
        Callback::from(move |_| go_to_scene(&page, seed))
    };
    html! {
        <button type="button" data-testid={format!("gallery-{seed}")} title={format!("{title} ({seed})")} aria-label={label}
            aria-pressed={chosen.to_string()} {onclick}>
            <Bitmap layers={image.iter().cloned().map(Layer::whole).collect::<Vec<_>>()} label="" />
        </button>
    }
}
