//! Says when the server is away, or still being waited for.

use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, Connection, PanelChange};
use yew::Html;

/// The banner, when there is something to say.
pub fn banner(page: &Page) -> Html {
    if page.connection != Connection::Lost {
        return html! {};
    }
    let words = page.words();
    html! {
        <div class="banner" role="alert" data-testid="server-lost">
            <p>{ words.server_lost }</p>
            <button type="button" data-testid="retry" onclick={page.sends(Action::Panel(PanelChange::Retry))}>{ words.retry }</button>
        </div>
    }
}
