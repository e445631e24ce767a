//! The handle between before and after: a range input over the whole picture, so that keys and touch work by
//! themselves, and lines that show where it stands.

use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, PanelChange};
use web_sys::HtmlInputElement;
use yew::{Html, TargetCast};

/// The handle.
pub fn split(page: &Page, percent: u32) -> Html {
    let words = page.words();
    let x = format!("{}%", percent);
    let oninput = page.on(|page, event| {
        let value = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
        if value.is_finite() {
            page.send(Action::Panel(PanelChange::Split(value.clamp(0.0, 100.0) as u32)));
        }
    });
    html! {
        <>
            <svg aria-hidden="true">
                <line class="split-shadow" x1={x.clone()} x2={x.clone()} y1="0" y2="100%" />
                <line class="split-line" x1={x.clone()} x2={x.clone()} y1="0" y2="100%" />
                <circle class="split-knob" cx={x} cy="50%" r="9" />
            </svg>
            <span class="tag clean" aria-hidden="true">{ words.clean }</span>
            <span class="tag perturbed" aria-hidden="true">{ words.perturbed }</span>
            <input class="split" type="range" min="0" max="100" step="1" value={percent.to_string()}
                aria-label={words.split_label} data-testid="split" {oninput} />
        </>
    }
}
