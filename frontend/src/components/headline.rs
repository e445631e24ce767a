//! The verdict in a line: from which answer to which, and how to read it.

use super::truth::option_text;
use crate::markup::html;
use crate::page::Page;
use crate::state::{Judged, Reading, reading};
use yew::Html;

/// The headline. Screen readers hear it whenever it changes.
pub fn headline(page: &Page, judged: &Judged) -> Html {
    let words = page.words();
    let Judged { lab, verdict, .. } = judged;
    let (clean, perturbed) = (
        option_text(&lab.question, verdict.clean.answer),
        option_text(&lab.question, verdict.perturbed.answer),
    );
    let reading = reading(verdict);
    let say = match reading {
        Reading::Flipped => words.reading_flipped,
        Reading::HiddenDrift => words.reading_hidden,
        Reading::Steady => words.reading_steady,
    };
    let (badge, class) =
        if verdict.flipped { (words.flipped, "badge flipped") } else { (words.same_answer, "badge same") };
    html! {
        <div role="status" aria-live="polite" aria-atomic="true">
            <p class="headline" data-testid="headline">
                <span class="from" dir="auto" data-testid="answer-clean">{ clean }</span>
                <span class="arrow">{ "→" }</span>
                <span class={if verdict.flipped { "to" } else { "from" }} dir="auto" data-testid="answer-perturbed">{ perturbed }</span>
                <span {class} data-testid="badge">{ badge }</span>
            </p>
            <p class={if reading == Reading::HiddenDrift { "say hidden-drift" } else { "say" }} data-testid="reading">{ say }</p>
        </div>
    }
}
