//! What can be wrong with a metric's input, and the checks that every metric makes first.

use thiserror::Error;

/// Why a metric has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MetricError {
    /// No values at all.
    #[error("there are no values to measure")]
    Empty,
    /// Two inputs that belong together, value by value, do not.
    #[error("{left} values stand against {right}")]
    LengthsDiffer {
        /// Length of the first input.
        left: usize,
        /// Length of the second input.
        right: usize,
    },
    /// NaN or infinite.
    #[error("value {index} is not a finite number")]
    NotFinite {
        /// Position of the first such value.
        index: usize,
    },
    /// A setting, an index or a value outside its range.
    #[error("{what} is out of range")]
    OutOfRange {
        /// What it is.
        what: &'static str,
    },
    /// The formula divides by nothing for this input.
    #[error("undefined: {why}")]
    Undefined {
        /// What is missing.
        why: &'static str,
    },
}

/// At least one value.
pub(super) fn not_empty<T>(values: &[T]) -> Result<(), MetricError> {
    if values.is_empty() { Err(MetricError::Empty) } else { Ok(()) }
}

/// As many values in both.
pub(super) fn same_length<A, B>(left: &[A], right: &[B]) -> Result<(), MetricError> {
    let (left, right) = (left.len(), right.len());
    if left == right { Ok(()) } else { Err(MetricError::LengthsDiffer { left, right }) }
}

/// At least one value, all of them finite.
pub(super) fn finite(values: &[f64]) -> Result<(), MetricError> {
    not_empty(values)?;
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(MetricError::NotFinite { index }),
        None => Ok(()),
    }
}

/// A setting that holds, or its name.
pub(super) fn in_range(holds: bool, what: &'static str) -> Result<(), MetricError> {
    if holds { Ok(()) } else { Err(MetricError::OutOfRange { what }) }
}
