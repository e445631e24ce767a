//! The address follows the state, and the state follows an address that the visitor opens.

use super::Last;
use crate::browser::address;
use crate::browser::clock::Later;
use crate::browser::document::listen as listen_to;
use crate::page::{Page, Sender};
use crate::state::{Action, Edit, NoticeKind, Problem};
use flipside_shared::lab::LabState;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Rest after the last change before the address is rewritten, milliseconds: browsers limit how often.
const REST_MS: u32 = 200;

/// The state that the address has or is about to have.
#[derive(Default)]
pub struct Addressing {
    lab: Last<Rc<LabState>>,
    write: Option<Later>,
}

impl Addressing {
    /// Writes the address when the state has come to rest. The state begins with it.
    pub fn follow(&mut self, page: &Page) {
        let lab = page.lab().clone();
        if !self.lab.changes_to(lab.clone()) {
            return;
        }
        // Drops, and so stops, the one before.
        self.write = Some(Later::new(REST_MS, move || {
            spawn_local(async move {
                if let Ok(link) = address::link(&lab).await {
                    address::show(&link);
                }
            });
        }));
    }
}

/// Reads the address whenever the visitor changes it.
pub fn listen(sender: &Sender) {
    let sender = sender.clone();
    let Some(window) = web_sys::window() else { return };
    listen_to(&window, "hashchange", move |_| {
        let sender = sender.clone();
        spawn_local(async move {
            match address::opened().await {
                Some(Ok(lab)) => sender.dispatch(Action::Edit(Edit::Replace(lab))),
                Some(Err(error)) => {
                    sender.dispatch(Action::Notify(NoticeKind::Problem(Problem::Link(error))));
                }
                None => {}
            }
        });
    });
}
