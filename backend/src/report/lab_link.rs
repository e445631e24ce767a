//! From a prediction of a run to the lab's state: its exact recipe and question.

use super::table::Row;
use crate::jobs::evaluate::{PredictionEntry, Run, SampleEntry};
use flipside_shared::{
    api::ExampleKey,
    lab::{LabQuestion, LabState},
};

/// What follows `#` in the lab's address; none where the run has no such prediction or this build does not know its
/// operation.
pub fn lab_link(run: &Run, key: &ExampleKey) -> Option<String> {
    let sample = run.samples.get(&key.sample)?;
    let entry = run.predictions.get(&(key.sample, key.instance.clone()))?;
    link(sample, entry)
}

/// The same for a row.
pub fn row_link(row: &Row<'_>) -> Option<String> {
    link(row.sample, row.entry)
}

fn link(sample: &SampleEntry, entry: &PredictionEntry) -> Option<String> {
    let question = LabQuestion {
        text: sample.question.clone(),
        options: sample.options.clone(),
        regime: sample.regime,
        spec: None,
    };
    LabState { recipe: entry.recipe(&sample.source)?, question, model: None }.to_link().ok()
}
