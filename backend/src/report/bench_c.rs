//! A chosen benchmark as one self-contained HTML page: what the choice is worth, what it is made of, and its beginning.

use super::{
    data_words,
    template::{Style, Template, render},
};
use crate::jobs::bench_c::{BenchC, Measure, ModelRow};
use flipside_shared::{
    api::Estimate,
    chart::{IntervalBar, interval_bars},
};
use minijinja::{Error, context};
use serde::Serialize;
use std::collections::BTreeMap;

/// Samples on the page; all are in `bench-c.json`.
const SAMPLES_SHOWN: usize = 30;

/// A category's part of all samples and of the chosen ones.
#[derive(Serialize)]
struct CategoryShare {
    category: String,
    candidates: usize,
    chosen: usize,
}

/// The page; `command` is the one that built the benchmark.
///
/// # Errors
/// When the template, which is part of the program, does not fit.
pub fn page(bench: &BenchC, command: &str) -> Result<String, Error> {
    let chosen = bench.chosen();
    let data = data_words(&bench.source.data);
    let values = context! {
        title => format!("{} samples of {data}", bench.settings.size),
        bench,
        data,
        command,
        charts => charts(bench),
        categories => categories(bench),
        candidates => bench.samples.len(),
        shown => &chosen[..chosen.len().min(SAMPLES_SHOWN)],
        style => Style::Inside,
    };
    render(Template::BenchC, &values)
}

fn charts(bench: &BenchC) -> [String; 3] {
    let bar = |label: &str, Estimate { value, low, high }: Estimate| IntervalBar {
        label: label.to_owned(),
        value,
        interval: (low, high),
        href: None,
    };
    let advantage = |measure: &Measure| bar(&measure.name, measure.advantage);
    let over = |read: fn(&ModelRow) -> Estimate| -> Vec<IntervalBar> {
        bench.comparison.models.iter().map(|row| bar(&row.model.label, read(row))).collect()
    };
    let random =
        |row: &ModelRow| Estimate { value: row.random.mean, low: row.random.low, high: row.random.high };
    let accuracy = "accuracy under corruption";
    [
        interval_bars(
            "The chosen set less random sets",
            "difference; whisker: 95 % of random sets",
            &bench.comparison.measures.iter().map(advantage).collect::<Vec<_>>(),
        ),
        interval_bars("Models on the chosen set", accuracy, &over(|row| row.chosen)),
        interval_bars("Models on random sets of its size", accuracy, &over(random)),
    ]
}

fn categories(bench: &BenchC) -> Vec<CategoryShare> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for sample in &bench.samples {
        for category in &sample.categories {
            let (candidates, chosen) = counts.entry(category).or_default();
            *candidates += 1;
            *chosen += usize::from(sample.rank.is_some());
        }
    }
    let share = |(category, (candidates, chosen)): (&str, (usize, usize))| CategoryShare {
        category: category.to_owned(),
        candidates,
        chosen,
    };
    counts.into_iter().map(share).collect()
}
