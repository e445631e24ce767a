//! One line on each number, with its source.

use crate::markup::html;
use crate::page::Page;
use crate::state::HIDDEN_DRIFT_PERCENT;
use crate::text::fill;
use flipside_shared::decimal::fixed;
use yew::Html;

/// The explanations, folded.
pub fn explain(page: &Page) -> Html {
    let words = page.words();
    let threshold = fixed(HIDDEN_DRIFT_PERCENT, 0);
    let drift = fill(words.explain_drift, &[("percent", &threshold)]);
    let rows = [
        (words.probabilities, words.explain_probability, false),
        (words.margin, words.explain_margin, false),
        (words.drift, &drift, false),
        (words.energy, words.explain_energy, false),
        (words.energy_scale_free, words.explain_scale_free, true),
        (words.entropy, words.explain_entropy, false),
        (words.vision_drift, words.explain_other_drift, false),
    ];
    html! {
        <details class="explain" data-testid="explain">
            <summary>{ words.what_numbers_mean }</summary>
            <dl>
                { for rows.iter().map(|(name, meaning, ours)| html! {
                    <div><dt>{ *name }if *ours { { " " }<span class="ours">{ words.ours }</span> }</dt><dd>{ (*meaning).to_owned() }</dd></div>
                }) }
            </dl>
        </details>
    }
}
