//! The help dialog: what the page is for, and its keys.

use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, PanelChange};
use yew::Html;

/// The dialog; `effects::focusing` opens and closes it.
pub fn help(page: &Page) -> Html {
    let words = page.words();
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
        <dialog aria-labelledby="help-title" data-testid="help-dialog" onclose={page.sends(Action::Panel(PanelChange::Help(false)))}>
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
