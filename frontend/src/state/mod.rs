//! The page's state and its one reducer: values in, values out, no document.
//!
//! Components send an [`Action`]; effects (worker, server, address) watch the state and send actions back.

mod answer;
mod curve;
mod edit;
mod history;
mod metrics;
mod notice;
mod panels;
mod picture;
mod preset;
mod problem;
mod question;
mod settings;

pub use answer::{Answer, Judged, Reading, reading};
pub use curve::{Curve, CurvePlan, CurveStatus, POINTS, sweepable};
pub use edit::Edit;
pub use history::History;
pub use metrics::{Metrics, MetricsChange, Served};
pub use notice::{Notice, NoticeKind};
pub use panels::{Drag, PanelChange, Panels};
pub use picture::{Drawn, Picture};
pub use preset::Preset;
pub use problem::{MAX_FILE_BYTES, Problem};
pub use question::{QuestionProblem, question_problem};
pub use settings::{Settings, Theme, View};

use crate::text::{Chinese, EN, Language, Messages};
use flipside_shared::api::{CurveEvent, RegimeName, ServerInfo};
use flipside_shared::lab::{LabQuestion, LabState};
use flipside_shared::recipe::{Recipe, RecipeError, Source};
use flipside_shared::scene::{Attributes, Colour, QuestionSpec, Shape};
use std::rc::Rc;

/// Whether the server answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Not heard of yet.
    #[default]
    Unknown,
    /// It answers.
    Up,
    /// It does not; the page asks again by itself.
    Lost,
}

/// Everything that the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What decides picture and verdict, with undo.
    pub history: History<Rc<LabState>>,
    /// Language, theme, view.
    pub settings: Settings,
    /// The Chinese that is fetched for those who read it.
    pub chinese: Option<&'static Chinese>,
    /// What the worker said of the picture.
    pub picture: Picture,
    /// What the model said.
    pub answer: Answer,
    /// The response curve, when one was asked for.
    pub curve: Option<Curve>,
    /// What the server says of itself.
    pub info: Option<Rc<ServerInfo>>,
    /// Whether the server answers.
    pub connection: Connection,
    /// Short messages, newest last.
    pub notices: Vec<Notice>,
    /// How the panels stand.
    pub panels: Panels,
    /// All metrics.
    pub metrics: Metrics,
    next_notice: u32,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The visitor changes the lab.
    Edit(Edit),
    /// A drag ends: the next edit is an undo entry of its own.
    Settle,
    /// One entry back.
    Undo,
    /// One entry forward.
    Redo,
    /// Another language, theme or view.
    Settings(Settings),
    /// The Chinese came.
    Chinese(&'static Chinese),
    /// The worker drew the picture.
    Drawn(Drawn),
    /// The worker could not.
    NotDrawn(Problem),
    /// A verdict was asked for.
    Asked,
    /// A verdict came.
    Judged(Judged),
    /// A verdict did not come.
    NotJudged(Problem),
    /// A curve begins.
    CurveBegun(CurvePlan),
    /// Something came of it.
    CurveEvent(CurveEvent),
    /// Its chart was drawn.
    CurveDrawn(Rc<str>),
    /// It broke off.
    CurveFailed(Problem),
    /// The visitor stops it.
    CurveCancelled,
    /// The server said what it is.
    Info(ServerInfo),
    /// A short message.
    Notify(NoticeKind),
    /// The visitor or the clock takes it away.
    Dismiss(u32),
    /// A panel changes.
    Panel(PanelChange),
    /// The panel of metrics changes.
    Metrics(MetricsChange),
}

impl State {
    /// The state of a fresh page: that of the link it was opened with, else the first preset.
    pub fn new(settings: Settings, link: Option<Result<LabState, RecipeError>>) -> Self {
        let (lab, error) = match link {
            Some(Ok(lab)) => (Some(lab), None),
            Some(Err(error)) => (None, Some(error)),
            None => (None, None),
        };
        let preset = || Preset::all().into_iter().next().map(|preset| preset.state);
        let mut state = Self {
            history: History::new(Rc::new(lab.or_else(preset).unwrap_or_else(plain_start))),
            settings,
            chinese: None,
            picture: Picture::default(),
            answer: Answer::default(),
            curve: None,
            info: None,
            connection: Connection::Unknown,
            notices: Vec::new(),
            panels: Panels::default(),
            metrics: Metrics::default(),
            next_notice: 0,
        };
        if let Some(error) = error {
            state.reduce(Action::Notify(NoticeKind::Problem(Problem::Link(error))));
        }
        state
    }

