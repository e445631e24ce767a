//! Takes the visitor's picture: from a picker, a drop or a paste.

use crate::browser::file;
use crate::page::Page;
use crate::state::{Action, Edit, MAX_FILE_BYTES, NoticeKind, Problem};
use flipside_shared::recipe::Source;
use flipside_shared::worker_protocol::{Command, Outcome};
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Blob, ClipboardEvent, DragEvent};
use yew::platform::spawn_local;
use yew::prelude::*;

/// Decodes a file in the worker and makes it the source. What is not a picture changes nothing and is told.
pub fn take_file(page: &Page, picture: Blob) {
    let (worker, store) = (page.worker.clone(), page.store.dispatcher());
    let drops_steps = page.lab().recipe.operations.iter().any(|step| step.operation.edits_scene());
    spawn_local(async move {
        let taken = async {
            if picture.size() > MAX_FILE_BYTES as f64 {
                return Err(Problem::FileTooLarge { bytes: picture.size() as u64 });
            }
            let bytes = file::bytes(&picture).await?;
            match worker.ask(Command::Decode, &[bytes]).await?.outcome {
                Outcome::Decoded(decoded) => Ok(decoded),
                _ => Err(Problem::NoPicture),
            }
        };
        match taken.await {
            Ok(decoded) => {
                worker.keep_file(decoded.id.clone(), picture);
                let (width_px, height_px) = (decoded.size.width_px, decoded.size.height_px);
                let source = Source::Image { id: decoded.id, width_px, height_px };
                store.dispatch(Action::Edit(Edit::SetSource(source)));
                if drops_steps {
                    store.dispatch(Action::Notify(NoticeKind::SceneStepsDropped));
                }
            }
            Err(problem) => store.dispatch(Action::Notify(NoticeKind::Problem(problem))),
        }
    });
}

/// Listens for drops and pastes anywhere on the page. Returns whether a file hovers over it.
#[hook]
pub fn use_taking(page: &Page) -> bool {
    let hovering = use_state_eq(|| false);
    let (page, hover) = (page.clone(), hovering.clone());
    use_effect_with(page.clone(), move |_| {
        let listeners = web_sys::window().map(|window| {
            let options = EventListenerOptions::enable_prevent_default();
            let on = |name: &'static str, run: Box<dyn Fn(&web_sys::Event)>| {
                EventListener::new_with_options(&window, name, options, move |event| run(event))
            };
            let (over, leave, dropped) = (hover.clone(), hover.clone(), hover);
            let (dropping, pasting) = (page.clone(), page);
            [
                on(
                    "dragover",
                    Box::new(move |event| {
                        if carries_files(event) {
                            event.prevent_default();
                            over.set(true);
                        }
                    }),
                ),
                on(
                    "dragleave",
                    Box::new(move |event| {
                        // Between two elements inside the page there is a related target.
                        let inside = event
                            .dyn_ref::<DragEvent>()
                            .is_some_and(|event| event.related_target().is_some());
                        if !inside {
                            leave.set(false);
                        }
                    }),
                ),
                on(
                    "drop",
                    Box::new(move |event| {
                        dropped.set(false);
                        if carries_files(event) {
                            event.prevent_default();
                            let transfer = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
                            take(&dropping, file::first_file(transfer));
                        }
                    }),
                ),
                on(
                    "paste",
                    Box::new(move |event| {
                        let transfer =
                            event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
                        // Pasted text belongs into the field that has the focus.
                        if let Some(picture) = file::first_file(transfer) {
                            event.prevent_default();
                            take(&pasting, Some(picture));
                        }
                    }),
                ),
            ]
        });
        move || drop(listeners)
    });
    *hovering
}

fn take(page: &Page, picture: Option<Blob>) {
    match picture {
        Some(picture) => take_file(page, picture),
        None => page.send(Action::Notify(NoticeKind::Problem(Problem::NoPicture))),
    }
}

fn carries_files(event: &web_sys::Event) -> bool {
    let transfer = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
    transfer.is_some_and(|transfer| transfer.types().iter().any(|kind| kind == "Files"))
}
