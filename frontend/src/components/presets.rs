//! Ready-made starts, each with a story.

use crate::markup::html;
use crate::page::Page;
use crate::state::{Edit, Preset};
use yew::Html;

/// The row of presets and the story of the chosen one.
pub fn presets(page: &Page) -> Html {
    // Still chosen while only its sliders move.
    let current = |preset: &Preset| {
        let (now, then) = (page.lab(), &preset.state);
        let same_steps = now.recipe.operations.iter().map(|step| step.operation.schema().id).eq(then
            .recipe
            .operations
            .iter()
            .map(|step| step.operation.schema().id));
        now.recipe.source == then.recipe.source && now.question.text == then.question.text && same_steps
    };
    let chosen = page.presets.iter().find(|preset| current(preset));
    html! {
        <section class="panel" aria-labelledby="presets-title">
            <header><h2 id="presets-title">{ page.words().presets }</h2></header>
            <div class="presets">
                { for page.presets.iter().map(|preset| html! {
                    <button type="button" data-testid={format!("preset-{}", preset.id)} aria-pressed={current(preset).to_string()}
                        onclick={page.edits(Edit::Replace(preset.state.clone()))}>{ page.said(&preset.title).to_owned() }</button>
                }) }
            </div>
            if let Some(preset) = chosen { <p class="story" data-testid="story">{ page.said(&preset.story).to_owned() }</p> }
        </section>
    }
}
