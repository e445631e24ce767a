//! HR-Bench: each question is asked once per cycle of its options; the score is the mean over cycles
//! (arXiv 2408.15556).

use crate::metrics::error::{MetricError, not_empty};
use std::collections::BTreeMap;

/// One answered row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CycleAnswer<'a> {
    /// The order of the options (`cycle_category`).
    pub cycle: &'a str,
    /// What the question is about (`category`: single or cross).
    pub category: &'a str,
    /// Whether the answer was right.
    pub right: bool,
}

/// The scores, each in [0, 1].
#[derive(Clone, Debug, PartialEq)]
pub struct CycleScores<'a> {
    /// Accuracy of each cycle over all categories.
    pub cycles: BTreeMap<&'a str, f64>,
    /// Per category, the mean over the cycles in which it occurs.
    pub categories: BTreeMap<&'a str, f64>,
    /// The score: the mean over cycles.
    pub mean: f64,
}

/// Scores all rows.
///
/// # Errors
/// No rows.
pub fn cycle_scores<'a>(answers: &[CycleAnswer<'a>]) -> Result<CycleScores<'a>, MetricError> {
    not_empty(answers)?;
    let mut categories = BTreeMap::new();
    for answer in answers {
        categories.entry(answer.category).or_insert_with(Vec::new).push(*answer);
    }
    let cycles = cycles(answers);
    Ok(CycleScores {
        mean: mean_over(&cycles),
        categories: categories
            .into_iter()
            .map(|(name, rows)| (name, mean_over(&self::cycles(&rows))))
            .collect(),
        cycles,
    })
}

fn cycles<'a>(answers: &[CycleAnswer<'a>]) -> BTreeMap<&'a str, f64> {
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for answer in answers {
        let (right, all) = counts.entry(answer.cycle).or_default();
        *right += u32::from(answer.right);
        *all += 1;
    }
    counts.into_iter().map(|(cycle, (right, all))| (cycle, f64::from(right) / f64::from(all))).collect()
}

fn mean_over(cycles: &BTreeMap<&str, f64>) -> f64 {
    cycles.values().sum::<f64>() / cycles.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two cycles of unequal size: accuracies 2/3 and 0, mean 1/3, where the plain accuracy is 2/5.
    #[test]
    fn cycles_weigh_the_same() {
        let row = |cycle, category, right| CycleAnswer { cycle, category, right };
        let found = cycle_scores(&[
            row("0", "single", true),
            row("0", "cross", true),
            row("0", "cross", false),
            row("1", "single", false),
            row("1", "cross", false),
        ])
        .unwrap();
        assert_eq!(found.mean, 1.0 / 3.0);
        assert_eq!(found.cycles, BTreeMap::from([("0", 2.0 / 3.0), ("1", 0.0)]));
        assert_eq!(found.categories, BTreeMap::from([("cross", 0.25), ("single", 0.5)]));
        assert_eq!(cycle_scores(&[]), Err(MetricError::Empty));
    }
}
