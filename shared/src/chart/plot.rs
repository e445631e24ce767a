//! Points over two axes, joined by lines or not: a score against the severity of what is done to a picture, or every
//! prediction of a family.

use super::axis::{Axis, tick_label};
use super::colour::{AXIS, GRID, SERIES};
use super::marks::{ChartLabels, MarkSeries};
use super::svg::{Anchor, Drawing};

/// Lines with a dot at every point, over axes that cover them, the vertical one with 0, and a key at the right.
pub fn line_chart(labels: ChartLabels<'_>, series: &[MarkSeries]) -> String {
    chart(labels, series, true)
}

/// A cloud of dots for every series, over axes that cover them and 0, and a key at the right.
pub fn scatter(labels: ChartLabels<'_>, series: &[MarkSeries]) -> String {
    chart(labels, series, false)
}

fn chart(labels: ChartLabels<'_>, series: &[MarkSeries], joined: bool) -> String {
    let marks = || series.iter().flat_map(|series| series.marks.iter());
    let x = if joined {
        let low = marks().fold(f64::INFINITY, |low, mark| low.min(mark.x));
        let high = marks().fold(f64::NEG_INFINITY, |high, mark| high.max(mark.x));
        Axis::new(low, high, 52.0, 470.0)
    } else {
        Axis::covering(marks().map(|mark| mark.x), 0.0, 52.0, 470.0)
    };
    let y = Axis::covering(marks().map(|mark| mark.y), 0.0, 300.0, 36.0);
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
    for (one, colour) in series.iter().zip(SERIES.iter().cycle()) {
        let places: Vec<(f64, f64)> = one.marks.iter().map(|mark| (x.at(mark.x), y.at(mark.y))).collect();
        if joined {
            drawing.polyline("series", colour, &places);
        }
        for (at, mark) in places.iter().zip(&one.marks) {
            drawing.linked(mark.href.as_deref(), |drawing| {
                drawing.dot("point", colour, *at, mark.x, &mark.told)
            });
        }
        drawing.rect("key", colour, (482.0, key_y - 8.0), (12.0, 3.0), "");
        drawing.text("label", AXIS, (500.0, key_y), Anchor::Start, &one.name);
        key_y += 18.0;
    }
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Mark;

    fn series(name: &str) -> MarkSeries {
        let mark = |severity: u32| Mark {
            x: f64::from(severity),
            y: -0.1 * f64::from(severity),
            told: format!("{name} at {severity}"),
            href: (severity == 3).then(|| "/lab".to_owned()),
        };
        MarkSeries { name: name.to_owned(), marks: (1..=5).map(mark).collect() }
    }

    const LABELS: ChartLabels<'_> = ChartLabels { title: "RAS", x: "severity", y: "score" };

    #[test]
    fn a_line_and_its_points_for_every_series() {
        let svg = line_chart(LABELS, &[series("fog"), series("a&b")]);
        assert_eq!((svg.matches("<polyline").count(), svg.matches("<circle").count()), (2, 10));
        assert!(svg.contains("a&amp;b at 2") && svg.contains("severity"));
        assert_eq!(svg.matches(r#"<a href="/lab""#).count(), 2);
        assert!(line_chart(LABELS, &[]).contains("<svg"));
    }

    #[test]
    fn a_cloud_is_not_joined_and_shows_the_origin() {
        let svg = scatter(LABELS, &[series("kept")]);
        assert_eq!((svg.matches("<polyline").count(), svg.matches("<circle").count()), (0, 5));
        assert!(svg.contains(">0</text>"));
        assert!(scatter(LABELS, &[]).contains("<svg"));
    }
}
