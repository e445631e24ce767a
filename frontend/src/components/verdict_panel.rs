//! The verdict: what the model makes of it all.

use super::bars::bars;
use super::gauge::gauge;
use super::headline::headline;
use super::numbers::numbers;
use super::picture_panel::problem_line;
use crate::markup::html;
use crate::page::Page;
use crate::state::Problem;
use crate::text::fill;
use flipside_shared::decimal::fixed;
use yew::Html;

/// The panel. A verdict of an older state stays, dimmed, until the newer one comes.
pub fn verdict_panel(page: &Page) -> Html {
    let words = page.words();
    let answer = &page.answer;
    let stale = answer.is_stale(page.lab());
    let status = if answer.waiting && answer.judged.is_none() {
        words.verdict_waiting
    } else if answer.waiting && stale {
        words.verdict_of_older
    } else {
        ""
    };
    html! {
        <section class="panel" aria-labelledby="verdict-title" aria-busy={answer.waiting.to_string()} data-testid="verdict"
            data-stale={stale.to_string()}
            data-flipped={answer.judged.as_ref().map(|judged| judged.verdict.flipped.to_string())}
            data-elapsed-ms={answer.judged.as_ref().map(|judged| fixed(judged.elapsed_ms, 1))}>
            <header><h2 id="verdict-title">{ words.verdict }</h2><small>{ status }</small></header>
            // That the server is away stands at the top of the page already.
            if let Some(problem) = answer.problem.as_ref().filter(|problem| **problem != Problem::Unreachable) {
                <p class="problem" role="alert" data-testid="verdict-problem">{ problem_line(page, problem) }</p>
            }
            if let Some(judged) = &answer.judged {
                <div class={if stale { "verdict stale" } else { "verdict" }}>
                    { headline(page, judged) }
                    { bars(page, judged) }
                    { gauge(page, &judged.verdict) }
                    { numbers(page, &judged.verdict) }
                    if judged.verdict.pixels_match_recipe == Some(false) {
                        <p class="note" data-testid="pixel-mismatch">{ words.mismatch }</p>
                    }
                    <p class="limits">
                        if !judged.verdict.limits.is_empty() { { &judged.verdict.model }{ ": " }{ &judged.verdict.limits }{ ". " } }
                        <span data-testid="timing">{ timing(words, judged) }</span>
                    </p>
                </div>
            } else {
                if answer.problem.is_none() { <p class="empty">{ words.verdict_none }</p> }
            }
        </section>
    }
}

fn timing(words: &crate::text::Messages, judged: &crate::state::Judged) -> String {
    let elapsed = fixed(judged.elapsed_ms, 0);
    let inference = judged.verdict.timings.inference_ms;
    let message = if inference < 0.5 { words.elapsed_only } else { words.timing };
    fill(message, &[("elapsed", &elapsed), ("inference", &fixed(inference, 0))])
}
