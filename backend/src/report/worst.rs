//! What is worth a look: the surest wrong flips, and the largest movements behind an answer that stays.

use super::{lab_link::row_link, table::Row};
use flipside_shared::api::{ExampleKey, WorstExample, WorstKind};
use std::collections::BTreeSet;

/// The worst of each kind, at most `count`, no two of the same sample.
pub fn worst_examples(rows: &[Row<'_>], count: usize) -> Vec<WorstExample> {
    let drift = |row: &Row<'_>| row.entry.drift.context_cosine;
    let was_right = |row: &Row<'_>| row.sample.right.is_none_or(|right| right == row.sample.answer);
    let flips = rows.iter().filter(|row| row.flipped() && was_right(row));
    let hidden = rows.iter().filter(|row| !row.flipped());
    let mut found = first_of_each(flips.map(|row| (-row.margin(), *row)).collect(), count, WorstKind::Flip);
    found.extend(first_of_each(
        hidden.map(|row| (drift(row), *row)).collect(),
        count,
        WorstKind::HiddenDrift,
    ));
    found
}

fn first_of_each(mut scored: Vec<(f64, Row<'_>)>, count: usize, kind: WorstKind) -> Vec<WorstExample> {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut seen = BTreeSet::new();
    let distinct = scored.into_iter().filter(|(_, row)| seen.insert(row.sample.sample));
    distinct.take(count).map(|(_, row)| example(&row, kind)).collect()
}

fn example(row: &Row<'_>, kind: WorstKind) -> WorstExample {
    let option = |index: usize| row.sample.options.get(index).cloned().unwrap_or_default();
    WorstExample {
        kind,
        key: ExampleKey { sample: row.sample.sample, instance: row.entry.instance.clone() },
        id: row.sample.id.clone(),
        question: row.sample.question.clone(),
        clean_answer: option(row.sample.answer),
        perturbed_answer: option(row.entry.answer),
        right_answer: row.sample.right.map(option),
        margin: row.margin(),
        drift: row.entry.drift.context_cosine,
        link: row_link(row).unwrap_or_default(),
    }
}
