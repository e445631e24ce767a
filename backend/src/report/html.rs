//! The report as one HTML page: tables, SVG charts, pictures, no script. Alone it is self-contained; on a server its
//! names and points lead to pages of the families and into the lab.

use super::{
    links::Links,
    template::{Style, Template, render},
};
use flipside_shared::api::{Estimate, ExampleKey, FamilyRow, Report, WorstExample, WorstKind};
use flipside_shared::chart::{ChartLabels, IntervalBar, Mark, MarkSeries, interval_bars, line_chart};
use minijinja::{Error, context};
use serde::Serialize;

/// What the page says besides the report.
pub struct PageFacts<'a> {
    /// The command that made the run.
    pub command: &'a str,
    /// Where its names and points lead.
    pub links: Links<'a>,
    /// How it is styled.
    pub style: Style,
    /// Files with every prediction: name and address.
    pub files: &'a [(&'a str, String)],
}

/// An example with the addresses of its pictures: clean and perturbed.
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
pub fn page(report: &Report, shown: &[Shown<'_>], facts: &PageFacts<'_>) -> Result<String, Error> {
    let family_links: Vec<Option<String>> =
        report.families.iter().map(|row| facts.links.family(row)).collect();
    let values = context! {
        title => format!("{} on {}", report.run.model, report.run.data),
        report => report,
        family_links => family_links,
        charts => charts(report, facts.links),
        has_prior => report.families.iter().any(|row| row.prior.is_some()),
        has_bands => report.families.iter().any(|row| !row.bands.is_empty()),
        worst => [
            group(shown, WorstKind::Flip),
            group(shown, WorstKind::HiddenDrift),
        ],
        style => facts.style,
        command => facts.command,
        files => facts.files,
        lab_url => facts.links.lab(),
    };
    render(Template::Report, &values)
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

fn charts(report: &Report, links: Links<'_>) -> Charts {
    let bars = |read: fn(&FamilyRow) -> Option<Estimate>| -> Vec<IntervalBar> {
        let bar = |row: &FamilyRow| {
            let Estimate { value, low, high } = read(row)?;
            Some(IntervalBar {
                label: row.family.clone(),
                value,
                interval: (low, high),
                href: links.family(row),
            })
        };
        report.families.iter().filter_map(bar).collect()
    };
    let ras = bars(|row| Some(row.ras.as_ref()?.ras));
    let severity: Vec<MarkSeries> = report.families.iter().filter_map(|row| severities(row, links)).collect();
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
                href: links.family(row),
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
            line_chart(ChartLabels { title: "RAS by severity", x: "severity", y: "score" }, &severity)
        }),
    }
}

/// A family whose members are severities, as a line.
fn severities(row: &FamilyRow, links: Links<'_>) -> Option<MarkSeries> {
    let mark = |member: &flipside_shared::api::MemberRow| {
        let (x, y) = (member.member.strip_prefix("severity ")?.parse().ok()?, member.ras?);
        Some(Mark {
            x,
            y,
            told: format!("{}, {}: RAS {y:.3}", row.family, member.member),
            href: member.example.as_ref().and_then(|key: &ExampleKey| links.prediction(key)),
        })
    };
    let marks: Option<Vec<Mark>> = row.members.iter().map(mark).collect();
    let marks = marks.filter(|marks| marks.len() > 1)?;
    Some(MarkSeries { name: row.family.clone(), marks })
}
