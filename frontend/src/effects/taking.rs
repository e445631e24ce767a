//! Takes the visitor's picture: from a picker, a drop or a paste.

use super::Current;
use crate::browser::document::listen as listen_to;
use crate::browser::file;
use crate::page::Page;
use crate::state::{Action, Edit, MAX_FILE_BYTES, NoticeKind, PanelChange, Problem};
use flipside_shared::recipe::Source;
use flipside_shared::worker_protocol::{Command, Outcome};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, ClipboardEvent, DragEvent, Event};

/// Decodes a file in the worker and makes it the source. What is not a picture changes nothing and is told.
pub fn take_file(page: &Page, picture: Blob) {
    let (worker, sender) = (page.worker.clone(), page.sender.clone());
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
                sender.dispatch(Action::Edit(Edit::SetSource(source)));
                if drops_steps {
                    sender.dispatch(Action::Notify(NoticeKind::SceneStepsDropped));
                }
            }
            Err(problem) => sender.dispatch(Action::Notify(NoticeKind::Problem(problem))),
        }
    });
}

/// Listens for drops and pastes anywhere on the page.
pub fn listen(current: &Current) {
    let Some(window) = web_sys::window() else { return };
    let on = |name: &'static str, run: fn(&Page, &Event)| {
        let current = current.clone();
        listen_to(&window, name, move |event| {
            let page = current.borrow().clone();
            run(&page, event);
        });
    };
    on("dragover", |page, event| {
        if carries_files(event) {
            event.prevent_default();
            hover(page, true);
        }
    });
    on("dragleave", |page, event| {
        // Between two elements inside the page there is a related target.
        let inside = event.dyn_ref::<DragEvent>().is_some_and(|event| event.related_target().is_some());
        if !inside {
            hover(page, false);
        }
    });
    on("drop", |page, event| {
        hover(page, false);
        if carries_files(event) {
            event.prevent_default();
            take(page, file::first_file(event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer)));
        }
    });
    on("paste", |page, event| {
        let transfer = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
        // Pasted text belongs into the field that has the focus.
        if let Some(picture) = file::first_file(transfer) {
            event.prevent_default();
            take_file(page, picture);
        }
    });
}

fn hover(page: &Page, hovering: bool) {
    if page.panels.hovering != hovering {
        page.send(Action::Panel(PanelChange::Hover(hovering)));
    }
}

fn take(page: &Page, picture: Option<Blob>) {
    match picture {
        Some(picture) => take_file(page, picture),
        None => page.send(Action::Notify(NoticeKind::Problem(Problem::NoPicture))),
    }
}

fn carries_files(event: &Event) -> bool {
    let transfer = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
    transfer.is_some_and(|transfer| transfer.types().iter().any(|kind| kind == "Files"))
}
