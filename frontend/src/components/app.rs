//! The root: state, effects, layout.

use super::banner::banner;
use super::curve_panel::CurvePanel;
use super::help::Help;
use super::masthead::masthead;
use super::picture_panel::PicturePanel;
use super::presets::presets;
use super::question_panel::question_panel;
use super::source_panel::source_panel;
use super::stack_panel::StackPanel;
use super::toasts::toasts;
use super::verdict_panel::verdict_panel;
use crate::browser::{address, clock::tab_name, storage};
use crate::effects::{
    use_addressing, use_connecting, use_drawing, use_judging, use_keying, use_settings, use_taking,
};
use crate::page::{Page, Store};
use crate::state::{Preset, State};
use crate::worker::{Pixels, WorkerClient};
use std::rc::Rc;
use yew::prelude::*;

/// The page.
#[component]
pub fn App() -> Html {
    let page = Page {
        store: use_reducer_eq(|| Store(State::new(storage::load(), address::opened()))),
        pixels: use_reducer_eq(Pixels::default),
        worker: (*use_memo((), |()| WorkerClient::default())).clone(),
        presets: use_memo((), |()| Preset::all()),
        tab: (*use_memo((), |()| Rc::<str>::from(tab_name()))).clone(),
    };
    let helping = use_state_eq(|| false);
    let (show_help, hide_help) = {
        let (shown, hidden) = (helping.clone(), helping.clone());
        (use_callback((), move |(), ()| shown.set(true)), use_callback((), move |(), ()| hidden.set(false)))
    };
    use_settings(&page);
    use_addressing(&page);
    let attempt = use_connecting(&page);
    use_drawing(&page);
    use_judging(&page);
    use_keying(&page, show_help.clone());
    let hovering = use_taking(&page);
    let retry = Callback::from(move |()| attempt.set(*attempt + 1));
    let words = page.words();
    html! {
        <ContextProvider<Page> context={page.clone()}>
            <a class="skip button" href="#lab-main">{ words.skip_to_lab }</a>
            { masthead(&page, &show_help) }
            <main id="lab-main" data-testid="lab" class={classes!("lab", hovering.then_some("dropping"))} tabindex="-1">
                { banner(&page, &retry) }
                <div class="columns">
                    <div class="picture-column"><PicturePanel />{ source_panel(&page) }</div>
                    <div class="answer-column">{ question_panel(&page) }{ verdict_panel(&page) }</div>
                    <div class="stack-column">{ presets(&page) }<StackPanel /></div>
                    <div class="curve-row"><CurvePanel /></div>
                </div>
            </main>
            { toasts(&page) }
            <Help open={*helping} close={hide_help} />
        </ContextProvider<Page>>
    }
}
