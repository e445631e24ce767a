//! A response curve: one parameter swept over its range, streamed as it is computed.

use super::QuestionBody;
use crate::json::{json_struct, json_tagged};
use crate::recipe::Recipe;
use serde::{Deserialize, Serialize};

/// The JSON part `request` of `POST /api/v1/curve` (multipart; part `clean`, PNG, only for picture sources that the
/// server asked for). The answer is a stream of server-sent events, each a [`CurveEvent`]. The server renders every
/// point itself from the recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CurveRequest {
    /// The recipe whose parameter is swept.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub recipe: Recipe,
    /// Side in pixels at which a scene source is rendered.
    pub canvas_px: u32,
    /// The question.
    pub question: QuestionBody,
    /// Name of the model; the default one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Index of the operation in the recipe.
    pub operation: usize,
    /// Key of its numeric parameter.
    pub param: String,
    /// First value, in the parameter's unit.
    pub from: f64,
    /// Last value.
    pub to: f64,
    /// Number of points, at least 2.
    pub points: u32,
}

/// One point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CurvePoint {
    /// Position in the sweep, from 0.
    pub index: u32,
    /// The parameter's value.
    pub value: f64,
    /// s(clean prediction) - max other, in nats: below zero the answer has flipped.
    pub margin: f64,
    /// Cosine distance of the context channel from the clean picture.
    pub drift: f64,
    /// The same in percent of the control drift.
    pub relative_drift_percent: f64,
    /// Index of the predicted option.
    pub answer: usize,
    /// Whether that differs from the clean prediction.
    pub flipped: bool,
}

/// The value nearest to the parameter's identity that flips the answer, by bisection between the last unflipped and
/// the first flipped point of the sweep. A flip region narrower than the sweep's spacing can be missed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlipPoint {
    /// The smallest value found that flips.
    pub value: f64,
    /// The largest value found, on the side of the identity, that does not.
    pub unflipped_value: f64,
    /// The answer there.
    pub answer: usize,
}

/// One server-sent event of a curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum CurveEvent {
    /// A point, in the order in which it was computed.
    Point(CurvePoint),
    /// The flip, found by bisection; at most one on either side of the identity.
    Flip(FlipPoint),
    /// The end.
    Done {
        /// Points computed.
        points: u32,
        /// Time in the server.
        elapsed_ms: f64,
    },
    /// The stream broke off; what was sent before stands.
    Failed(super::ErrorBody),
}

json_struct! {
    CurveRequest { recipe, canvas_px, question, model, operation, param, from, to, points }
    CurvePoint { index, value, margin, drift, relative_drift_percent, answer, flipped }
    FlipPoint { value, unflipped_value, answer }
}

json_tagged! {
    CurveEvent by "event" {
        Point = "point" (point),
        Flip = "flip" (flip),
        Done = "done" { points, elapsed_ms },
        Failed = "failed" (body),
    }
}
