//! Lines over a common range: a score against the severity of what is done to a picture.

use super::axis::{Axis, tick_label};
use super::colour::{AXIS, GRID, SERIES};
use super::learning_curve::Series;
use super::svg::{Anchor, Drawing};

/// The words around the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineLabels<'a> {
    /// Above the chart.
    pub title: &'a str,
    /// Under the horizontal axis.
    pub x: &'a str,
    /// Of the vertical axis, beside the title.
    pub y: &'a str,
}

/// Lines with a dot at every point, over axes that cover them and 0, with a key at the right.
pub fn line_chart(labels: LineLabels<'_>, series: &[Series]) -> String {
    let points = || series.iter().flat_map(|line| line.points.iter());
    let low = points().fold(f64::INFINITY, |low, (x, _)| low.min(*x));
    let high = points().fold(f64::NEG_INFINITY, |high, (x, _)| high.max(*x));
    let x = Axis::new(low, high, 52.0, 470.0);
    let y = Axis::covering(points().map(|(_, y)| *y), 0.0, 300.0, 36.0);
    let height = 350f64.max(60.0 + 18.0 * series.len() as f64);
    let mut drawing = Drawing::new(640.0, height, labels.title);
    drawing.text("label", AXIS, (0.0, 16.0), Anchor::Start, &format!("{} ({})", labels.title, labels.y));
    for tick in y.ticks(5) {
        drawing.line("grid", GRID, (52.0, y.at(tick)), (470.0, y.at(tick)));
        drawing.text("tick", AXIS, (46.0, y.at(tick) + 4.0), Anchor::End, &tick_label(tick));
    }
    for tick in x.ticks(5) {
        drawing.line("grid", GRID, (x.at(tick), 36.0), (x.at(tick), 300.0));
        drawing.text("tick", AXIS, (x.at(tick), 318.0), Anchor::Middle, &tick_label(tick));
    }
    drawing.text("label", AXIS, (261.0, 340.0), Anchor::Middle, labels.x);
    let mut key_y = 40.0;
    for (line, colour) in series.iter().zip(SERIES.iter().cycle()) {
        let places: Vec<(f64, f64)> = line.points.iter().map(|(px, py)| (x.at(*px), y.at(*py))).collect();
        drawing.polyline("series", colour, &places);
        for (at, (px, py)) in places.iter().zip(&line.points) {
            let told = format!("{}: {} at {}", line.name, tick_label(*py), tick_label(*px));
            drawing.dot("point", colour, *at, *px, &told);
        }
        drawing.rect("key", colour, (482.0, key_y - 8.0), (12.0, 3.0), "");
        drawing.text("label", AXIS, (500.0, key_y), Anchor::Start, &line.name);
        key_y += 18.0;
    }
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_and_its_points_for_every_series() {
        let line = |name: &str| Series {
            name: name.to_owned(),
            points: (1..=5).map(|severity| (f64::from(severity), -0.1 * f64::from(severity))).collect(),
        };
        let labels = LineLabels { title: "RAS", x: "severity", y: "score" };
        let svg = line_chart(labels, &[line("fog"), line("a&b")]);
        assert_eq!((svg.matches("<polyline").count(), svg.matches("<circle").count()), (2, 10));
        assert!(svg.contains("a&amp;b") && svg.contains("severity"));
        assert!(line_chart(labels, &[]).contains("<svg"));
    }
}
