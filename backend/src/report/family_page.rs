//! One family of a run as a page: every prediction as a point between drift and margin, and as a row that opens in
//! the lab.

use super::{
    links::{Links, picture_path, run_path},
    table::{Row, by_family},
    template::{Style, Template, render},
};
use crate::jobs::evaluate::Run;
use flipside_shared::api::{ExampleKey, Report};
use flipside_shared::chart::{ChartLabels, Mark, MarkSeries, scatter};
use minijinja::{Error, context};
use serde::{Deserialize, Serialize};

/// Points of the chart at most; a larger family is thinned evenly.
const MOST_POINTS: usize = 1500;
/// Rows of the table on one page.
const PAGE_ROWS: usize = 40;

/// The order of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Largest drift first.
    #[default]
    Drift,
    /// Lowest margin of the clean answer first.
    Margin,
    /// As in the data set.
    Sample,
}

#[derive(Serialize)]
struct Line {
    sample: u64,
    id: String,
    member: String,
    question: String,
    clean_answer: String,
    perturbed_answer: String,
    right: Option<bool>,
    flipped: bool,
    margin: f64,
    drift_percent: Option<f64>,
    open: Option<String>,
    pictures: [String; 2],
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct FamilyView<'a> {
    /// The run's name on the server.
    pub run_name: &'a str,
    /// The family's name.
    pub family: &'a str,
    /// Order of the table.
    pub order: Order,
    /// Page of the table, from 1.
    pub page: usize,
}

/// The page; none where the run has no such family.
///
/// # Errors
/// When the template, which is part of the program, does not fit.
pub fn family_page(run: &Run, report: &Report, view: FamilyView<'_>) -> Option<Result<String, Error>> {
    let FamilyView { run_name, family, order, page } = view;
    let row = report.families.iter().find(|row| row.family == family)?;
    let (_, mut rows) = by_family(run).into_iter().find(|(name, _)| name == family)?;
    let control = row.drift.first().map(|drift| drift.control).filter(|control| *control > 0.0);
    let links = Links::Server { run_name };
    let drift = |row: &Row<'_>| row.entry.drift.context_cosine;
    let chart = cloud(&rows, control, links);
    let drawn = rows.len().min(MOST_POINTS);
    match order {
        Order::Drift => rows.sort_by(|a, b| drift(b).total_cmp(&drift(a))),
        Order::Margin => rows.sort_by(|a, b| a.margin().total_cmp(&b.margin())),
        Order::Sample => {}
    }
    let pages = rows.len().div_ceil(PAGE_ROWS).max(1);
    let page = page.clamp(1, pages);
    let lines: Vec<Line> = rows
        .iter()
        .skip((page - 1) * PAGE_ROWS)
        .take(PAGE_ROWS)
        .map(|row| line(row, control, run_name))
        .collect();
    let members: Vec<_> = row
        .members
        .iter()
        .map(|member| {
            let open = member.example.as_ref().and_then(|key| links.prediction(key));
            context! { open => open, ..minijinja::Value::from_serialize(member) }
        })
        .collect();
    let values = context! {
        title => format!("{family} · {}", report.run.model),
        run => report.run,
        run_path => run_path(run_name),
        row => row,
        members => members,
        chart => chart,
        drawn => drawn,
        lines => lines,
        order => order,
        page => page,
        pages => pages,
        style => Style::Linked,
    };
    Some(render(Template::Family, &values))
}

fn key(row: &Row<'_>) -> ExampleKey {
    ExampleKey { sample: row.sample.sample, instance: row.entry.instance.clone() }
}

fn percent(row: &Row<'_>, control: Option<f64>) -> Option<f64> {
    Some(100.0 * row.entry.drift.context_cosine / control?)
}

fn line(row: &Row<'_>, control: Option<f64>, run_name: &str) -> Line {
    let option = |index: usize| row.sample.options.get(index).cloned().unwrap_or_default();
    let key = key(row);
    Line {
        sample: row.sample.sample,
        id: row.sample.id.clone(),
        member: row.member().to_owned(),
        question: row.sample.question.clone(),
        clean_answer: option(row.sample.answer),
        perturbed_answer: option(row.entry.answer),
        right: row.right(),
        flipped: row.flipped(),
        margin: row.margin(),
        drift_percent: percent(row, control),
        open: Links::Server { run_name }.prediction(&key),
        pictures: [true, false].map(|clean| picture_path(run_name, &key, clean)),
    }
}

/// Kept and flipped predictions between drift and margin.
fn cloud(rows: &[Row<'_>], control: Option<f64>, links: Links<'_>) -> String {
    let step = rows.len().div_ceil(MOST_POINTS).max(1);
    let marks = |flipped: bool| -> Vec<Mark> {
        let own = rows.iter().step_by(step).filter(|row| row.flipped() == flipped);
        own.map(|row| {
            let x = percent(row, control).unwrap_or(row.entry.drift.context_cosine);
            let told = format!(
                "{}, sample {}: margin {:.2}, drift {x:.3}",
                row.member(),
                row.sample.id,
                row.margin()
            );
            Mark { x, y: row.margin(), told, href: links.prediction(&key(row)) }
        })
        .collect()
    };
    let series = [("answer stays", false), ("answer flips", true)]
        .map(|(name, flipped)| MarkSeries { name: name.to_owned(), marks: marks(flipped) });
    let x = if control.is_some() {
        "drift of the context, % of the distance between pictures"
    } else {
        "drift of the context, 1 − cos"
    };
    scatter(ChartLabels { title: "Margin of the clean answer against drift", x, y: "nats" }, &series)
}
