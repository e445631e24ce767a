//! The stack of operations.

use super::add_menu::add_menu;
use super::step_card::step_card;
use crate::markup::html;
use crate::page::Page;
use crate::state::Edit;
use flipside_shared::recipe::ParamValue;
use web_sys::HtmlInputElement;
use yew::{Html, TargetCast};

/// The panel.
pub fn stack_panel(page: &Page) -> Html {
    let words = page.words();
    let steps = &page.lab().recipe.operations;
    let random =
        steps.iter().any(|step| step.operation.param("kind") == Some(ParamValue::Text("random".to_owned())));
    let reseed = page.on(|page, event| {
        if let Ok(seed) = event.target_unchecked_into::<HtmlInputElement>().value().trim().parse() {
            page.edit(Edit::SetSeed(seed));
        }
    });
    html! {
        <section class="panel" aria-labelledby="stack-title" data-testid="stack">
            <header>
                <h2 id="stack-title">{ words.stack }</h2>
                if !steps.is_empty() {
                    <button type="button" class="quiet" data-testid="clear-steps" onclick={page.edits(Edit::ClearSteps)}>{ words.clear }</button>
                }
                { add_menu(page) }
            </header>
            if steps.is_empty() { <p class="empty">{ words.stack_empty }</p> }
            <ol class="steps">
                { for (0..steps.len()).map(|index| step_card(page, index)) }
            </ol>
            if random {
                <label class="row param"><small>{ words.recipe_seed }</small>
                    <input type="text" inputmode="numeric" size="9" data-testid="recipe-seed" value={page.lab().recipe.seed.to_string()} onchange={reseed} />
                </label>
            }
        </section>
    }
}
