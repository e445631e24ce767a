//! The verdict's other numbers, each clean to perturbed. All that there are stand in the panel of metrics.

use crate::markup::html;
use crate::page::Page;
use flipside_shared::api::Verdict;
use flipside_shared::decimal::fixed;
use yew::Html;

/// The numbers.
pub fn numbers(page: &Page, verdict: &Verdict) -> Html {
    let words = page.words();
    let (clean, perturbed) = (&verdict.clean, &verdict.perturbed);
    let pair = |was: f64, is: f64, decimals: u32| {
        html! {
            <span class="arrowed"><span class="was">{ fixed(was, decimals) }</span>{ " → " }<span class="is">{ fixed(is, decimals) }</span></span>
        }
    };
    let delta = format!(
        "Δ {}{}",
        if verdict.dirichlet_delta < 0.0 { "" } else { "+" },
        fixed(verdict.dirichlet_delta, 3)
    );
    html! {
        <dl class="numbers">
            <div><dt>{ words.margin }</dt>
                <dd data-testid="margin">{ pair(clean.margin, verdict.margin_of_clean_answer, 2) }{ " " }<small>{ words.margin_unit }</small></dd></div>
            <div><dt>{ words.entropy }</dt>
                <dd data-testid="entropy">{ pair(clean.entropy, perturbed.entropy, 2) }{ " " }<small>{ words.margin_unit }</small></dd></div>
            <div><dt>{ words.energy }</dt>
                <dd data-testid="energy">{ pair(clean.smoothness.dirichlet_energy, perturbed.smoothness.dirichlet_energy, 3) }{ " " }<small>{ delta }</small></dd></div>
        </dl>
    }
}
