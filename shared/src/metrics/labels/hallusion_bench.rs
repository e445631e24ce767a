//! HallusionBench (arXiv 2310.14566): aAcc over all questions, fAcc over figures of which every question is right,
//! qAcc over questions that are right on every figure.
//!
//! A figure belongs to its category, subcategory and set. Rows of category VS without a picture (`figure_id` 0) show
//! no figure and count in aAcc and qAcc alone, as in the authors' evaluation code.

use crate::metrics::error::{MetricError, not_empty};
use std::collections::BTreeMap;

/// One answered row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureAnswer<'a> {
    /// VD (the picture is needed) or VS (it only supplements).
    pub category: &'a str,
    /// Subcategory.
    pub subcategory: &'a str,
    /// Set of figures and questions that belong together.
    pub set_id: u32,
    /// Figure in the set, 0 for the original, or none at all under VS.
    pub figure_id: u32,
    /// Question in the set.
    pub question_id: u32,
    /// Whether the answer was right.
    pub right: bool,
}

/// The three scores, each in [0, 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FigureScores {
    /// aAcc: the share of right answers.
    pub all: f64,
    /// fAcc: the share of figures with right answers only; none when no row shows a figure.
    pub per_figure: Option<f64>,
    /// qAcc: the share of questions with right answers only.
    pub per_question: f64,
}

/// Scores all rows.
///
/// # Errors
/// No rows.
pub fn figure_scores(answers: &[FigureAnswer<'_>]) -> Result<FigureScores, MetricError> {
    not_empty(answers)?;
    let (mut figures, mut questions) = (BTreeMap::new(), BTreeMap::new());
    for row in answers {
        let set = (row.category, row.subcategory, row.set_id);
        *questions.entry((set, row.question_id)).or_insert(true) &= row.right;
        if row.category != "VS" || row.figure_id != 0 {
            *figures.entry((set, row.figure_id)).or_insert(true) &= row.right;
        }
    }
    let right = answers.iter().filter(|row| row.right).count();
    Ok(FigureScores {
        all: right as f64 / answers.len() as f64,
        per_figure: (!figures.is_empty()).then(|| whole(&figures)),
        per_question: whole(&questions),
    })
}

/// The share of groups in which everything is right.
fn whole<K>(groups: &BTreeMap<K, bool>) -> f64 {
    groups.values().filter(|right| **right).count() as f64 / groups.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One set: figures 0 and 1, questions 0 and 1, right but for question 1 on figure 1.
    #[test]
    fn hand_counted() {
        let row = |category, figure_id, question_id, right| FigureAnswer {
            category,
            subcategory: "chart",
            set_id: 0,
            figure_id,
            question_id,
            right,
        };
        let mut rows =
            vec![row("VD", 0, 0, true), row("VD", 0, 1, true), row("VD", 1, 0, true), row("VD", 1, 1, false)];
        let found = figure_scores(&rows).unwrap();
        assert_eq!(found, FigureScores { all: 0.75, per_figure: Some(0.5), per_question: 0.5 });
        // A supplement without a picture adds a question and no figure.
        rows.push(row("VS", 0, 0, true));
        let found = figure_scores(&rows).unwrap();
        assert_eq!(found, FigureScores { all: 0.8, per_figure: Some(0.5), per_question: 2.0 / 3.0 });
        assert_eq!(figure_scores(&rows[4..]).unwrap().per_figure, None);
        assert_eq!(figure_scores(&[]), Err(MetricError::Empty));
    }
}
