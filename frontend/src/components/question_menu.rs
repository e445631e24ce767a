//! Questions that the oracle asks about the scene.

use crate::browser::document::close_menus;
use crate::effects::questions;
use crate::page::use_page;
use crate::state::Edit;
use flipside_shared::lab::LabQuestion;
use flipside_shared::recipe::Source;
use flipside_shared::scene::QuestionKind;
use flipside_shared::worker_protocol::AskedQuestion;
use yew::platform::spawn_local;
use yew::prelude::*;

/// The menu. It asks for its questions when it is opened first and when more are wanted.
#[component]
pub fn QuestionMenu() -> Html {
    let page = use_page();
    let words = page.words();
    let asked = use_state(Vec::<AskedQuestion>::new);
    let round = use_state_eq(|| None::<u64>);
    let seed = match page.lab().recipe.source {
        Source::Scene { seed } => Some(seed),
        Source::Image { .. } => None,
    };
    let (worker, set) = (page.worker.clone(), asked.setter());
    use_effect_with((seed, *round), move |(seed, round)| {
        let (seed, round) = (*seed, *round);
        spawn_local(async move {
            if let (Some(seed), Some(round)) = (seed, round)
                && let Ok(questions) = questions(&worker, seed, round).await
            {
                set.set(questions);
            }
        });
    });
    let open = {
        let round = round.clone();
        Callback::from(move |_| {
            if round.is_none() {
                round.set(Some(1));
            }
        })
    };
    let more = {
        let round = round.clone();
        Callback::from(move |_| round.set(Some(round.unwrap_or(0) + 1)))
    };
    html! {
        <details class="menu" ontoggle={open}>
            <summary class="button" data-testid="question-menu">{ words.ask_another }</summary>
            <div class="menu-list">
                <h3>{ words.ask_about_scene }</h3>
                <ul>
                    { for asked.iter().map(|question| {
                        let (page, spec) = (page.clone(), question.spec);
                        let onclick = Callback::from(move |_| {
                            close_menus(None);
                            let regime = page.lab().question.regime;
                            page.edit(Edit::SetQuestion(LabQuestion { regime, ..LabQuestion::of(spec) }));
                        });
                        html! {
                            <li><button type="button" data-testid={format!("ask-{}", question.kind.name())} {onclick}>
                                { &question.text }<small>{ kind_name(words, question.kind) }</small>
                            </button></li>
                        }
                    }) }
                </ul>
                <button type="button" data-testid="more-questions" onclick={more}>{ words.more_questions }</button>
            </div>
        </details>
    }
}

fn kind_name(words: &crate::text::Messages, kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Existence => words.kind_existence,
        QuestionKind::Count => words.kind_count,
        QuestionKind::Colour => words.kind_colour,
        QuestionKind::Shape => words.kind_shape,
        QuestionKind::Material => words.kind_material,
        QuestionKind::Size => words.kind_size,
        QuestionKind::Relation => words.kind_relation,
        QuestionKind::Comparison => words.kind_comparison,
        QuestionKind::Column | QuestionKind::Row => kind.name(),
    }
}
