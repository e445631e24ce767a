//! The curve as a table, for those who do not see the chart; its values set the parameter by keyboard.

use super::truth::option_text;
use crate::markup::html;
use crate::page::Page;
use crate::state::Edit;
use crate::text::fill;
use flipside_shared::decimal::fixed;
use flipside_shared::recipe::ParamValue;
use yew::Html;

/// The table, folded.
pub fn curve_table(page: &Page) -> Html {
    let words = page.words();
    let Some(curve) = &page.curve else { return html! {} };
    let (step, param) = (curve.plan.step, curve.plan.param);
    let label = page.said(param.label);
    let live = curve.holds_for(page.lab());
    html! {
        <details data-testid="curve-table">
            <summary>{ words.curve_table }</summary>
            <div class="scroll">
                <table>
                    <thead><tr>
                        <th scope="col">{ words.curve_value }{ " " }{ param.unit }</th><th scope="col">{ words.margin }</th>
                        <th scope="col">{ words.curve_drift }</th><th scope="col">{ words.curve_answer }</th>
                    </tr></thead>
                    <tbody>{ for curve.points.iter().map(|point| {
                        let value = fixed(point.value, 2);
                        let set = Edit::SetParam { step, key: param.key, value: ParamValue::Number(point.value) };
                        let hint = fill(words.curve_set, &[("label", label), ("value", &value)]);
                        html! {
                            <tr>
                                <td><button type="button" class="quiet" disabled={!live} aria-label={hint} onclick={page.edits(set)}>{ value }</button></td>
                                <td>{ fixed(point.margin, 3) }</td>
                                <td>{ fixed(point.relative_drift_percent, 1) }</td>
                                <td>{ option_text(&curve.lab.question, point.answer) }</td>
                            </tr>
                        }
                    }) }</tbody>
                </table>
            </div>
        </details>
    }
}
