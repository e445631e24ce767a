//! The report as one self-contained HTML page: tables, SVG charts, pictures, no script, nothing loaded from
//! elsewhere.

use flipside_shared::api::{Estimate, FamilyRow, Report, WorstExample, WorstKind};
use flipside_shared::chart::{IntervalBar, LineLabels, Series, interval_bars, line_chart};
use minijinja::{AutoEscape, Environment, Value, context};
use serde::Serialize;

/// What the page says besides the report.
pub struct PageFacts<'a> {
    /// The command that made the run.
    pub command: &'a str,
    /// Address of a lab for the examples' links, without a slash at its end.
    pub lab_url: &'a str,
}

/// An example with its pictures as data addresses: clean and perturbed.
pub struct Shown<'a> {
    /// The example.
    pub example: &'a WorstExample,
    /// Its pictures, where they are at hand.
    pub pictures: Option<[String; 2]>,
}

#[derive(Serialize)]
struct Group {
    title: &'static str,
    about: &'static str,
    examples: Vec<Card>,
}

#[derive(Serialize)]
struct Card {
    #[serde(flatten)]
    example: WorstExample,
    instance: String,
    pictures: Option<[String; 2]>,
}

#[derive(Serialize)]
struct Charts {
    flips: String,
    drift: String,
    ras: Option<String>,
    severity: Option<String>,
}

/// The page.
///
/// # Errors
/// When the template, which is part of the program, does not fit the report.
pub fn page(report: &Report, shown: &[Shown<'_>], facts: &PageFacts<'_>) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("number", number);
    environment.add_filter("share", |value: Value| number(value, 3));
    environment.add_filter("estimate", estimate);
    environment.add_template("report", include_str!("page/report.html"))?;
    environment.get_template("report")?.render(context! {
        report => report,
        charts => charts(report),
        worst => [
            group(shown, WorstKind::Flip),
            group(shown, WorstKind::HiddenDrift),
        ],
        style => Value::from_safe_string(include_str!("page/report.css").to_owned()),
        command => facts.command,
        lab_url => facts.lab_url,
    })
}

fn group(shown: &[Shown<'_>], kind: WorstKind) -> Group {
    let (title, about) = match kind {
        WorstKind::Flip => {
            ("The surest flips", "Right on the clean picture, and surest of something else afterwards.")
        }
        WorstKind::HiddenDrift => {
            ("The largest hidden drift", "The answer stays; the representation moves furthest.")
        }
    };
    let card = |one: &Shown<'_>| Card {
        example: one.example.clone(),
        instance: one.example.key.instance.clone(),
        pictures: one.pictures.clone(),
    };
    Group { title, about, examples: shown.iter().filter(|one| one.example.kind == kind).map(card).collect() }
}

fn charts(report: &Report) -> Charts {
    let bars = |read: fn(&FamilyRow) -> Option<Estimate>| -> Vec<IntervalBar> {
        let bar = |row: &FamilyRow| {
            let Estimate { value, low, high } = read(row)?;
            Some(IntervalBar { label: row.family.clone(), value, interval: (low, high) })
        };
        report.families.iter().filter_map(bar).collect()
    };
    let ras = bars(|row| Some(row.ras.as_ref()?.ras));
    let severity: Vec<Series> = report.families.iter().filter_map(severities).collect();
    let drift: Vec<IntervalBar> = report
        .families
        .iter()
        .filter_map(|row| {
            let context = row.drift.first()?;
            let kept = 100.0 * context.kept? / context.control;
            let all = context.relative_percent?;
            Some(IntervalBar {
                label: row.family.clone(),
                value: kept,
                interval: (kept.min(all), kept.max(all)),
            })
        })
        .filter(|bar| bar.value.is_finite())
        .collect();
    Charts {
        flips: interval_bars("Instance flip rate", "IFR", &bars(|row| Some(row.ifr))),
        drift: interval_bars(
            "Drift of the context where the answer stays (whisker: over all)",
            "% of the distance between pictures",
            &drift,
        ),
        ras: (!ras.is_empty()).then(|| interval_bars("RAS", "score", &ras)),
        severity: (!severity.is_empty()).then(|| {
            line_chart(LineLabels { title: "RAS by severity", x: "severity", y: "score" }, &severity)
        }),
    }
}

/// A family whose members are severities, as a line.
fn severities(row: &FamilyRow) -> Option<Series> {
    let points: Option<Vec<(f64, f64)>> = row
        .members
        .iter()
        .map(|member| Some((member.member.strip_prefix("severity ")?.parse().ok()?, member.ras?)))
        .collect();
    let points = points.filter(|points| points.len() > 1)?;
    Some(Series { name: row.family.clone(), points })
}

/// A number with some decimals; a dash where there is none.
fn number(value: Value, decimals: usize) -> String {
    match f64::try_from(value) {
        Ok(value) if value.is_finite() => format!("{value:.decimals$}"),
        _ => "–".to_owned(),
    }
}

/// An estimate with its interval.
fn estimate(value: Value) -> String {
    let part = |name: &str| value.get_attr(name).map_or_else(|_| "–".to_owned(), |part| number(part, 3));
    if value.is_none() {
        return "–".to_owned();
    }
    format!("{} [{}, {}]", part("value"), part("low"), part("high"))
}
