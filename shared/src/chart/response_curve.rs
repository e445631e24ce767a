//! The response curve: margin and drift along one parameter's range, with the flip marked.

use super::axis::{Axis, tick_label};
use super::colour::{AXIS, CLEAN, GRID, PERTURBED};
use super::svg::{Anchor, Drawing};
use crate::decimal::fixed;

/// One computed point of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurveMark {
    /// The parameter's value.
    pub value: f64,
    /// Margin of the clean answer, in nats.
    pub margin: f64,
    /// Drift in percent of the control drift.
    pub relative_drift_percent: f64,
    /// Whether the answer differs from the clean one.
    pub flipped: bool,
}

/// What a response curve shows; points may come in any order and be incomplete.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseCurve<'a> {
    /// The parameter and its unit, such as `angle (deg)`.
    pub parameter: &'a str,
    /// First and last value of the sweep.
    pub range: (f64, f64),
    /// The points so far.
    pub points: &'a [CurveMark],
    /// Smallest values that flip, as far as found.
    pub flips: &'a [f64],
    /// The value that the recipe has now.
    pub current: Option<f64>,
}

const WIDTH: f64 = 640.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 628.0;
const MARGIN_PANEL: (f64, f64) = (24.0, 164.0);
const DRIFT_PANEL: (f64, f64) = (204.0, 304.0);

/// Two panels over one axis: the margin above with its zero line, the drift below.
pub fn response_curve(curve: &ResponseCurve<'_>) -> String {
    // By insertion: a curve has few points, and a general sort weighs more than the chart.
    let mut points: Vec<CurveMark> = Vec::with_capacity(curve.points.len());
    for point in curve.points {
        points.insert(points.partition_point(|before| before.value <= point.value), *point);
    }
    let x = Axis::new(curve.range.0, curve.range.1, LEFT, RIGHT);
    let margins = Axis::covering(points.iter().map(|p| p.margin), 0.0, MARGIN_PANEL.1, MARGIN_PANEL.0);
    let drifts =
        Axis::covering(points.iter().map(|p| p.relative_drift_percent), 0.0, DRIFT_PANEL.1, DRIFT_PANEL.0);
    let mut drawing = Drawing::new(WIDTH, 348.0, &format!("Margin and drift against {}", curve.parameter));

    drawing.text("label", AXIS, (LEFT, 14.0), Anchor::Start, "margin of the clean answer (nats)");
    drawing.text("label", AXIS, (LEFT, 194.0), Anchor::Start, "drift (% of the distance between pictures)");
    for (axis, panel) in [(&margins, MARGIN_PANEL), (&drifts, DRIFT_PANEL)] {
        for tick in axis.ticks(4) {
            drawing.line("grid", GRID, (LEFT, axis.at(tick)), (RIGHT, axis.at(tick)));
            drawing.text("tick", AXIS, (LEFT - 6.0, axis.at(tick) + 4.0), Anchor::End, &tick_label(tick));
        }
        for tick in x.ticks(8) {
            drawing.line("grid", GRID, (x.at(tick), panel.0), (x.at(tick), panel.1));
        }
    }
    for tick in x.ticks(8) {
        drawing.text("tick", AXIS, (x.at(tick), 322.0), Anchor::Middle, &tick_label(tick));
    }
    drawing.text("label", AXIS, ((LEFT + RIGHT) / 2.0, 342.0), Anchor::Middle, curve.parameter);
    drawing.line("zero", AXIS, (LEFT, margins.at(0.0)), (RIGHT, margins.at(0.0)));

    for flip in curve.flips {
        drawing.line("flip", PERTURBED, (x.at(*flip), MARGIN_PANEL.0), (x.at(*flip), DRIFT_PANEL.1));
        let label = format!("flips at {}", tick_label(*flip));
        let anchor = if x.at(*flip) > (LEFT + RIGHT) / 2.0 { Anchor::End } else { Anchor::Start };
        let nudge = if matches!(anchor, Anchor::End) { -5.0 } else { 5.0 };
        drawing.text("flip-label", PERTURBED, (x.at(*flip) + nudge, 178.0), anchor, &label);
    }
    if let Some(value) = curve.current {
        drawing.line("current", AXIS, (x.at(value), MARGIN_PANEL.0), (x.at(value), DRIFT_PANEL.1));
    }
    let at = |axis: &Axis, value: fn(&CurveMark) -> f64| -> Vec<(f64, f64)> {
        points.iter().map(|p| (x.at(p.value), axis.at(value(p)))).collect()
    };
    let margin_line = at(&margins, |p| p.margin);
    let drift_line = at(&drifts, |p| p.relative_drift_percent);
    drawing.polyline("margin", CLEAN, &margin_line);
    drawing.polyline("drift", CLEAN, &drift_line);
    for (point, (on_margin, on_drift)) in points.iter().zip(margin_line.iter().zip(&drift_line)) {
        let (class, fill) = if point.flipped { ("dot flipped", PERTURBED) } else { ("dot", CLEAN) };
        let value = tick_label(point.value);
        let margin = format!("{value}: margin {}", fixed(point.margin, 3));
        drawing.dot(class, fill, *on_margin, point.value, &margin);
        let drift = format!("{value}: drift {} %", fixed(point.relative_drift_percent, 1));
        drawing.dot(class, fill, *on_drift, point.value, &drift);
    }
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(value: f64, margin: f64) -> CurveMark {
        CurveMark { value, margin, relative_drift_percent: value.abs(), flipped: margin < 0.0 }
    }

    #[test]
    fn flipped_points_and_the_flip_stand_out() {
        let points = [mark(10.0, -1.0), mark(-10.0, 2.0), mark(0.0, 3.0)];
        let svg = response_curve(&ResponseCurve {
            parameter: "angle (deg)",
            range: (-10.0, 10.0),
            points: &points,
            flips: &[7.5],
            current: Some(0.0),
        });
        assert_eq!(svg.matches("dot flipped").count(), 2);
        assert!(svg.contains("flips at 7.5") && svg.contains("class=\"current\""));
        // The lines run from left to right, whatever the order in which the points came.
        let line = svg.split("class=\"margin\" points=\"").nth(1).unwrap();
        assert!(line.starts_with("52,"));
    }

    #[test]
    fn no_points_and_hostile_names_are_fine() {
        let svg = response_curve(&ResponseCurve {
            parameter: "<b>",
            range: (0.0, 0.0),
            points: &[],
            flips: &[],
            current: None,
        });
        assert!(svg.contains("&lt;b&gt;") && !svg.contains("<b>") && !svg.contains("NaN"));
    }
}
