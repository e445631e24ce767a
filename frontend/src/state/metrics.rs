//! The panel of all metrics: what it was told of them and what it shows.

use flipside_shared::json::Json;
use flipside_shared::lab::LabState;
use flipside_shared::worker_protocol::Shown;
use std::rc::Rc;

/// What the server measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Served {
    /// The state that it measured.
    pub lab: Rc<LabState>,
    /// What it streamed, as it came; the worker reads it.
    pub events: Vec<String>,
}

/// What the panel knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// Whether it is open; nothing is measured while it is not.
    pub open: bool,
    /// Names, explanations and sources, once they have come.
    pub catalogue: Option<&'static Json>,
    /// The state whose frequencies the visitor asked for.
    pub frequencies_of: Option<Rc<LabState>>,
    /// What the server measured last.
    pub served: Option<Rc<Served>>,
    /// The values.
    pub shown: Rc<Vec<Shown>>,
}

/// What can happen to the panel.
#[derive(Clone, Debug, PartialEq)]
pub enum MetricsChange {
    /// It opens or closes.
    Open(bool),
    /// The catalogue came.
    Catalogue(&'static Json),
    /// The visitor asks for a state's frequencies.
    Frequencies(Rc<LabState>),
    /// The server measured something, or could not.
    Served(Served),
    /// The values came.
    Shown(Vec<Shown>),
}

impl Metrics {
    /// Takes a change in.
    pub fn change(&mut self, change: MetricsChange) {
        match change {
            MetricsChange::Open(open) => self.open = open,
            MetricsChange::Catalogue(catalogue) => self.catalogue = Some(catalogue),
            MetricsChange::Frequencies(lab) => self.frequencies_of = Some(lab),
            MetricsChange::Served(served) => self.served = Some(Rc::new(served)),
            MetricsChange::Shown(shown) => self.shown = Rc::new(shown),
        }
    }

    /// What the server measured of `lab`.
    pub fn served(&self, lab: &LabState) -> Option<&Rc<Served>> {
        self.served.as_ref().filter(|served| *served.lab == *lab)
    }
}
