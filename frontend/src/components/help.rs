//! The help dialog: what the page is for, and its keys.

use crate::page::use_page;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Whether it is open.
    pub open: bool,
    /// Called when it closes.
    pub close: Callback<()>,
}

/// The dialog.
#[component]
pub fn Help(props: &Props) -> Html {
    let page = use_page();
    let words = page.words();
    let dialog = use_node_ref();
    let node = dialog.clone();
    use_effect_with(props.open, move |open| {
        if let Some(dialog) = node.cast::<HtmlDialogElement>() {
            match (open, dialog.open()) {
                // Fails only when it is open already.
                (true, false) => drop(dialog.show_modal()),
                (false, true) => dialog.close(),
                _ => {}
            }
        }
    });
    let keys = [
        (&["Ctrl Z", "Ctrl Shift Z"][..], words.key_undo),
        (&["A"], words.key_add),
        (&["1", "2", "3", "4"], words.key_view),
        (&["N"], words.key_scene),
        (&["Q"], words.key_question),
        (&["C"], words.key_curve),
        (&["L"], words.key_share),
        (&["↑", "↓"], words.key_reorder),
        (&["?"], words.key_help),
    ];
    html! {
        <dialog ref={dialog} aria-labelledby="help-title" data-testid="help-dialog" onclose={props.close.reform(|_| ())}>
            <div class="stacked">
                <h2 id="help-title">{ words.help }</h2>
                <p>{ words.help_intro }</p>
                <dl class="keys" aria-label={words.help_keys}>
                    { for keys.iter().map(|(keys, meaning)| html! {
                        <><dt>{ for keys.iter().map(|key| html! { <><kbd>{ *key }</kbd>{ " " }</> }) }</dt><dd>{ *meaning }</dd></>
                    }) }
                </dl>
                <p><small>{ words.help_source }</small></p>
                <p><small><a href="/api/docs">{ words.api_docs }</a></small></p>
                <form method="dialog"><button class="primary" data-testid="help-close">{ words.close }</button></form>
            </div>
        </dialog>
    }
}
