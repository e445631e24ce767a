//! What a visitor can do to the lab's state, as values, and the doing of it.
//!
//! An edit that makes no sense (a step that is not there, a value out of range) leaves the state as it is: the
//! controls keep to the schema, so only a late click can send one.

use flipside_shared::decimal::within;
use flipside_shared::lab::{LabQuestion, LabState};
use flipside_shared::recipe::{Operation, ParamValue, Source, Step};

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Appends the operation with this name at its defaults.
    AddStep(&'static str),
    /// Takes a step out.
    RemoveStep(usize),
    /// Repeats a step after itself.
    DuplicateStep(usize),
    /// Moves a step so that it stands at `to` afterwards.
    MoveStep {
        /// Where it is.
        from: usize,
        /// Where it will be.
        to: usize,
    },
    /// Switches a step off or on.
    ToggleStep(usize),
    /// Gives a parameter a value; numbers are brought into range first.
    SetParam {
        /// Index of the step.
        step: usize,
        /// The parameter.
        key: &'static str,
        /// Its value.
        value: ParamValue,
    },
    /// Takes every step out.
    ClearSteps,
    /// Sets the seed of everything random in the operations.
    SetSeed(u64),
    /// Another clean picture. Steps that it cannot take are switched off or, for scene edits on a picture, dropped.
    SetSource(Source),
    /// Another question.
    SetQuestion(LabQuestion),
    /// A question while it is typed: a run of these is one undo entry.
    TypeQuestion(LabQuestion),
    /// Another model.
    SetModel(Option<String>),
    /// Everything at once: a preset or a link.
    Replace(LabState),
}

/// Which run of edits an edit belongs to, for undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeKey {
    /// Index of the step; `usize::MAX` for the question.
    pub step: usize,
    /// The parameter or field.
    pub key: String,
}

impl Edit {
    /// The run that the edit belongs to, when it is of a kind that comes in runs.
    pub fn merge_key(&self) -> Option<MergeKey> {
        match self {
            Self::SetParam { step, key, value: ParamValue::Number(_) | ParamValue::Text(_) } => {
                Some(MergeKey { step: *step, key: (*key).to_owned() })
            }
            Self::TypeQuestion(_) => Some(MergeKey { step: usize::MAX, key: "question".to_owned() }),
            _ => None,
        }
    }

    /// The state after the edit.
    pub fn apply(self, before: &LabState) -> LabState {
        let mut lab = before.clone();
        let steps = &mut lab.recipe.operations;
        match self {
            Self::AddStep(id) => steps.extend(Operation::with_defaults(id).map(Step::from)),
            Self::RemoveStep(index) if index < steps.len() => {
                steps.remove(index);
            }
            Self::DuplicateStep(index) if index < steps.len() => {
                steps.insert(index + 1, steps[index].clone())
            }
            Self::MoveStep { from, to } if from < steps.len() && to < steps.len() => {
                let step = steps.remove(from);
                steps.insert(to, step);
            }
            Self::ToggleStep(index) => {
                if let Some(step) = steps.get_mut(index) {
                    step.enabled = !step.enabled;
                }
            }
            Self::SetParam { step, key, value } => {
                if let Some(step) = steps.get_mut(step)
                    && let Ok(operation) =
                        step.operation.with_param(key, &in_range(&step.operation, key, value))
                {
                    step.operation = operation;
                }
            }
            Self::ClearSteps => steps.clear(),
            Self::SetSeed(seed) => lab.recipe.seed = seed,
            Self::SetSource(source) => {
                if matches!(source, Source::Image { .. }) {
                    steps.retain(|step| !step.operation.edits_scene());
                    lab.question.spec = None;
                }
                lab.recipe.source = source;
            }
            Self::SetQuestion(question) | Self::TypeQuestion(question) => lab.question = question,
            Self::SetModel(model) => lab.model = model,
            Self::Replace(state) => lab = state,
            Self::RemoveStep(_) | Self::DuplicateStep(_) | Self::MoveStep { .. } => {}
        }
        lab
    }
}

/// The value within the parameter's declared range, and whole where it must be.
fn in_range(operation: &Operation, key: &str, value: ParamValue) -> ParamValue {
    use flipside_shared::recipe::ParamKind::{Integer, Object};
    let schema = operation.schema().params.iter().find(|param| param.key == key);
    match (schema.map(|param| &param.kind), value) {
        (Some(kind), ParamValue::Number(number)) if number.is_finite() => {
            let whole = matches!(kind, Integer { .. } | Object);
            let number = if whole { number.round() } else { number };
            ParamValue::Number(kind.range().map_or(number, |(min, max)| within(number, min, max)))
        }
        (_, value) => value,
    }
}
