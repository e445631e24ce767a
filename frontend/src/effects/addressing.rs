//! The address follows the state, and the state follows an address that the visitor opens.

use crate::browser::address;
use crate::page::{Page, Store};
use crate::state::{Action, Edit, NoticeKind, Problem};
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// Rest after the last change before the address is rewritten, milliseconds: browsers limit how often.
const REST_MS: u32 = 200;

/// Reads the address whenever the visitor changes it; writes it when the state changes. The state begins with it.
#[hook]
pub fn use_addressing(page: &Page) {
    let store = page.store.dispatcher();
    use_effect_with((), move |()| {
        let listener =
            web_sys::window().map(|window| EventListener::new(&window, "hashchange", move |_| read(&store)));
        move || drop(listener)
    });
    use_effect_with(page.lab().clone(), |lab| {
        let lab = lab.clone();
        let write = Timeout::new(REST_MS, move || {
            if let Ok(link) = lab.to_link() {
                address::show(&link);
            }
        });
        move || drop(write)
    });
}

fn read(store: &UseReducerDispatcher<Store>) {
    match address::opened() {
        Some(Ok(lab)) => store.dispatch(Action::Edit(Edit::Replace(lab))),
        Some(Err(error)) => store.dispatch(Action::Notify(NoticeKind::Problem(Problem::Link(error)))),
        None => {}
    }
}
