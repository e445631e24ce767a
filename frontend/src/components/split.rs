//! The handle between before and after: a range input over the whole picture, so that keys and touch work by
//! themselves, and lines that show where it stands.

use crate::page::use_page;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Where the border is, percent from the left.
    pub percent: u32,
    /// Called when it is moved.
    pub onmove: Callback<u32>,
}

/// The handle.
#[component]
pub fn Split(props: &Props) -> Html {
    let page = use_page();
    let words = page.words();
    let x = format!("{}%", props.percent);
    let onmove = props.onmove.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let value = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
        if value.is_finite() {
            onmove.emit(value.clamp(0.0, 100.0) as u32);
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
            <input class="split" type="range" min="0" max="100" step="1" value={props.percent.to_string()}
                aria-label={words.split_label} data-testid="split" {oninput} />
        </>
    }
}
