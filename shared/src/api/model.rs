//! What the server says of itself: models and limits.

use crate::json::json_struct;
use serde::{Deserialize, Serialize};

/// A loaded model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelSummary {
    /// The name that requests use.
    pub name: String,
    /// Architecture family, such as `qwen2_5_vl`.
    pub family: String,
    /// Number of parameters.
    pub parameter_count: u64,
    /// Arithmetic type, such as `f32`.
    pub dtype: String,
    /// Where it runs: `cpu` or `cuda:0`.
    pub device: String,
    /// SHA-256 of the weights, hexadecimal.
    pub weights_sha256: String,
    /// What the model does not know, to be shown wherever it answers; empty for general models.
    pub limits: String,
}

/// The limits that a client must keep, so that it can say no before sending.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiLimits {
    /// Largest request body in bytes.
    pub max_body_bytes: u64,
    /// Most pixels of a picture before reduction.
    pub max_image_pixels: u64,
    /// Longest side after reduction, in pixels.
    pub max_side_px: u32,
    /// Largest canvas that a scene is rendered on, in pixels.
    pub max_canvas_px: u32,
    /// Longest question or option in bytes of UTF-8.
    pub max_question_bytes: u32,
    /// Most options of a question.
    pub max_options: u32,
    /// Most operations of a recipe.
    pub max_operations: u32,
    /// Most points of a response curve.
    pub max_curve_points: u32,
}

/// The answer to `GET /api/v1/info`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServerInfo {
    /// Version of the server.
    pub version: String,
    /// Loaded models; the first is the default.
    pub models: Vec<ModelSummary>,
    /// The limits in force.
    pub limits: ApiLimits,
}

json_struct! {
    ModelSummary { name, family, parameter_count, dtype, device, weights_sha256, limits }
    ApiLimits {
        max_body_bytes, max_image_pixels, max_side_px, max_canvas_px, max_question_bytes, max_options, max_operations,
        max_curve_points,
    }
    ServerInfo { version, models, limits }
}
