//! Short messages in the corner.

use super::icon::{Icon, icon_button};
use crate::markup::html;
use crate::page::Page;
use crate::state::{Action, Notice, NoticeKind};
use crate::text::problem_text;
use yew::Html;

/// All messages.
pub fn toasts(page: &Page) -> Html {
    html! {
        <div class="toasts" role="status" aria-live="polite">
            { for page.notices.iter().map(|notice| toast(page, notice)) }
        </div>
    }
}

fn toast(page: &Page, notice: &Notice) -> Html {
    let words = page.words();
    let dismiss = page.sends(Action::Dismiss(notice.id));
    let (text, detail) = match &notice.kind {
        NoticeKind::LinkCopied => (words.link_copied.to_owned(), None),
        NoticeKind::PictureShared => (words.picture_shared.to_owned(), None),
        NoticeKind::SceneStepsDropped => (words.scene_steps_dropped.to_owned(), None),
        NoticeKind::Problem(problem) => problem_text(page.words(), problem),
    };
    html! {
        <div class="toast" data-testid="notice">
            <p>{ text }if let Some(detail) = detail { <small lang="en">{ detail }</small> }</p>
            { icon_button(Icon::Close, words.dismiss.to_owned(), "dismiss", false, dismiss) }
        </div>
    }
}
