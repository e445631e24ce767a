//! Says when the server is away, or still being waited for.

use crate::page::use_page;
use crate::state::Connection;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// Asks again at once.
    pub retry: Callback<()>,
}

/// The banner, when there is something to say.
#[component]
pub fn Banner(props: &Props) -> Html {
    let page = use_page();
    if page.connection != Connection::Lost {
        return html! {};
    }
    let words = page.words();
    html! {
        <div class="banner" role="alert" data-testid="server-lost">
            <p>{ words.server_lost }</p>
            <button type="button" data-testid="retry" onclick={props.retry.reform(|_| ())}>{ words.retry }</button>
        </div>
    }
}
