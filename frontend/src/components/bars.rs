//! Each option's probability, clean over perturbed.

use crate::markup::html;
use crate::page::Page;
use crate::state::Judged;
use flipside_shared::decimal::fixed;
use yew::Html;

/// The bars.
pub fn bars(page: &Page, judged: &Judged) -> Html {
    let verdict = &judged.verdict;
    let truth = page.picture.truth(&judged.lab).and_then(|truth| truth.edited);
    let rows = verdict.clean.options.iter().zip(&verdict.perturbed.options).enumerate().map(|(index, (clean, perturbed))| {
        let class = if index == verdict.perturbed.answer && verdict.flipped {
            Some("chosen-perturbed")
        } else {
            (index == verdict.clean.answer).then_some("chosen-clean")
        };
        let bar = |class: &'static str, y: &'static str, p: f64| html! {
            <><rect class="track" x="0" {y} width="100%" height="8" rx="2" />
            <rect {class} x="0" {y} width={format!("{}%", fixed(p * 100.0, 2))} height="8" rx="2" /></>
        };
        html! {
            <>
                <dt {class} dir="auto">{ &clean.text }if truth == Some(index) { <span title={page.words().truth_is}>{ " ✓" }</span> }</dt>
                <dd>
                    <svg aria-hidden="true">{ bar("clean", "1", clean.probability) }{ bar("perturbed", "11", perturbed.probability) }</svg>
                </dd>
                <dd class="shares" data-testid={format!("probability-{index}")}>
                    <span class="of-clean">{ percent(clean.probability) }</span>
                    <span class="of-perturbed">{ percent(perturbed.probability) }</span>
                </dd>
            </>
        }
    });
    html! { <dl class="bars" aria-label={page.words().probabilities} data-testid="bars">{ for rows }</dl> }
}

fn percent(probability: f64) -> String {
    format!("{} %", fixed(probability * 100.0, 1))
}
