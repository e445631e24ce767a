//! Points that a reader can open: what lines and clouds of them are made of.

use super::axis::tick_label;

/// One point.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Its place along the horizontal axis.
    pub x: f64,
    /// Its place along the vertical axis.
    pub y: f64,
    /// What it is, shown when it is pointed at.
    pub told: String,
    /// Where a click on it leads.
    pub href: Option<String>,
}

/// Points that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkSeries {
    /// Their name in the key.
    pub name: String,
    /// The points; a line chart joins them in this order.
    pub marks: Vec<Mark>,
}

impl MarkSeries {
    /// Points that say what they are and lead nowhere.
    pub fn plain(name: &str, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let mark = |(x, y): (f64, f64)| Mark {
            x,
            y,
            told: format!("{name}: {} at {}", tick_label(y), tick_label(x)),
            href: None,
        };
        Self { name: name.to_owned(), marks: points.into_iter().map(mark).collect() }
    }
}

/// The words around a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChartLabels<'a> {
    /// Above the chart.
    pub title: &'a str,
    /// Under the horizontal axis.
    pub x: &'a str,
    /// Of the vertical axis, beside the title.
    pub y: &'a str,
}
