//! How the panels stand: what is dragged, chosen and open. It is neither in the link nor in undo.

use flipside_shared::worker_protocol::AskedQuestion;
use std::rc::Rc;

/// A drag of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Drag {
    /// The step that is dragged.
    pub step: Option<usize>,
    /// The step that it hovers over.
    pub over: Option<usize>,
}

/// How the panels stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Panels {
    /// Where the border between before and after is, percent of the picture.
    pub split_percent: u32,
    /// The step that is dragged.
    pub drag: Drag,
    /// The parameter chosen for the response curve, by its place in the menu.
    pub curve_choice: usize,
    /// Whether the help is open.
    pub helping: bool,
    /// Whether a file hovers over the page.
    pub hovering: bool,
    /// How often the oracle was asked for questions; none before the menu was opened.
    pub round: Option<u64>,
    /// The questions that it asked.
    pub asked: Rc<Vec<AskedQuestion>>,
    /// Counts the visitor's own attempts to reach the server.
    pub attempts: u32,
}

impl Default for Panels {
    fn default() -> Self {
        Self {
            split_percent: 50,
            drag: Drag::default(),
            curve_choice: 0,
            helping: false,
            hovering: false,
            round: None,
            asked: Rc::default(),
            attempts: 0,
        }
    }
}

/// What can happen to the panels.
#[derive(Clone, Debug, PartialEq)]
pub enum PanelChange {
    /// The border between before and after moves.
    Split(u32),
    /// A step is dragged, hovers elsewhere or is let go.
    Drag(Drag),
    /// Another parameter for the response curve.
    CurveChoice(usize),
    /// The help opens or closes.
    Help(bool),
    /// A file comes or goes.
    Hover(bool),
    /// The menu of questions is opened.
    OpenQuestions,
    /// More questions are wanted.
    MoreQuestions,
    /// Questions have come.
    Asked(Rc<Vec<AskedQuestion>>),
    /// The visitor wants the server asked now.
    Retry,
}

impl Panels {
    /// Takes a change in.
    pub fn change(&mut self, change: PanelChange) {
        match change {
            PanelChange::Split(percent) => self.split_percent = percent,
            PanelChange::Drag(drag) => self.drag = drag,
            PanelChange::CurveChoice(choice) => self.curve_choice = choice,
            PanelChange::Help(open) => self.helping = open,
            PanelChange::Hover(hovering) => self.hovering = hovering,
            PanelChange::OpenQuestions => self.round = self.round.or(Some(1)),
            PanelChange::MoreQuestions => self.round = Some(self.round.unwrap_or(0) + 1),
            PanelChange::Asked(questions) => self.asked = questions,
            PanelChange::Retry => self.attempts += 1,
        }
    }
}
