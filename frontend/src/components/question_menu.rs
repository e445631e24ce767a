//! Questions that the oracle asks about the scene.

use crate::browser::document::close_menus;
use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, Edit, PanelChange};
use flipside_shared::lab::LabQuestion;
use flipside_shared::scene::QuestionKind;
use yew::Html;

/// The menu. It asks for its questions when it is opened first and when more are wanted.
pub fn question_menu(page: &Page) -> Html {
    let words = page.words();
    let open = page.sends(Action::Panel(PanelChange::OpenQuestions));
    let more = page.sends(Action::Panel(PanelChange::MoreQuestions));
    html! {
        <details class="menu" ontoggle={open}>
            <summary class="button" data-testid="question-menu">{ words.ask_another }</summary>
            <div class="menu-list">
                <h3>{ words.ask_about_scene }</h3>
                <ul>
                    { for page.panels.asked.iter().map(|question| {
                        let asked = LabQuestion::from(question.clone());
                        let onclick = page.on(move |page, _| {
                            close_menus(None);
                            let regime = page.lab().question.regime;
                            page.edit(Edit::SetQuestion(LabQuestion { regime, ..asked.clone() }));
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
