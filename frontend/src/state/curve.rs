//! A response curve while it is computed and after.

use super::problem::Problem;
use flipside_shared::api::{CurveEvent, CurvePoint, FlipPoint};
use flipside_shared::chart::CurveMark;
use flipside_shared::lab::LabState;
use flipside_shared::recipe::{ParamSchema, ParamValue, Recipe};
use flipside_shared::worker_protocol::Chart;
use std::rc::Rc;

/// Points of a sweep, unless the server allows fewer.
pub const POINTS: u32 = 25;

/// Which parameter is swept, and over what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePlan {
    /// Index of the step.
    pub step: usize,
    /// The parameter.
    pub param: &'static ParamSchema,
    /// First value.
    pub from: f64,
    /// Last value.
    pub to: f64,
}

/// Every parameter of a recipe that can be swept, over its declared range.
pub fn sweepable(recipe: &Recipe) -> Vec<CurvePlan> {
    let plans = recipe.operations.iter().enumerate().flat_map(|(step, each)| {
        let numeric = each.operation.schema().params.iter().filter(|param| param.kind.identity().is_some());
        numeric.filter_map(move |param| {
            let (from, to) = param.kind.range()?;
            Some(CurvePlan { step, param, from, to })
        })
    });
    plans.collect()
}

/// How far a curve is.
#[derive(Clone, Debug, PartialEq)]
pub enum CurveStatus {
    /// Points are coming.
    Running,
    /// All are there.
    Done {
        /// Time in the server.
        elapsed_ms: f64,
    },
    /// The visitor stopped it.
    Cancelled,
    /// It broke off; what came before stands.
    Failed(Problem),
}

/// A curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What is swept.
    pub plan: CurvePlan,
    /// The state it was asked for.
    pub lab: Rc<LabState>,
    /// The points so far, by rising value.
    pub points: Vec<CurvePoint>,
    /// The flips found.
    pub flips: Vec<FlipPoint>,
    /// How far it is.
    pub status: CurveStatus,
    /// Its chart as SVG, possibly of a moment ago.
    pub svg: Rc<str>,
}

impl Curve {
    /// A curve without points.
    pub fn new(plan: CurvePlan, lab: Rc<LabState>) -> Self {
        Self {
            plan,
            lab,
            points: Vec::new(),
            flips: Vec::new(),
            status: CurveStatus::Running,
            svg: "".into(),
        }
    }

    /// Takes in what the server sent. After the visitor stopped it, late events are ignored.
    pub fn receive(&mut self, event: CurveEvent) {
        if self.status != CurveStatus::Running {
            return;
        }
        match event {
            CurveEvent::Point(point) => {
                let place = self.points.partition_point(|before| before.value <= point.value);
                self.points.insert(place, point);
            }
            CurveEvent::Flip(flip) => self.flips.push(flip),
            CurveEvent::Done { elapsed_ms, .. } => self.status = CurveStatus::Done { elapsed_ms },
            CurveEvent::Failed(body) => self.status = CurveStatus::Failed(Problem::Server(body)),
        }
    }

    /// Whether the curve still tells the truth about `lab`: everything but the swept parameter is as it was.
    pub fn holds_for(&self, lab: &LabState) -> bool {
        let CurvePlan { step, param, from, .. } = self.plan;
        let at_start = |lab: &LabState| {
            let mut lab = lab.clone();
            let step = lab.recipe.operations.get_mut(step)?;
            step.enabled = true;
            step.operation = step.operation.with_param(param.key, &ParamValue::Number(from)).ok()?;
            Some(lab)
        };
        at_start(lab).is_some_and(|now| Some(now) == at_start(&self.lab))
    }

    /// The swept parameter's value in `lab`.
    pub fn current(&self, lab: &LabState) -> Option<f64> {
        match lab.recipe.operations.get(self.plan.step)?.operation.param(self.plan.param.key)? {
            ParamValue::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The chart of the curve, with the value of `lab` marked. `name` is the parameter's, in the page's language.
    pub fn chart(&self, lab: &LabState, name: &str) -> Chart {
        let unit = self.plan.param.unit;
        let mark = |point: &CurvePoint| CurveMark {
            value: point.value,
            margin: point.margin,
            relative_drift_percent: point.relative_drift_percent,
            flipped: point.flipped,
        };
        Chart::Curve {
            parameter: if unit.is_empty() { name.to_owned() } else { format!("{name} ({unit})") },
            from: self.plan.from,
            to: self.plan.to,
            points: self.points.iter().map(mark).collect(),
            flips: self.flips.iter().map(|flip| flip.value).collect(),
            current: self.current(lab).filter(|_| self.holds_for(lab)),
        }
    }
}
