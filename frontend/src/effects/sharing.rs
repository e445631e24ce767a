//! Copies the link of the state. The visitor's own picture is stored on the server first, or the link would be empty
//! for others.

use super::judging::png;
use crate::api::{self, Failure};
use crate::browser::{address, file};
use crate::page::Page;
use crate::state::{Action, NoticeKind, Problem};
use flipside_shared::recipe::Source;
use flipside_shared::worker_protocol::Picture;
use wasm_bindgen_futures::spawn_local;

/// Stores the picture where there is one, and copies the link. What is stored is the decoded, reduced picture, not
/// the file: whatever else the file says, such as where it was taken, stays with the visitor.
pub fn share(page: &Page) {
    let (worker, sender, lab) = (page.worker.clone(), page.sender.clone(), page.lab().clone());
    let own = match lab.recipe.source {
        Source::Image { .. } => page.picture.of(&lab).map(|drawn| drawn.applied_id),
        Source::Scene { .. } => None,
    };
    spawn_local(async move {
        let outcome = async {
            let link = address::link(&lab).await.map_err(Problem::Link)?;
            if let Some(applied) = own {
                let stored = async { api::store_image(&png(&worker, applied, Picture::Clean).await?).await };
                stored.await.map_err(|failure| match failure {
                    Failure::Problem(problem) => problem,
                    Failure::Overtaken => Problem::Unreachable,
                })?;
            }
            address::show(&link);
            file::copy(&address::with_link(&link).ok_or(Problem::Clipboard)?).await?;
            Ok(if own.is_some() { NoticeKind::PictureShared } else { NoticeKind::LinkCopied })
        };
        let notice = outcome.await.unwrap_or_else(NoticeKind::Problem);
        sender.dispatch(Action::Notify(notice));
    });
}
