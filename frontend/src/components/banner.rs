//! Says when the server is away, or still being waited for.

use crate::page::Page;
use crate::state::Connection;
use yew::prelude::*;

/// The banner, when there is something to say.
pub fn banner(page: &Page, retry: &Callback<()>) -> Html {
    if page.connection != Connection::Lost {
        return html! {};
    }
    let words = page.words();
    html! {
        <div class="banner" role="alert" data-testid="server-lost">
            <p>{ words.server_lost }</p>
            <button type="button" data-testid="retry" onclick={retry.reform(|_| ())}>{ words.retry }</button>
        </div>
    }
}
