//! What is true, as far as the scene's oracle knows.

use crate::markup::html;
use crate::page::Page;
use crate::text::fill;
use flipside_shared::lab::LabQuestion;
use flipside_shared::recipe::Source;
use yew::Html;

/// An option's text.
pub fn option_text(question: &LabQuestion, index: usize) -> String {
    question.options.get(index).cloned().unwrap_or_default()
}

/// The true answer, and a note when a scene edit changed it.
pub fn true_answer(page: &Page) -> Html {
    let words = page.words();
    let lab = page.lab();
    if !matches!(lab.recipe.source, Source::Scene { .. }) {
        return html! {};
    }
    if lab.question.spec.is_none() {
        return html! { <p class="truth" data-testid="truth">{ words.truth_unknown }</p> };
    }
    let Some(truth) = page.picture.truth(lab) else {
        return html! { <p class="truth" data-testid="truth">{ "\u{a0}" }</p> };
    };
    let named = |answer: Option<usize>| answer.map(|index| option_text(&lab.question, index));
    let short = |answer| named(answer).unwrap_or_else(|| words.truth_none_short.to_owned());
    html! {
        <>
            <p class="truth" data-testid="truth">
                { words.truth_is }{ ": " }
                if let Some(answer) = named(truth.edited) { <b data-testid="true-answer">{ answer }</b> } else { { words.truth_undefined } }
            </p>
            if truth.clean != truth.edited {
                <p class="note" role="note" data-testid="truth-changed">
                    { fill(words.truth_changed, &[("before", &short(truth.clean)), ("after", &short(truth.edited))]) }
                </p>
            }
        </>
    }
}
