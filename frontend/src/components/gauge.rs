//! Drift on a ruler on which 100 % is a different picture.

use crate::markup::html;
use crate::page::Page;
use crate::text::fill;
use flipside_shared::api::Verdict;
use flipside_shared::decimal::{fixed, within};
use yew::Html;

/// Drift at the right end of the ruler, percent, unless the drift itself is larger.
const RULER_PERCENT: f64 = 120.0;

/// The gauge.
pub fn gauge(page: &Page, verdict: &Verdict) -> Html {
    let words = page.words();
    let control = verdict.control;
    let drift = control.relative_drift_percent;
    let end = RULER_PERCENT.max(drift * 1.1);
    let x = |percent: f64| format!("{}%", fixed(100.0 * within(percent, 0.0, end) / end, 2));
    let text = fixed(drift, 1);
    let label = fill(words.drift_label, &[("percent", &text), ("pictures", &control.pictures.to_string())]);
    let stride = if end > 400.0 { 100.0 } else { 20.0 };
    let marks = (1..=(end / stride) as u32).take(200).map(|mark| {
        let at = x(f64::from(mark) * stride);
        html! { <line class="mark" x1={at.clone()} x2={at} y1="0" y2="12" /> }
    });
    html! {
        <div class="gauge">
            <p class="reading">
                <span>{ drift_name(page, verdict) }</span>
                <strong data-testid="drift">{ format!("{text} %") }</strong>
                <small>{ words.drift_reading }</small>
            </p>
            <svg role="img" aria-label={label}>
                <rect class="track" x="0" y="0" width="100%" height="12" rx="3" />
                <rect class="fill" x="0" y="0" width={x(drift)} height="12" rx="3" />
                { for marks }
                <line class="full" x1={x(100.0)} x2={x(100.0)} y1="-3" y2="15" />
                // Where there is room for both names.
                if end < 1.2 * RULER_PERCENT {
                    <text x="0" y="30">{ words.drift_axis_same }</text>
                    <text x={x(100.0)} y="30" text-anchor="end">{ "100 % = " }{ words.drift_axis_other }</text>
                } else {
                    <text x={x(100.0)} y="30">{ "100 % = " }{ words.drift_axis_other }</text>
                }
            </svg>
        </div>
    }
}

/// The name of the drift: hidden where no flip shows it.
pub fn drift_name(page: &Page, verdict: &Verdict) -> &'static str {
    let words = page.words();
    if verdict.flipped { words.drift } else { words.hidden_drift }
}
