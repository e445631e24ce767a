//! The Dirichlet energy of each vision token, over the picture, and its key.

use crate::markup::html;
use crate::page::Page;
use flipside_shared::chart::magma;
use flipside_shared::decimal::fixed;
use yew::Html;

/// One cell for each token. The map is of the last verdict.
pub fn energy_map(page: &Page) -> Html {
    let Some(judged) = &page.answer.judged else { return html! {} };
    let map = &judged.verdict.perturbed.smoothness;
    let top = top(&judged.verdict);
    let cells = (0_u32..).zip(&map.token_energy).map(|(index, energy)| {
        let (column, row) = (index % map.columns.max(1), index / map.columns.max(1));
        html! {
            <rect class="cell" x={column.to_string()} y={row.to_string()} width="1.01" height="1.01" fill={colour(energy / top)} />
        }
    });
    html! {
        <svg viewBox={format!("0 0 {} {}", map.columns, map.rows)} preserveAspectRatio="none" aria-hidden="true"
            data-testid="energy-map">{ for cells }</svg>
    }
}

/// What the colours mean.
pub fn energy_legend(page: &Page) -> Html {
    let words = page.words();
    let Some(judged) = &page.answer.judged else {
        return html! { <p class="legend">{ words.energy_waiting }</p> };
    };
    let steps = (0_u16..32).map(|step| {
        html! { <rect x={step.to_string()} y="0" width="1.05" height="1" fill={colour(f32::from(step) / 31.0)} /> }
    });
    html! {
        <p class="legend">
            <span>{ "0" }</span>
            <svg viewBox="0 0 32 1" preserveAspectRatio="none" aria-hidden="true">{ for steps }</svg>
            <span>{ fixed(f64::from(top(&judged.verdict)), 3) }</span>
            <span>{ words.energy_legend }</span>
        </p>
    }
}

/// The brightest value of clean and perturbed together, so that one colour means one value while a slider moves.
fn top(verdict: &flipside_shared::api::Verdict) -> f32 {
    let all = verdict.clean.smoothness.token_energy.iter().chain(&verdict.perturbed.smoothness.token_energy);
    all.copied().fold(f32::MIN_POSITIVE, f32::max)
}

fn colour(share: f32) -> String {
    let [r, g, b] = magma(share);
    format!("#{r:02x}{g:02x}{b:02x}")
}
