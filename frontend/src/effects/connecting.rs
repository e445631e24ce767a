//! Asks the server what it is, and, when it falls silent, whether it is back.

use crate::api::{self, Failure};
use crate::page::Page;
use crate::state::{Action, Connection, Problem};
use gloo_timers::future::TimeoutFuture;
use std::cell::Cell;
use std::rc::Rc;
use yew::platform::spawn_local;
use yew::prelude::*;

/// First wait before asking again, milliseconds; doubled each time.
const FIRST_WAIT_MS: u32 = 1_000;
/// Longest wait.
const LONGEST_WAIT_MS: u32 = 15_000;

/// Asks at the start and while the connection is lost. The result counts the visitor's own attempts: raise it to ask
/// at once.
#[hook]
pub fn use_connecting(page: &Page) -> UseStateHandle<u32> {
    let attempt = use_state(|| 0_u32);
    let store = page.store.dispatcher();
    let lost = page.connection == Connection::Lost;
    use_effect_with((lost, *attempt), move |(lost, attempt)| {
        let given_up = Rc::new(Cell::new(false));
        let mut wait_ms = if *lost && *attempt == 0 { FIRST_WAIT_MS } else { 0 };
        let gone = given_up.clone();
        spawn_local(async move {
            loop {
                TimeoutFuture::new(wait_ms).await;
                if gone.get() {
                    return;
                }
                match api::info().await {
                    Ok(info) => return store.dispatch(Action::Info(info)),
                    Err(Failure::Problem(problem)) => {
                        store.dispatch(Action::NotJudged(problem.clone()));
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
        move || given_up.set(true)
    });
    attempt
}
