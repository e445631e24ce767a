//! What every component can reach: the state, the worker, the pictures.

use crate::state::{Action, Edit, Preset, State};
use crate::text::{Language, Messages};
use crate::worker::{Pixels, WorkerClient};
use std::ops::Deref;
use std::rc::Rc;
use yew::prelude::*;

/// The state as yew holds it.
#[derive(Clone, PartialEq)]
pub struct Store(pub State);

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Self(self.0.reduced(action)))
    }
}

/// The page, as its components see it.
#[derive(Clone, PartialEq)]
pub struct Page {
    /// The state and the way to change it.
    pub store: UseReducerHandle<Store>,
    /// The pictures and the way to change them.
    pub pixels: UseReducerHandle<Pixels>,
    /// The worker.
    pub worker: WorkerClient,
    /// The ready-made states.
    pub presets: Rc<Vec<Preset>>,
    /// Names this tab to the server.
    pub tab: Rc<str>,
}

impl Deref for Page {
    type Target = State;

    fn deref(&self) -> &State {
        &self.store.0
    }
}

impl Page {
    /// The language.
    pub fn language(&self) -> Language {
        self.settings.language
    }

    /// The words.
    pub fn words(&self) -> &'static Messages {
        self.settings.language.messages()
    }

    /// Sends an action.
    pub fn send(&self, action: Action) {
        self.store.dispatch(action);
    }

    /// Changes the lab.
    pub fn edit(&self, edit: Edit) {
        self.send(Action::Edit(edit));
    }

    /// A callback that sends an action, whatever the event.
    pub fn sends<E: 'static>(&self, action: Action) -> Callback<E> {
        let store = self.store.dispatcher();
        Callback::from(move |_| store.dispatch(action.clone()))
    }

    /// A callback that changes the lab, whatever the event.
    pub fn edits<E: 'static>(&self, edit: Edit) -> Callback<E> {
        self.sends(Action::Edit(edit))
    }
}

/// The page around a component.
///
/// # Panics
/// Outside of the page, which the compiler cannot see.
#[hook]
#[allow(clippy::expect_used)]
pub fn use_page() -> Page {
    use_context::<Page>().expect("components stand inside the page")
}
