//! The drawn curve. A click on one of its dots sets the parameter.

use super::drawing::drawing;
use crate::markup::html;
use crate::page::Page;
use crate::state::Edit;
use flipside_shared::decimal;
use flipside_shared::recipe::ParamValue;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::Html;

/// The chart.
pub fn curve_chart(page: &Page) -> Html {
    let Some(curve) = page.curve.clone() else { return html! {} };
    let svg = curve.svg.clone();
    let hint = page.words().curve_hint;
    let onclick = page.on(move |page, event| {
        let dot = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let value =
            dot.and_then(|dot| dot.get_attribute("data-value")).and_then(|value| decimal::parse(&value));
        if let Some(value) = value
            && curve.holds_for(page.lab())
        {
            let key = curve.plan.param.key;
            page.edit(Edit::SetParam { step: curve.plan.step, key, value: ParamValue::Number(value) });
        }
    });
    html! {
        <div>
            <div class="curve-chart" data-testid="curve-chart" {onclick}>{ drawing(svg) }</div>
            <small>{ hint }</small>
        </div>
    }
}
