//! What every component can reach: the state, the worker, the pictures.

use crate::state::{Action, Edit, Preset, State};
use crate::text::Language;
use crate::worker::{Pixels, PixelsChange, WorkerClient};
use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::rc::Rc;
use web_sys::{AbortController, Event};
use yew::Callback;

/// What can happen to the page.
pub enum Change {
    /// To the state.
    State(Action),
    /// To the pictures.
    Pixels(PixelsChange),
}

/// The way to change the page, also for what outlives the moment.
#[derive(Clone)]
pub struct Sender(pub Callback<Change>);

impl Sender {
    /// Changes the state.
    pub fn dispatch(&self, action: Action) {
        self.0.emit(Change::State(action));
    }

    /// Changes the pictures.
    pub fn pixels(&self, change: PixelsChange) {
        self.0.emit(Change::Pixels(change));
    }
}

/// The page, as its components see it.
#[derive(Clone)]
pub struct Page(pub Rc<Parts>);

/// What the page consists of.
#[derive(Clone)]
pub struct Parts {
    /// The state.
    pub state: Rc<State>,
    /// The pictures.
    pub pixels: Rc<Pixels>,
    /// The way to change both.
    pub sender: Sender,
    /// The worker.
    pub worker: WorkerClient,
    /// The ready-made states.
    pub presets: Rc<Vec<Preset>>,
    /// Names this tab to the server.
    pub tab: Rc<str>,
    /// Gives up the response curve under way.
    pub stream: Rc<RefCell<Option<AbortController>>>,
    /// The step whose handle takes the focus once the page is drawn.
    pub follow: Rc<Cell<Option<usize>>>,
}

impl Deref for Page {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Deref for Parts {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl Page {
    /// The language.
    pub fn language(&self) -> Language {
        self.settings.language
    }

    /// Sends an action.
    pub fn send(&self, action: Action) {
        self.sender.dispatch(action);
    }

    /// Changes the lab.
    pub fn edit(&self, edit: Edit) {
        self.send(Action::Edit(edit));
    }

    /// A callback that does something with the page and the event.
    pub fn on(&self, run: impl Fn(&Self, Event) + 'static) -> Callback<Event> {
        let page = self.clone();
        Callback::from(move |event| run(&page, event))
    }

    /// A callback that sends an action, whatever the event.
    pub fn sends(&self, action: Action) -> Callback<Event> {
        let sender = self.sender.clone();
        Callback::from(move |_| sender.dispatch(action.clone()))
    }

    /// A callback that changes the lab, whatever the event.
    pub fn edits(&self, edit: Edit) -> Callback<Event> {
        self.sends(Action::Edit(edit))
    }
}
