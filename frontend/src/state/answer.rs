//! The last verdict, what it belongs to, and what is under way.

use super::problem::Problem;
use flipside_shared::api::Verdict;
use flipside_shared::lab::LabState;
use std::rc::Rc;

/// A verdict with the state that it judges.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The state.
    pub lab: Rc<LabState>,
    /// The verdict on it.
    pub verdict: Rc<Verdict>,
    /// The same as the server sent it, for keeping.
    pub verdict_json: Rc<str>,
    /// From the visitor's edit to the verdict, milliseconds.
    pub elapsed_ms: f64,
}

/// What the verdict panel knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The newest verdict, possibly of an older state: shown dimmed then.
    pub judged: Option<Judged>,
    /// Whether a request is under way.
    pub waiting: bool,
    /// Why there is no newer verdict.
    pub problem: Option<Problem>,
}

impl Answer {
    /// A request has gone out.
    pub fn sent(&mut self) {
        self.waiting = true;
    }

    /// A verdict has come.
    pub fn arrived(&mut self, judged: Judged) {
        *self = Self { judged: Some(judged), waiting: false, problem: None };
    }

    /// A request has failed. What was shown stays.
    pub fn failed(&mut self, problem: Problem) {
        self.waiting = false;
        self.problem = Some(problem);
    }

    /// Whether what is shown belongs to another state than `lab`.
    pub fn is_stale(&self, lab: &LabState) -> bool {
        self.judged.as_ref().is_some_and(|judged| *judged.lab != *lab)
    }
}

/// How a verdict is to be read, in the order of what a visitor must know first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The answer changed.
    Flipped,
    /// The answer stayed and the representation moved far: hidden instability.
    HiddenDrift,
    /// The answer stayed and the representation hardly moved.
    Steady,
}

/// Relative drift from which an unchanged answer counts as hidden drift, percent of the distance between different
/// pictures. Ours: the paper reports means (4 % for translation, 78 % for text), not a threshold.
pub const HIDDEN_DRIFT_PERCENT: f64 = 20.0;

/// The reading of a verdict.
pub fn reading(verdict: &Verdict) -> Reading {
    if verdict.flipped {
        Reading::Flipped
    } else if verdict.control.relative_drift_percent >= HIDDEN_DRIFT_PERCENT {
        Reading::HiddenDrift
    } else {
        Reading::Steady
    }
}
