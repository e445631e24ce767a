//! Asks the server what it is, and, when it falls silent, whether it is back.

use super::Last;
use crate::api::{self, Failure};
use crate::browser::clock::wait;
use crate::page::Page;
use crate::state::{Action, Connection, Problem};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// First wait before asking again, milliseconds; doubled each time.
const FIRST_WAIT_MS: u32 = 1_000;
/// Longest wait.
const LONGEST_WAIT_MS: u32 = 15_000;

/// The asking under way.
#[derive(Default)]
pub struct Connecting {
    wanted: Last<(bool, u32)>,
    given_up: Rc<Cell<bool>>,
}

impl Connecting {
    /// Asks at the start, while the connection is lost, and at once when the visitor wants it.
    pub fn follow(&mut self, page: &Page) {
        let (lost, attempts) = (page.connection == Connection::Lost, page.panels.attempts);
        if !self.wanted.changes_to((lost, attempts)) {
            return;
        }
        self.given_up.replace(true);
        self.given_up = Rc::default();
        let gone = self.given_up.clone();
        let sender = page.sender.clone();
        let mut wait_ms = if lost && attempts == 0 { FIRST_WAIT_MS } else { 0 };
        spawn_local(async move {
            loop {
                wait(wait_ms).await;
                if gone.get() {
                    return;
                }
                match api::info().await {
                    Ok(info) => return sender.dispatch(Action::Info(info)),
                    Err(Failure::Problem(problem)) => {
                        sender.dispatch(Action::NotJudged(problem.clone()));
                        // An answer, only not a usable one: asking again will not mend it.
                        if problem != Problem::Unreachable {
                            return;
                        }
                    }
                    Err(Failure::Overtaken) => return,
                }
                wait_ms = (wait_ms * 2).clamp(FIRST_WAIT_MS, LONGEST_WAIT_MS);
            }
        });
    }
}
