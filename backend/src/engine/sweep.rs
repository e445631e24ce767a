//! A sweep of one parameter: its values, the order in which to compute them, and where to look for a flip. Pure.

use super::EngineError;
use flipside_shared::{
    api::CurveRequest,
    perturb::PerturbError,
    recipe::{ParamKind, ParamValue, Recipe},
};

/// Halvings of a bracket at most.
const MAX_HALVINGS: u32 = 12;

/// A checked sweep.
#[derive(Clone, Debug)]
pub struct Sweep {
    recipe: Recipe,
    operation: usize,
    param: String,
    /// Ascending, distinct.
    values: Vec<f64>,
    /// The value that changes nothing.
    identity: f64,
    /// The smallest difference worth telling apart.
    resolution: f64,
    whole: bool,
}

/// A flip lies between these two values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bracket {
    /// Nearer to the identity; the answer stands.
    pub unflipped: f64,
    /// Farther from it; the answer has flipped.
    pub flipped: f64,
}

impl Sweep {
    /// Checks what a client asked for.
    ///
    /// # Errors
    /// When there is no such operation or parameter, or the range or the number of points is impossible.
    pub fn new(request: &CurveRequest, max_points: u32) -> Result<Self, EngineError> {
        let refuse = |field, reason: String| Err(EngineError::Sweep { field, reason });
        let Some(step) = request.recipe.operations.get(request.operation) else {
            let count = request.recipe.operations.len();
            return refuse(
                "operation",
                format!("the recipe has {count} operations, none at {}", request.operation),
            );
        };
        let schema = step.operation.schema();
        let Some(param) = schema.params.iter().find(|param| param.key == request.param) else {
            return refuse("param", format!("{} has no such parameter", schema.id));
        };
        let (Some(identity), Some((min, max))) = (param.kind.identity(), param.kind.range()) else {
            return refuse(
                "param",
                format!("{} of {} is not a number that can be swept", param.key, schema.id),
            );
        };
        if !(2..=max_points).contains(&request.points) {
            return refuse("points", format!("a curve has 2 to {max_points} points, not {}", request.points));
        }
        let (from, to) = (request.from, request.to);
        let in_range = |value: f64| (min..=max).contains(&value);
        if !in_range(from) || !in_range(to) {
            return refuse("from", format!("{} of {} goes from {min} to {max}", param.key, schema.id));
        }
        if from >= to {
            return refuse("to", "the last value must be larger than the first".to_owned());
        }
        let whole = matches!(param.kind, ParamKind::Integer { .. });
        let resolution = match param.kind {
            ParamKind::Number { step, .. } => step / 4.0,
            _ => 1.0,
        };
        let intervals = f64::from(request.points - 1);
        let value = |index: u32| match index {
            0 => from,
            last if last + 1 == request.points => to,
            index => from + (to - from) * f64::from(index) / intervals,
        };
        let mut values: Vec<f64> =
            (0..request.points).map(value).map(|v| if whole { v.round() } else { v }).collect();
        values.dedup();
        let (recipe, param) = (request.recipe.clone(), request.param.clone());
        Ok(Self { recipe, operation: request.operation, param, values, identity, resolution, whole })
    }

    /// The values, ascending.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The value that changes nothing, where the sweep covers it.
    pub fn identity_inside(&self) -> Option<f64> {
        let inside =
            self.values.first() <= Some(&self.identity) && Some(&self.identity) <= self.values.last();
        inside.then_some(self.identity)
    }

    /// The recipe with the swept parameter at `value`, its step switched on.
    ///
    /// # Errors
    /// Not for values of the sweep or between them.
    pub fn recipe_at(&self, value: f64) -> Result<Recipe, PerturbError> {
        let mut recipe = self.recipe.clone();
        let step = &mut recipe.operations[self.operation];
        step.enabled = true;
        step.operation = step.operation.with_param(&self.param, &ParamValue::Number(value))?;
        Ok(recipe)
    }

    /// Splits measured points into the two sides of the identity, each ordered away from it.
    pub fn sides(&self, flipped: &[bool]) -> [Vec<(f64, bool)>; 2] {
        let points = || self.values.iter().copied().zip(flipped.iter().copied());
        let below = points().filter(|(value, _)| *value <= self.identity);
        let mut below: Vec<(f64, bool)> = below.collect();
        below.reverse();
        [below, points().filter(|(value, _)| *value >= self.identity).collect()]
    }

