//! Where the picture comes from: a scene by seed, or the visitor's file.

use super::gallery::gallery;
use crate::browser::clock::random_seed;
use crate::effects::{go_to_scene, take_file};
use crate::markup::html;
use crate::page::Page;
use crate::text::fill;
use flipside_shared::recipe::Source;
use web_sys::HtmlInputElement;
use yew::{Html, TargetCast};

/// The panel.
pub fn source_panel(page: &Page) -> Html {
    let words = page.words();
    let another = page.on(|page, _| go_to_scene(page, random_seed()));
    let seed = match &page.lab().recipe.source {
        Source::Scene { seed } => seed.to_string(),
        Source::Image { .. } => String::new(),
    };
    let enter_seed = page.on(|page, event| {
        let text = event.target_unchecked_into::<HtmlInputElement>().value();
        if let Ok(seed) = text.trim().parse() {
            go_to_scene(page, seed);
        }
    });
    let take = page.on(|page, event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            take_file(page, file.into());
        }
        // So that choosing the same file again is a change again.
        input.set_value("");
    });
    let own = match &page.lab().recipe.source {
        Source::Image { width_px, height_px, .. } => Some(fill(
            words.picture_source,
            &[("width", &width_px.to_string()), ("height", &height_px.to_string())],
        )),
        Source::Scene { .. } => None,
    };
    html! {
        <section class="panel source stacked" aria-labelledby="source-title">
            <div class="row">
                <h2 id="source-title">{ words.source }</h2>
                if let Some(own) = own { <small data-testid="own-picture">{ own }</small> }
            </div>
            <div class="row">
                <button type="button" data-testid="another-scene" onclick={another}>{ words.another_scene }</button>
                <label class="row"><small>{ words.scene_seed }</small>
                    <input type="text" inputmode="numeric" size="9" data-testid="scene-seed" value={seed} onchange={enter_seed} />
                </label>
                <label class="button file" for="own-file">{ words.own_picture }</label>
                <input id="own-file" class="visually-hidden" type="file" accept="image/png,image/jpeg,image/webp"
                    aria-label={words.choose_file} data-testid="own-file" onchange={take.clone()} />
                <label class="button camera" for="own-camera">{ words.camera }</label>
                <input id="own-camera" class="visually-hidden camera" type="file" accept="image/*" capture="environment"
                    aria-label={words.take_picture} data-testid="own-camera" onchange={take} />
            </div>
            { gallery(page) }
            <small>{ words.own_picture_hint }</small>
        </section>
    }
}