    /// What decides picture and verdict, now.
    pub fn lab(&self) -> &Rc<LabState> {
        self.history.present()
    }

    /// In the language of the page what stands in English in a schema or a preset.
    pub fn said<'a>(&self, english: &'a str) -> &'a str {
        self.translation().and_then(|chinese| chinese.of(english)).unwrap_or(english)
    }

    /// The messages of the page in its language.
    pub fn words(&self) -> &'static Messages {
        self.translation().map_or(&EN, |chinese| &chinese.messages)
    }

    /// The Chinese, where it is read and has come.
    fn translation(&self) -> Option<&'static Chinese> {
        self.chinese.filter(|_| self.settings.language == Language::Zh)
    }

    /// What is wrong with the question, if anything.
    pub fn question_problem(&self) -> Option<QuestionProblem> {
        question_problem(&self.lab().question, self.info.as_deref().map(|info| &info.limits))
    }

    /// The state after an action.
    pub fn reduced(&self, action: Action) -> Self {
        let mut next = self.clone();
        next.reduce(action);
        next
    }

    fn reduce(&mut self, action: Action) {
        match action {
            Action::Edit(edit) => {
                let run = edit.merge_key();
                // The visitor has moved on.
                self.notices.retain(|notice| !matches!(notice.kind, NoticeKind::Problem(_)));
                self.history.record(Rc::new(edit.apply(self.lab())), run);
            }
            Action::Settle => self.history.settle(),
            Action::Undo => self.history.undo(),
            Action::Redo => self.history.redo(),
            Action::Settings(settings) => self.settings = settings,
            Action::Chinese(chinese) => self.chinese = Some(chinese),
            Action::Drawn(drawn) => self.picture = Picture { drawn: Some(drawn), problem: None },
            Action::NotDrawn(problem) => self.picture.problem = Some(problem),
            Action::Asked => self.answer.sent(),
            Action::Judged(judged) => {
                self.connection = Connection::Up;
                self.answer.arrived(judged);
            }
            Action::NotJudged(problem) => {
                self.heard(&problem);
                self.answer.failed(problem);
            }
            Action::CurveBegun(plan) => self.curve = Some(Curve::new(plan, self.lab().clone())),
            Action::CurveEvent(event) => {
                if let Some(curve) = &mut self.curve {
                    curve.receive(event);
                }
            }
            Action::CurveDrawn(svg) => {
                if let Some(curve) = &mut self.curve {
                    curve.svg = svg;
                }
            }
            Action::CurveFailed(problem) => {
                self.heard(&problem);
                self.end_curve(CurveStatus::Failed(problem));
            }
            Action::CurveCancelled => self.end_curve(CurveStatus::Cancelled),
            Action::Info(info) => {
                self.connection = Connection::Up;
                self.info = Some(Rc::new(info));
            }
            Action::Notify(kind) => {
                self.notices.retain(|notice| notice.kind != kind);
                self.notices.push(Notice { id: self.next_notice, kind });
                self.next_notice += 1;
            }
            Action::Dismiss(id) => self.notices.retain(|notice| notice.id != id),
            Action::Panel(change) => self.panels.change(change),
            Action::Metrics(change) => self.metrics.change(change),
        }
    }

    fn heard(&mut self, problem: &Problem) {
        self.connection = if *problem == Problem::Unreachable { Connection::Lost } else { Connection::Up };
    }

    fn end_curve(&mut self, status: CurveStatus) {
        if let Some(curve) = self.curve.as_mut().filter(|curve| curve.status == CurveStatus::Running) {
            curve.status = status;
        }
    }
}

fn plain_start() -> LabState {
    let what = Attributes { colour: Some(Colour::Red), shape: Some(Shape::Cube), ..Attributes::default() };
    LabState {
        recipe: Recipe::new(Source::Scene { seed: 1 }),
        question: LabQuestion {
            text: "Is there a red cube?".to_owned(),
            options: vec!["yes".to_owned(), "no".to_owned()],
            regime: RegimeName::default(),
            spec: Some(QuestionSpec::Existence { what }),
        },
        model: None,
    }
}

#[cfg(test)]
mod tests;
