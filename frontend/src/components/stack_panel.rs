//! The stack of operations.

use super::add_menu::add_menu;
use super::step_card::{Drag, step_card};
use crate::browser::document::focus;
use crate::page::use_page;
use crate::state::Edit;
use flipside_shared::recipe::ParamValue;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The panel. After a move by keyboard the focus follows the step.
#[component]
pub fn StackPanel() -> Html {
    let page = use_page();
    let words = page.words();
    let drag = use_state_eq(Drag::default);
    let follow = use_mut_ref(|| None::<usize>);
    let followed = follow.clone();
    use_effect_with(page.lab().clone(), move |_| {
        if let Some(step) = followed.take() {
            focus(&format!("[data-testid=grip-{step}]"));
        }
    });
    let steps = &page.lab().recipe.operations;
    let onmove = {
        let page = page.clone();
        Callback::from(move |(from, to): (usize, usize)| {
            follow.replace(Some(to));
            page.edit(Edit::MoveStep { from, to });
        })
    };
    let random =
        steps.iter().any(|step| step.operation.param("kind") == Some(ParamValue::Text("random".to_owned())));
    let reseed = {
        let page = page.clone();
        Callback::from(move |event: Event| {
            if let Ok(seed) = event.target_unchecked_into::<HtmlInputElement>().value().trim().parse() {
                page.edit(Edit::SetSeed(seed));
            }
        })
    };
    html! {
        <section class="panel" aria-labelledby="stack-title" data-testid="stack">
            <header>
                <h2 id="stack-title">{ words.stack }</h2>
                if !steps.is_empty() {
                    <button type="button" class="quiet" data-testid="clear-steps" onclick={page.edits(Edit::ClearSteps)}>{ words.clear }</button>
                }
                { add_menu(&page) }
            </header>
            if steps.is_empty() { <p class="empty">{ words.stack_empty }</p> }
            <ol class="steps">
                { for (0..steps.len()).map(|index| step_card(&page, index, &drag, &onmove)) }
            </ol>
            if random {
                <label class="row param"><small>{ words.recipe_seed }</small>
                    <input type="text" inputmode="numeric" size="9" data-testid="recipe-seed" value={page.lab().recipe.seed.to_string()} onchange={reseed} />
                </label>
            }
        </section>
    }
}
