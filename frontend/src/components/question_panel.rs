//! The question: its words, its options, its prompt, and the truth.

use super::option_list::option_list;
use super::question_menu::question_menu;
use super::truth::true_answer;
use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, Edit};
use crate::text::question_problem_text;
use flipside_shared::api::RegimeName;
use flipside_shared::lab::LabQuestion;
use flipside_shared::recipe::Source;
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::{Html, TargetCast};

/// The panel.
pub fn question_panel(page: &Page) -> Html {
    let words = page.words();
    let question = &page.lab().question;
    let problem = page.question_problem();
    let write = page.on(|page, event| {
        let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
        // In other words it is another question: the oracle no longer knows its answer.
        let question = LabQuestion { text, spec: None, ..page.lab().question.clone() };
        page.edit(Edit::TypeQuestion(question));
    });
    let choose = page.on(|page, event| {
        let name = event.target_unchecked_into::<HtmlSelectElement>().value();
        if let Some(regime) = RegimeName::from_name(&name) {
            page.edit(Edit::SetQuestion(LabQuestion { regime, ..page.lab().question.clone() }));
        }
    });
    let regime_label = |regime| match regime {
        RegimeName::Plain => words.regime_plain,
        RegimeName::Open => words.regime_open,
        RegimeName::Mcq => words.regime_mcq,
        RegimeName::OpenWithOptions => words.regime_open_with_options,
        RegimeName::Pope => words.regime_pope,
    };
    html! {
        <section class="panel question stacked" aria-labelledby="question-title">
            <div class="row">
                <h2 id="question-title">{ words.question }</h2>
                if matches!(page.lab().recipe.source, Source::Scene { .. }) { { question_menu(page) } }
                <select aria-label={words.regime} title={words.regime} data-testid="regime" onchange={choose}>
                    { for RegimeName::ALL.iter().map(|(regime, name)| html! {
                        <option value={*name} selected={*regime == question.regime}>{ regime_label(*regime) }</option>
                    }) }
                </select>
            </div>
            <textarea rows={(1 + question.text.chars().count() / 44).min(6).to_string()} dir="auto" spellcheck="false"
                aria-label={words.question} aria-invalid={problem.is_some().to_string()} placeholder={words.question_placeholder}
                data-testid="question-text" value={question.text.clone()} oninput={write} onchange={page.sends(Action::Settle)} />
            { option_list(page) }
            if let Some(problem) = problem {
                <p class="problem" role="alert" data-testid="question-problem">{ question_problem_text(page.words(), problem) }</p>
            }
            { true_answer(page) }
        </section>
    }
}
