//! Bars with their confidence intervals, one row each: rates of several perturbations side by side.

use super::axis::{Axis, tick_label};
use super::colour::{AXIS, CLEAN, GRID};
use super::svg::{Anchor, Drawing};

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalBar {
    /// What it is.
    pub label: String,
    /// The number; the bar goes to it from 0.
    pub value: f64,
    /// Both ends of its interval.
    pub interval: (f64, f64),
    /// Where a click on it leads.
    pub href: Option<String>,
}

/// Horizontal bars from 0, each with a whisker, over a common axis named `x_label`.
pub fn interval_bars(title: &str, x_label: &str, bars: &[IntervalBar]) -> String {
    const ROW: f64 = 20.0;
    const LEFT: f64 = 150.0;
    let bottom = 30.0 + ROW * bars.len() as f64;
    let ends = bars.iter().flat_map(|bar| [bar.value, bar.interval.0, bar.interval.1]);
    let x = Axis::covering(ends, 0.0, LEFT, 590.0);
    let mut drawing = Drawing::new(640.0, bottom + 40.0, title);
    drawing.text("label", AXIS, (0.0, 16.0), Anchor::Start, title);
    for tick in x.ticks(6) {
        drawing.line("grid", GRID, (x.at(tick), 26.0), (x.at(tick), bottom));
        drawing.text("tick", AXIS, (x.at(tick), bottom + 16.0), Anchor::Middle, &tick_label(tick));
    }
    drawing.text("label", AXIS, (370.0, bottom + 34.0), Anchor::Middle, x_label);
    let mut y = 30.0;
    for bar in bars {
        let (low, high) = bar.interval;
        let told = format!("{}: {:.3} ({low:.3} to {high:.3})", bar.label, bar.value);
        let (from, to) = (x.at(bar.value.min(0.0)), x.at(bar.value.max(0.0)));
        drawing.linked(bar.href.as_deref(), |drawing| {
            drawing.text("option", AXIS, (LEFT - 8.0, y + 13.0), Anchor::End, &bar.label);
            drawing.rect("clean", CLEAN, (from, y + 4.0), (to - from, 11.0), &told);
        });
        let middle = y + 9.5;
        drawing.line("whisker", AXIS, (x.at(low), middle), (x.at(high), middle));
        for end in [low, high] {
            drawing.line("whisker", AXIS, (x.at(end), middle - 3.0), (x.at(end), middle + 3.0));
        }
        y += ROW;
    }
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_and_a_whisker_a_row_also_below_zero() {
        let bar = |label: &str, value: f64| IntervalBar {
            label: label.to_owned(),
            value,
            interval: (value - 0.1, value + 0.1),
            href: Some(format!("/{value}")),
        };
        let svg = interval_bars("RAS", "score", &[bar("fog", -0.4), bar("<snow>", 0.2)]);
        assert_eq!((svg.matches("<rect").count(), svg.matches("whisker").count()), (2, 6));
        assert!(svg.contains(r#"<a href="/-0.4""#));
        assert!(svg.contains("&lt;snow&gt;: 0.200 (0.100 to 0.300)"));
        assert!(interval_bars("RAS", "score", &[]).contains("<svg"));
    }
}
