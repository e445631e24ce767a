//! What can go wrong between a request and the model, by who can mend it.

use super::question::QuestionError;
use flipside_shared::perturb::PerturbError;

/// Why the engine gave no result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EngineError {
    /// Too many requests at once; nothing was done.
    #[error("the queue is full")]
    QueueFull {
        /// When another attempt makes sense, in seconds.
        retry_after_s: u32,
    },
    /// A newer request of the same client took this one's place.
    #[error("a newer request took the place of this one")]
    Superseded,
    /// The question or its options are unusable.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// The recipe cannot be carried out.
    #[error(transparent)]
    Perturb(#[from] PerturbError),
    /// The sweep asked for does not exist.
    #[error("{reason}")]
    Sweep {
        /// The field at fault.
        field: &'static str,
        /// Why, for a person.
        reason: String,
    },
    /// The model cannot take this picture.
    #[error("{reason}")]
    PictureRefused {
        /// Why, for a person.
        reason: String,
    },
    /// The model cannot take this question.
    #[error("{reason}")]
    QuestionRefused {
        /// Why, for a person.
        reason: String,
    },
    /// The model failed on this batch; the reason is for the log.
    #[error("the model failed: {reason}")]
    ModelFailed {
        /// What happened.
        reason: String,
    },
    /// The engine has stopped.
    #[error("the engine has stopped")]
    Stopped,
}
