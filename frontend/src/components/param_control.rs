//! A control for one parameter, whatever its kind, from its declaration.

use super::icon::{Icon, icon_button};
use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, Edit};
use crate::text::fill;
use flipside_shared::decimal::{self, fixed, shortest, trimmed, within};
use flipside_shared::recipe::{ParamKind, ParamSchema, ParamValue};
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};
use yew::{Callback, Html, TargetCast};

/// Which parameter, and its value.
pub struct Param {
    /// Index of the step.
    pub step: usize,
    /// The declaration.
    pub param: &'static ParamSchema,
    /// The value now.
    pub value: Option<ParamValue>,
}

/// The control.
pub fn param_control(page: &Page, of: &Param) -> Html {
    let Param { step, param, value } = of;
    let (id, label) = (format!("param-{step}-{}", param.key), page.said(param.label));
    let name = html! { <label for={id.clone()}>{ label }</label> };
    let Some(value) = value else { return html! {} };
    match (&param.kind, value) {
        (ParamKind::Number { .. } | ParamKind::Integer { .. }, ParamValue::Number(number)) => {
            number_control(page, of, &id, *number)
        }
        (ParamKind::Object, ParamValue::Number(number)) => html! {
            <div class="param"><p class="name">{ name }</p>{ object_control(page, of, id, *number as usize) }</div>
        },
        (ParamKind::Choice { options, .. }, ParamValue::Text(text)) => {
            let onchange = sets(page, of, |event| Some(ParamValue::Text(select(event).value())));
            html! {
                <div class="param"><p class="name">{ name }</p>
                    <select id={id.clone()} data-testid={id} {onchange}>
                        { for options.iter().map(|choice| html! {
                            <option value={choice.value} selected={choice.value == text}>{ page.said(choice.label) }</option>
                        }) }
                    </select>
                </div>
            }
        }
        (ParamKind::Text { max_chars, .. }, ParamValue::Text(text)) => {
            let oninput = sets(page, of, |event| Some(ParamValue::Text(input(event).value())));
            html! {
                <div class="param"><p class="name">{ name }</p>
                    <div class="entry"><input class="wide" id={id.clone()} data-testid={id} type="text" dir="auto" maxlength={max_chars.to_string()}
                        value={text.clone()} {oninput} onchange={page.sends(Action::Settle)} /></div>
                </div>
            }
        }
        (ParamKind::Colour { .. }, ParamValue::Text(text)) => {
            let oninput = sets(page, of, |event| Some(ParamValue::Text(input(event).value())));
            html! {
                <div class="param"><p class="name">{ name }<input id={id.clone()} data-testid={id} type="color" value={text.clone()} {oninput}
                    onchange={page.sends(Action::Settle)} /></p></div>
            }
        }
        (ParamKind::Toggle { .. }, ParamValue::Toggle(on)) => {
            let onchange = sets(page, of, |event: Event| Some(ParamValue::Toggle(input(event).checked())));
            html! {
                <div class="param"><p class="name">{ name }<input id={id.clone()} data-testid={id} type="checkbox" checked={*on} {onchange} /></p></div>
            }
        }
        // A value of another type than declared does not pass validation.
        _ => html! {},
    }
}

/// A slider, its value to type over, its unit, and the way back to the default.
fn number_control(page: &Page, of: &Param, id: &str, number: f64) -> Html {
    let Param { step, param, .. } = of;
    let Some((min, max)) = param.kind.range() else { return html! {} };
    let label = page.said(param.label);
    let stride = match param.kind {
        ParamKind::Number { step, .. } => shortest(step),
        _ => "1".to_owned(),
    };
    let drag = sets(page, of, |event| number_of(&input(event)));
    let enter = sets(page, of, move |event: Event| {
        let field = input(event);
        let entered = Some(field.value_as_number()).filter(|entered| entered.is_finite());
        // What was typed may be out of range, or no number: the field shows what it came to.
        let number = entered.map_or(number, |entered| within(entered, min, max));
        field.set_value(&shown(number));
        Some(ParamValue::Number(number))
    });
    let default = param.kind.default_value();
    let reset = Edit::SetParam { step: *step, key: param.key, value: default.clone() };
    let value = shown(number);
    html! {
        <div class="param">
            <p class="name">
                <label for={id.to_owned()}>{ label }</label>
                <input type="number" aria-label={fill(page.words().value_of, &[("label", label)])} data-testid={format!("{id}-value")}
                    min={shortest(min)} max={shortest(max)} step="any" value={value.clone()} onchange={enter} />
                <span class="unit">{ param.unit }</span>
                { reset_button(page, label, default == ParamValue::Number(number), page.edits(reset)) }
            </p>
            <input id={id.to_owned()} data-testid={id.to_owned()} type="range" min={shortest(min)} max={shortest(max)} step={stride}
                {value} oninput={drag} onchange={page.sends(Action::Settle)} />
        </div>
    }
}

fn reset_button(page: &Page, label: &str, disabled: bool, onclick: Callback<Event>) -> Html {
    icon_button(Icon::Reset, fill(page.words().reset, &[("label", label)]), "reset", disabled, onclick)
}

/// The objects of the scene by name.
fn object_control(page: &Page, of: &Param, id: String, chosen: usize) -> Html {
    let names = page.picture.object_names(&page.lab().recipe, of.step);
    let onchange = sets(page, of, |event| decimal::parse(&select(event).value()).map(ParamValue::Number));
    html! {
        <select id={id.clone()} data-testid={id} {onchange}>
            { for names.iter().enumerate().map(|(index, name)| html! {
                <option value={index.to_string()} selected={index == chosen}>{ format!("{}. {name}", index + 1) }</option>
            }) }
            if chosen >= names.len() {
                <option value={chosen.to_string()} selected=true>{ fill(page.words().no_object, &[("n", &(chosen + 1).to_string())]) }</option>
            }
        </select>
    }
}

/// A callback that gives the parameter the value of the event, if it has one.
fn sets(page: &Page, of: &Param, read: impl Fn(Event) -> Option<ParamValue> + 'static) -> Callback<Event> {
    let (step, key) = (of.step, of.param.key);
    page.on(move |page, event| {
        if let Some(value) = read(event) {
            page.edit(Edit::SetParam { step, key, value });
        }
    })
}

fn input(event: Event) -> HtmlInputElement {
    event.target_unchecked_into()
}

fn select(event: Event) -> HtmlSelectElement {
    event.target_unchecked_into()
}

fn number_of(input: &HtmlInputElement) -> Option<ParamValue> {
    let number = input.value_as_number();
    number.is_finite().then_some(ParamValue::Number(number))
}

/// A number with as many decimals as it needs, at most four.
fn shown(number: f64) -> String {
    trimmed(&fixed(number, 4)).to_owned()
}