    /// The middle of a bracket, or none when the two ends cannot be told apart any more.
    pub fn middle(&self, bracket: Bracket) -> Option<f64> {
        let middle = (bracket.unflipped + bracket.flipped) / 2.0;
        let middle = if self.whole { middle.trunc() } else { middle };
        let apart = (bracket.flipped - bracket.unflipped).abs() > self.resolution;
        (apart && middle != bracket.unflipped && middle != bracket.flipped).then_some(middle)
    }

    /// How often a bracket is halved at most.
    pub fn max_halvings(&self) -> u32 {
        MAX_HALVINGS
    }
}

/// The first change from unflipped to flipped along one side; none when nothing flips or the first point already
/// does.
pub fn first_flip(side: &[(f64, bool)]) -> Option<Bracket> {
    side.windows(2)
        .find(|pair| !pair[0].1 && pair[1].1)
        .map(|pair| Bracket { unflipped: pair[0].0, flipped: pair[1].0 })
}

/// The indices below `count` in an order that covers the range coarsely first: both ends, the middle, the quarters
/// and so on.
pub fn coarse_first(count: usize) -> Vec<usize> {
    let mut order = Vec::with_capacity(count);
    if count > 0 {
        order.push(0);
    }
    if count > 1 {
        order.push(count - 1);
    }
    let mut gaps = std::collections::VecDeque::from([(0, count.saturating_sub(1))]);
    while let Some((low, high)) = gaps.pop_front() {
        if high - low < 2 {
            continue;
        }
        let middle = low + (high - low) / 2;
        order.push(middle);
        gaps.extend([(low, middle), (middle, high)]);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use flipside_shared::{
        api::{QuestionBody, RegimeName},
        recipe::{Operation, Source},
    };

    fn request(op: &str, param: &str, (from, to): (f64, f64), points: u32) -> CurveRequest {
        let mut recipe = Recipe::new(Source::Scene { seed: 1 });
        recipe.operations.push(Operation::with_defaults(op).unwrap().into());
        CurveRequest {
            recipe,
            canvas_px: 448,
            question: QuestionBody { text: String::new(), options: Vec::new(), regime: RegimeName::Plain },
            model: None,
            operation: 0,
            param: param.to_owned(),
            from,
            to,
            points,
        }
    }

    #[test]
    fn every_index_comes_once_and_the_ends_first() {
        for count in 0..40 {
            let order = coarse_first(count);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..count).collect::<Vec<_>>(), "{count}");
        }
        assert_eq!(coarse_first(9), [0, 8, 4, 2, 6, 1, 3, 5, 7]);
    }

    #[test]
    fn a_flip_is_bracketed_on_either_side_of_the_identity() {
        let sweep = Sweep::new(&request("rotate", "angle_deg", (-20.0, 20.0), 5), 100).unwrap();
        assert_eq!(sweep.values(), [-20.0, -10.0, 0.0, 10.0, 20.0]);
        let [below, above] = sweep.sides(&[true, true, false, false, true]);
        assert_eq!(first_flip(&below), Some(Bracket { unflipped: 0.0, flipped: -10.0 }));
        assert_eq!(first_flip(&above), Some(Bracket { unflipped: 10.0, flipped: 20.0 }));
        assert_eq!(first_flip(&[(0.0, true), (1.0, true)]), None);
    }

    #[test]
    fn bisection_ends_at_neighbouring_whole_numbers() {
        let sweep = Sweep::new(&request("translate", "dx_px", (-16.0, 16.0), 9), 100).unwrap();
        let (mut bracket, threshold) = (Bracket { unflipped: 0.0, flipped: 8.0 }, 5.0);
        while let Some(middle) = sweep.middle(bracket) {
            if middle >= threshold { bracket.flipped = middle } else { bracket.unflipped = middle }
        }
        assert_eq!(bracket, Bracket { unflipped: 4.0, flipped: 5.0 });
    }

    #[test]
    fn impossible_sweeps_name_the_field() {
        let field = |request: &CurveRequest| match Sweep::new(request, 100) {
            Err(EngineError::Sweep { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            field(&CurveRequest { operation: 3, ..request("rotate", "angle_deg", (0.0, 1.0), 5) }),
            "operation"
        );
        assert_eq!(field(&request("rotate", "nonsense", (0.0, 1.0), 5)), "param");
        assert_eq!(field(&request("rotate", "angle_deg", (0.0, 1.0), 1)), "points");
        assert_eq!(field(&request("rotate", "angle_deg", (0.0, 1.0), 101)), "points");
        assert_eq!(field(&request("rotate", "angle_deg", (0.0, 1e9), 5)), "from");
        assert_eq!(field(&request("rotate", "angle_deg", (0.0, f64::NAN), 5)), "from");
        assert_eq!(field(&request("rotate", "angle_deg", (3.0, 3.0), 5)), "to");
    }
}
