//! One step of the stack: switch, handle, controls.

use super::icon::{Icon, icon_button};
use super::param_control::{Param, param_control};
use crate::page::Page;
use crate::state::Edit;
use crate::text::{fill, op_summary, op_title};
use flipside_shared::recipe::{ParamValue, Step};
use yew::prelude::*;

/// A drag of a step.
#[derive(Clone, Copy, Default, PartialEq)]
pub struct Drag {
    /// The step that is dragged.
    pub step: Option<usize>,
    /// The step that it hovers over.
    pub over: Option<usize>,
}

/// The card of step `index`. `onmove` is called with where a step is and where it goes.
pub fn step_card(
    page: &Page,
    index: usize,
    drag: &UseStateHandle<Drag>,
    onmove: &Callback<(usize, usize)>,
) -> Html {
    let words = page.words();
    let steps = &page.lab().recipe.operations;
    let Some(Step { enabled, operation }) = steps.get(index) else { return html! {} };
    let (schema, last) = (operation.schema(), steps.len() - 1);
    let title = op_title(page.language(), schema);
    let to = |target: Option<usize>| {
        let onmove = onmove.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(target) = target {
                onmove.emit((index, target));
            }
        })
    };
    let (up, down) = (index.checked_sub(1), (index < last).then_some(index + 1));
    let keys = {
        let onmove = onmove.clone();
        Callback::from(move |event: KeyboardEvent| {
            let target = match event.key().as_str() {
                "ArrowUp" => up,
                "ArrowDown" => down,
                _ => return,
            };
            event.prevent_default();
            if let Some(target) = target {
                onmove.emit((index, target));
            }
        })
    };
    let drag_start = {
        let drag = drag.setter();
        Callback::from(move |event: DragEvent| {
            // Firefox drags nothing without data.
            if let Some(transfer) = event.data_transfer() {
                let _ = transfer.set_data("text/plain", &index.to_string());
            }
            drag.set(Drag { step: Some(index), over: None });
        })
    };
    let Drag { step: dragged, over } = **drag;
    let set = |then: Drag| {
        let drag = drag.setter();
        Callback::from(move |event: DragEvent| {
            if dragged.is_some() {
                event.prevent_default();
                drag.set(then);
            }
        })
    };
    let (drag_over, drag_end) = (set(Drag { step: dragged, over: Some(index) }), set(Drag::default()));
    let dropped = {
        let (drag, onmove) = (drag.setter(), onmove.clone());
        Callback::from(move |event: DragEvent| {
            if let Some(from) = dragged {
                event.prevent_default();
                drag.set(Drag::default());
                onmove.emit((from, index));
            }
        })
    };
    let shown = |param: &flipside_shared::recipe::ParamSchema| {
        param.shown_when.as_ref().is_none_or(|when| {
        matches!(operation.param(when.key), Some(ParamValue::Text(value)) if when.values.contains(&value.as_str()))
    })
    };
    html! {
        <li class={classes!("step", (!enabled).then_some("off"), (dragged == Some(index)).then_some("dragging"), (over == Some(index) && dragged != over).then_some("target"))}
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
            <p class="summary" title={schema.citation}>{ op_summary(page.language(), schema) }</p>
            { for schema.params.iter().filter(|param| shown(param)).map(|param| {
                { param_control(page, &Param { step: index, param, value: operation.param(param.key) }) }
            }) }
        </li>
    }
}
