//! The root: state, effects, layout.

use super::banner::banner;
use super::curve_panel::curve_panel;
use super::help::help;
use super::masthead::masthead;
use super::metrics_panel::metrics_panel;
use super::picture_panel::picture_panel;
use super::presets::presets;
use super::question_panel::question_panel;
use super::source_panel::source_panel;
use super::stack_panel::stack_panel;
use super::toasts::toasts;
use super::verdict_panel::verdict_panel;
use crate::browser::{clock::tab_name, storage};
use crate::effects::Effects;
use crate::markup::html;
use crate::page::{Change, Page, Parts, Sender};
use crate::state::{Preset, State};
use crate::worker::{Pixels, WorkerClient};
use flipside_shared::lab::LabState;
use flipside_shared::recipe::RecipeError;
use std::rc::Rc;
use yew::{Component, Context, Html, Properties};

/// What the page begins with.
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The state that the address holds, or what is wrong with it.
    pub link: Rc<Option<Result<LabState, RecipeError>>>,
}

/// The page. The only component with a state: all others are functions of it, which weigh far less.
pub struct App {
    page: Page,
    effects: Effects,
}

impl Component for App {
    type Message = Change;
    type Properties = Props;

    fn create(context: &Context<Self>) -> Self {
        let page = Page(Rc::new(Parts {
            state: Rc::new(State::new(storage::load(), Option::clone(&context.props().link))),
            pixels: Rc::new(Pixels::default()),
            sender: Sender(context.link().callback(|change| change)),
            worker: WorkerClient::default(),
            presets: Rc::new(Preset::all()),
            tab: tab_name().into(),
            stream: Rc::default(),
            follow: Rc::default(),
        }));
        Self { effects: Effects::new(&page), page }
    }

    fn update(&mut self, _: &Context<Self>, change: Change) -> bool {
        // Callbacks of the page as it was keep theirs.
        let mut parts = Parts::clone(&self.page.0);
        match change {
            Change::State(action) => parts.state = Rc::new(parts.state.reduced(action)),
            Change::Pixels(change) => Rc::make_mut(&mut parts.pixels).change(change),
        }
        self.page = Page(Rc::new(parts));
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let page = &self.page;
        let words = page.words();
        let class = if page.panels.hovering { "lab dropping" } else { "lab" };
        html! {
            <a class="skip button" href="#lab-main">{ words.skip_to_lab }</a>
            { masthead(page) }
            <main id="lab-main" data-testid="lab" {class} tabindex="-1">
                { banner(page) }
                <div class="columns">
                    <div class="picture-column">{ picture_panel(page) }{ source_panel(page) }</div>
                    <div class="answer-column">{ question_panel(page) }{ verdict_panel(page) }</div>
                    <div class="stack-column">{ presets(page) }{ stack_panel(page) }</div>
                    { metrics_panel(page) }
                    <div class="curve-row">{ curve_panel(page) }</div>
                </div>
            </main>
            { toasts(page) }
            { help(page) }
        }
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        self.effects.follow(&self.page);
    }
}
