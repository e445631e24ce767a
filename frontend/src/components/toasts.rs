//! Short messages in the corner. Good news leaves by itself; problems stay until dismissed.

use super::icon::{Icon, icon_button};
use crate::page::{Page, use_page};
use crate::state::{Action, Notice, NoticeKind};
use crate::text::problem_text;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// How long good news stays, milliseconds.
const STAY_MS: u32 = 7_000;

/// All messages.
pub fn toasts(page: &Page) -> Html {
    html! {
        <div class="toasts" role="status" aria-live="polite">
            { for page.notices.iter().map(|notice| html! { <Toast key={notice.id} notice={notice.clone()} /> }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct Props {
    notice: Notice,
}

#[component]
fn Toast(props: &Props) -> Html {
    let page = use_page();
    let words = page.words();
    let id = props.notice.id;
    let leaves = !matches!(props.notice.kind, NoticeKind::Problem(_));
    let dismiss = page.sends(Action::Dismiss(id));
    let store = page.store.dispatcher();
    use_effect_with(id, move |_| {
        let timer = leaves.then(|| Timeout::new(STAY_MS, move || store.dispatch(Action::Dismiss(id))));
        move || drop(timer)
    });
    let (text, detail) = match &props.notice.kind {
        NoticeKind::LinkCopied => (words.link_copied.to_owned(), None),
        NoticeKind::PictureShared => (words.picture_shared.to_owned(), None),
        NoticeKind::SceneStepsDropped => (words.scene_steps_dropped.to_owned(), None),
        NoticeKind::Problem(problem) => problem_text(page.language(), problem),
    };
    html! {
        <div class="toast" data-testid="notice">
            <p>{ text }if let Some(detail) = detail { <small lang="en">{ detail }</small> }</p>
            { icon_button(Icon::Close, words.dismiss.to_owned(), "dismiss", false, dismiss) }
        </div>
    }
}
