//! A learning curve: accuracies against training time or steps, one line per question kind.

use super::axis::{Axis, tick_label};
use super::colour::{AXIS, GRID, SERIES};
use super::svg::{Anchor, Drawing};

/// One named line.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Its name in the key.
    pub name: String,
    /// (x, y) in rising x; y in 0..1.
    pub points: Vec<(f64, f64)>,
}

/// Lines between 0 and 1 over a common axis named `x_label`, with a key at the right.
pub fn learning_curve(title: &str, x_label: &str, series: &[Series]) -> String {
    let last = series.iter().flat_map(|s| s.points.last()).fold(1.0f64, |last, (x, _)| last.max(*x));
    let (x, y) = (Axis::new(0.0, last, 44.0, 500.0), Axis::new(0.0, 1.0, 300.0, 30.0));
    let mut drawing = Drawing::new(640.0, 350.0, title);
    drawing.text("label", AXIS, (44.0, 16.0), Anchor::Start, title);
    for tick in y.ticks(5) {
        drawing.line("grid", GRID, (44.0, y.at(tick)), (500.0, y.at(tick)));
        drawing.text("tick", AXIS, (38.0, y.at(tick) + 4.0), Anchor::End, &tick_label(tick));
    }
    for tick in x.ticks(6) {
        drawing.line("grid", GRID, (x.at(tick), 30.0), (x.at(tick), 300.0));
        drawing.text("tick", AXIS, (x.at(tick), 318.0), Anchor::Middle, &tick_label(tick));
    }
    drawing.text("label", AXIS, (272.0, 340.0), Anchor::Middle, x_label);
    for ((line, colour), row) in series.iter().zip(SERIES.iter().cycle()).zip(0u32..) {
        let points: Vec<(f64, f64)> = line.points.iter().map(|(px, py)| (x.at(*px), y.at(*py))).collect();
        drawing.polyline("series", colour, &points);
        let key_y = 40.0 + 20.0 * f64::from(row);
        drawing.rect("key", colour, (512.0, key_y - 8.0), (12.0, 3.0), "");
        let final_value = line.points.last().map_or(String::new(), |(_, value)| format!(" {value:.2}"));
        drawing.text("label", AXIS, (530.0, key_y), Anchor::Start, &format!("{}{final_value}", line.name));
    }
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_series_is_drawn_and_named() {
        let series: Vec<Series> = ["existence", "count"]
            .map(|name| Series { name: name.to_owned(), points: vec![(0.0, 0.5), (100.0, 0.9)] })
            .to_vec();
        let svg = learning_curve("Accuracy", "minutes", &series);
        assert_eq!(svg.matches("<polyline").count(), 2);
        assert!(svg.contains("existence 0.90") && svg.contains("points=\"44,165 500,57\""));
    }

    #[test]
    fn empty_is_an_empty_chart() {
        assert!(learning_curve("Accuracy", "minutes", &[]).contains("minutes"));
    }
}
