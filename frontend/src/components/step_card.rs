//! One step of the stack: switch, handle, controls.

use super::icon::{Icon, icon_button};
use super::param_control::{Param, param_control};
use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, Drag, Edit, PanelChange};
use crate::text::fill;
use flipside_shared::recipe::{ParamValue, Step};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, KeyboardEvent};
use yew::Html;

/// The card of step `index`.
pub fn step_card(page: &Page, index: usize) -> Html {
    let words = page.words();
    let steps = &page.lab().recipe.operations;
    let Some(Step { enabled, operation }) = steps.get(index) else { return html! {} };
    let (schema, last) = (operation.schema(), steps.len() - 1);
    let title = page.said(schema.title);
    let to = |target: Option<usize>| page.on(move |page, _| move_step(page, index, target));
    let (up, down) = (index.checked_sub(1), (index < last).then_some(index + 1));
    let keys = page.on(move |page, event| {
        let target = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
            "ArrowUp" => up,
            "ArrowDown" => down,
            _ => return,
        };
        event.prevent_default();
        move_step(page, index, target);
    });
    let drag_start = page.on(move |page, event| {
        // Firefox drags nothing without data.
        if let Some(transfer) = event.unchecked_ref::<DragEvent>().data_transfer() {
            let _ = transfer.set_data("text/plain", &index.to_string());
        }
        drag(page, Drag { step: Some(index), over: None });
    });
    let Drag { step: dragged, over } = page.panels.drag;
    let set = |then: Drag| {
        page.on(move |page, event| {
            if page.panels.drag.step.is_some() {
                event.prevent_default();
                drag(page, then);
            }
        })
    };
    let (drag_over, drag_end) = (set(Drag { step: dragged, over: Some(index) }), set(Drag::default()));
    let dropped = page.on(move |page, event| {
        if let Some(from) = page.panels.drag.step {
            event.prevent_default();
            drag(page, Drag::default());
            move_step(page, from, Some(index));
        }
    });
    let mut class = "step".to_owned();
    for (holds, name) in [
        (!enabled, " off"),
        (dragged == Some(index), " dragging"),
        (over == Some(index) && dragged != over, " target"),
    ] {
        class.push_str(if holds { name } else { "" });
    }
    let shown = |param: &flipside_shared::recipe::ParamSchema| {
        param.shown_when.as_ref().is_none_or(|when| {
        matches!(operation.param(when.key), Some(ParamValue::Text(value)) if when.values.contains(&value.as_str()))
    })
    };
    html! {
        <li {class}
            data-testid={format!("step-{index}")} data-op={schema.id} ondragover={drag_over} ondrop={dropped}
            aria-label={fill(words.step_label, &[("n", &(index + 1).to_string()), ("title", title)])}>
            <header>
                <button type="button" class="icon quiet grip" draggable="true" title={words.drag} data-testid={format!("grip-{index}")}
                    aria-label={fill(words.step_label, &[("n", &(index + 1).to_string()), ("title", words.drag)])}
                    onkeydown={keys} ondragstart={drag_start} ondragend={drag_end}>{ Icon::Grip.draw() }</button>
                <label title={words.enable}>
                    <input type="checkbox" checked={*enabled} data-testid={format!("toggle-{index}")} onchange={page.edits(Edit::ToggleStep(index))} />
                    { title }
                </label>
                { icon_button(Icon::Up, words.move_up.to_owned(), "move-up", up.is_none(), to(up)) }
                { icon_button(Icon::Down, words.move_down.to_owned(), "move-down", down.is_none(), to(down)) }
                { icon_button(Icon::Copy, words.duplicate.to_owned(), "duplicate", false, page.edits(Edit::DuplicateStep(index))) }
                { icon_button(Icon::Bin, words.delete.to_owned(), "delete", false, page.edits(Edit::RemoveStep(index))) }
            </header>
            <p class="summary" title={schema.citation}>{ page.said(schema.summary) }</p>
            { for schema.params.iter().filter(|param| shown(param)).map(|param| {
                param_control(page, &Param { step: index, param, value: operation.param(param.key) })
            }) }
        </li>
    }
}

fn drag(page: &Page, drag: Drag) {
    if page.panels.drag != drag {
        page.send(Action::Panel(PanelChange::Drag(drag)));
    }
}

/// Moves a step where it can go; the focus follows it.
fn move_step(page: &Page, from: usize, to: Option<usize>) {
    if let Some(to) = to {
        page.follow.set(Some(to));
        page.edit(Edit::MoveStep { from, to });
    }
}
