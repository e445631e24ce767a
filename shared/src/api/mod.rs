//! Every type that crosses HTTP, and nothing else.
//!
//! The paths are versioned (`/api/v1/...`); a field is added with a default, never renamed.

mod curve;
mod error;
mod image;
mod measure;
mod model;
mod report;
mod verdict;

pub use curve::{CurveEvent, CurvePoint, CurveRequest, FlipPoint};
pub use error::{ErrorBody, ErrorCode};
pub use image::StoredImage;
pub use measure::{MeasureEvent, MeasureRequest, TokenMaps};
pub use model::{ApiLimits, ModelSummary, ServerInfo};
pub use report::{
    AnyRow, BandRow, CategoryRow, ChannelDrift, CleanScores, CorrelationRow, Estimate, ExampleKey, FamilyRow,
    MemberRow, NamedScore, PriorRow, RasRow, Report, RunCard, RunFacts, WorstExample, WorstKind,
};
pub use verdict::{
    ControlDrift, Drift, DriftChannels, OptionScore, Prediction, QuestionBody, RegimeName, Smoothness,
    TimingsMs, Verdict, VerdictRequest,
};
