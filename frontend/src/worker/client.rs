//! Requests to the worker as futures. Answers are matched by id; a worker that breaks down is started again and
//! what was waiting for it fails with words.

use crate::browser::document::{find, listen};
use crate::state::Problem;
use flipside_shared::json::{self, ToJson};
use flipside_shared::raster::ImageId;
use flipside_shared::worker_protocol::{Chart, Command, Outcome, Reply, Request};
use futures_channel::oneshot;
use js_sys::{Array, ArrayBuffer, Object, Reflect};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What came of a request.
pub struct Answer {
    /// The request's id.
    pub id: u32,
    /// What came of it; never `Failed`.
    pub outcome: Outcome,
    /// The pictures or files, as the outcome says.
    pub buffers: Vec<ArrayBuffer>,
}

type Waiting = oneshot::Sender<Result<Answer, Problem>>;

#[derive(Default)]
struct Inner {
    worker: RefCell<Option<Worker>>,
    ready: Cell<bool>,
    unsent: RefCell<Vec<JsValue>>,
    waiting: RefCell<Vec<(u32, Waiting)>>,
    last_id: Cell<u32>,
    files: RefCell<Vec<(ImageId, Blob)>>,
}

/// A handle to the worker; clones talk to the same one.
#[derive(Clone, Default)]
pub struct WorkerClient {
    inner: Rc<Inner>,
}

impl WorkerClient {
    /// Asks for something and waits for it.
    ///
    /// # Errors
    /// [`Problem::Worker`] when the request cannot be done, [`Problem::WorkerLost`] when the worker broke down.
    pub async fn ask(&self, command: Command, buffers: &[ArrayBuffer]) -> Result<Answer, Problem> {
        self.ensure_started()?;
        let id = self.inner.last_id.get().wrapping_add(1).max(1);
        self.inner.last_id.set(id);
        let (sender, receiver) = oneshot::channel();
        self.inner.waiting.borrow_mut().push((id, sender));
        let request = Request { id, command };
        let message = Object::new();
        let transfer: Array = buffers.iter().collect();
        set(&message, "json", &request.to_json().to_text().into());
        set(&message, "buffers", &transfer);
        if self.inner.ready.get() {
            self.post(&message);
        } else {
            self.inner.unsent.borrow_mut().push(message.into());
        }
        receiver.await.unwrap_or_else(|_| Err(lost("no reply")))
    }

    /// Asks for a chart as SVG.
    ///
    /// # Errors
    /// As [`WorkerClient::ask`].
    pub async fn draw(&self, chart: Chart) -> Result<String, Problem> {
        match self.ask(Command::Draw(chart), &[]).await?.outcome {
            Outcome::Drawn { svg } => Ok(svg),
            _ => Err(lost("no chart")),
        }
    }

    /// Remembers the file of a picture, so that the picture can be decoded again.
    pub fn keep_file(&self, id: ImageId, file: Blob) {
        let mut files = self.inner.files.borrow_mut();
        files.retain(|(kept, _)| *kept != id);
        files.push((id, file));
    }

    /// The file of a picture that was decoded here before.
    pub fn file(&self, id: &ImageId) -> Option<Blob> {
        self.inner.files.borrow().iter().find(|(kept, _)| kept == id).map(|(_, file)| file.clone())
    }

    fn ensure_started(&self) -> Result<(), Problem> {
        if self.inner.worker.borrow().is_some() {
            return Ok(());
        }
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&worker_address()?, &options)
            .map_err(|_| lost("it cannot be started"))?;
        let client = self.clone();
        listen(&worker, "message", move |event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>() {
                client.receive(&event.data());
            }
        });
        let client = self.clone();
        listen(&worker, "error", move |event| {
            let reason = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            client.break_down(&reason);
        });
        *self.inner.worker.borrow_mut() = Some(worker);
        Ok(())
    }

    fn post(&self, message: &JsValue) {
        let transfer = Reflect::get(message, &"buffers".into()).unwrap_or_else(|_| Array::new().into());
        if let Some(worker) = &*self.inner.worker.borrow()
            && let Err(error) = worker.post_message_with_transfer(message, &transfer)
        {
            web_sys::console::error_1(&error);
        }
    }

    fn receive(&self, message: &JsValue) {
        let json = Reflect::get(message, &"json".into()).ok().and_then(|json| json.as_string());
        let reply: Reply = match json::read(&json.unwrap_or_default()) {
            Ok(reply) => reply,
            Err(error) => return self.break_down(&error.to_string()),
        };
        if reply.outcome == Outcome::Ready {
            self.inner.ready.set(true);
            let unsent = self.inner.unsent.take();
            unsent.iter().for_each(|message| self.post(message));
            return;
        }
        let place = self.inner.waiting.borrow().iter().position(|(id, _)| *id == reply.id);
        let Some((_, waiting)) = place.map(|place| self.inner.waiting.borrow_mut().swap_remove(place)) else {
            return;
        };
        let buffers = Reflect::get(message, &"buffers".into()).unwrap_or(JsValue::UNDEFINED);
        let buffers = if Array::is_array(&buffers) { Array::from(&buffers) } else { Array::new() };
        let answer = match reply.outcome {
            Outcome::Failed { code, message } => Err(Problem::Worker { code, message }),
            outcome => {
                let buffers = buffers.iter().filter_map(|buffer| buffer.dyn_into().ok()).collect();
                Ok(Answer { id: reply.id, outcome, buffers })
            }
        };
        // Nobody waits any more: fine.
        let _ = waiting.send(answer);
    }

    fn break_down(&self, reason: &str) {
        if let Some(worker) = self.inner.worker.take() {
            worker.terminate();
        }
        self.inner.ready.set(false);
        self.inner.unsent.take();
        for (_, waiting) in self.inner.waiting.take() {
            let _ = waiting.send(Err(lost(reason)));
        }
    }
}

fn lost(reason: &str) -> Problem {
    Problem::WorkerLost(reason.to_owned())
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // Fails only on frozen objects.
    let _ = Reflect::set(object, &key.into(), value);
}

/// The worker's address is hashed at build time; the document names it.
fn worker_address() -> Result<String, Problem> {
    find("meta[name=flipside-worker]")
        .and_then(|meta| meta.get_attribute("content"))
        .ok_or_else(|| lost("the document names no worker"))
}
