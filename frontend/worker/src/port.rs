//! The browser's side: messages in, messages out, and a turn of the event loop between two jobs.
//!
//! A job is taken up in a turn of its own, so that every message that arrived during the last one is queued first
//! and the newest `Apply` wins.

use crate::{Desk, Done, Queue};
use flipside_shared::json::{self, ToJson, Unreadable};
use flipside_shared::worker_protocol::{Outcome, Reply, Request};
use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::{Closure, JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent};

struct Port {
    scope: DedicatedWorkerGlobalScope,
    turns: MessageChannel,
    queue: RefCell<Queue>,
    desk: RefCell<Desk>,
}

/// Listens for requests and says that it does.
pub fn open() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let Ok(turns) = MessageChannel::new() else { return };
    let port = Rc::new(Port { scope, turns, queue: RefCell::default(), desk: RefCell::default() });
    let listening = port.clone();
    let on_request =
        Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| listening.receive(&event.data()));
    port.scope.set_onmessage(Some(on_request.as_ref().unchecked_ref()));
    let working = port.clone();
    let on_turn = Closure::<dyn Fn()>::new(move || working.work());
    port.turns.port2().set_onmessage(Some(on_turn.as_ref().unchecked_ref()));
    // Both live as long as the worker.
    on_request.forget();
    on_turn.forget();
    port.send(0, Done { outcome: Outcome::Ready, buffers: Vec::new() });
}

impl Port {
    fn receive(&self, message: &JsValue) {
        let json = get(message, "json").as_string().unwrap_or_default();
        let request: Request = match json::read(&json) {
            Ok(request) => request,
            Err(error) => return self.refuse(&json, &error),
        };
        let buffers = get(message, "buffers");
        let buffers = if Array::is_array(&buffers) { Array::from(&buffers) } else { Array::new() };
        let buffers = buffers
            .iter()
            .filter_map(|buffer| buffer.dyn_into::<ArrayBuffer>().ok())
            .map(|buffer| Uint8Array::new(&buffer).to_vec())
            .collect();
        for id in self.queue.borrow_mut().push((request, buffers)) {
            self.send(id, Done { outcome: Outcome::Superseded, buffers: Vec::new() });
        }
        // The message itself is empty; its arrival is the turn.
        let _ = self.turns.port1().post_message(&JsValue::NULL);
    }

    /// One job. There are as many turns as requests; those of superseded requests find nothing to do.
    fn work(&self) {
        let job = self.queue.borrow_mut().pop();
        if let Some((request, buffers)) = job {
            let id = request.id;
            let done = self.desk.borrow_mut().carry_out(request, buffers, || self.now_ms());
            self.send(id, done);
        }
    }

    /// Answers a request that does not parse under the id that it may still have.
    fn refuse(&self, json: &str, error: &Unreadable) {
        let id = json::parse(json).ok().and_then(|value| value.field("id").ok()).unwrap_or(0);
        let outcome = Outcome::Failed { code: "request_malformed".to_owned(), message: error.to_string() };
        self.send(id, Done { outcome, buffers: Vec::new() });
    }

    fn send(&self, id: u32, done: Done) {
        let json = Reply { id, outcome: done.outcome }.to_json().to_text();
        let buffers: Array =
            done.buffers.iter().map(|bytes| Uint8Array::from(bytes.as_slice()).buffer()).collect();
        let message = Object::new();
        let _ = Reflect::set(&message, &"json".into(), &json.into());
        let _ = Reflect::set(&message, &"buffers".into(), &buffers);
        let _ = self.scope.post_message_with_transfer(&message, &buffers);
    }

    fn now_ms(&self) -> f64 {
        self.scope.performance().map_or(0.0, |performance| performance.now())
    }
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}
