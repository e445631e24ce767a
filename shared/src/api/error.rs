//! The one error body of the API.

use crate::json::{json_struct, json_words};
use serde::{Deserialize, Serialize};

/// What went wrong, by who can mend it. The HTTP status follows from the code alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The body or a part of it is not what the path takes (400).
    MalformedRequest,
    /// The recipe does not parse or breaks its schema (422).
    InvalidRecipe,
    /// The recipe was written by a newer Flipside (422).
    NewerRecipe,
    /// The question or its options are unusable (422).
    InvalidQuestion,
    /// The sweep of a response curve is impossible (422).
    InvalidSweep,
    /// The picture cannot be decoded (422).
    InvalidImage,
    /// The picture's dimensions are beyond the limit (413).
    ImageTooLarge,
    /// The body is beyond the limit (413).
    BodyTooLarge,
    /// The media type is not taken here (415).
    UnsupportedMediaType,
    /// No picture is stored under that id (404).
    ImageNotFound,
    /// The server does not hold the clean picture: send it along (409).
    CleanImageNeeded,
    /// No such model is loaded (404).
    ModelNotFound,
    /// No such path (404).
    NotFound,
    /// The request came from another site's page (403).
    CrossOrigin,
    /// The path takes another method (405).
    MethodNotAllowed,
    /// The queue is full: try again after `retry_after_s` (503).
    QueueFull,
    /// The request waited or ran too long (504).
    TimedOut,
    /// A newer request of the same client took its place (409).
    Superseded,
    /// The server is stopping (503).
    ShuttingDown,
    /// The model is being loaded again after a failure: try again after `retry_after_s` (503).
    NotReady,
    /// The disk space for shared pictures is used up (507).
    StoreFull,
    /// The model failed on this input (500).
    ModelFailed,
    /// Anything else; the log has it under the request id (500).
    Internal,
}

/// The body of every answer that is not a success.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// The typed reason.
    pub code: ErrorCode,
    /// A finer, stable name within the code, such as `recipe_out_of_range` or `image_truncated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// One sentence for a person, in English.
    pub message: String,
    /// The field or part at fault, where one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// When to try again, in seconds, where that helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
    /// The request's id, as in the `x-request-id` header and the log.
    pub request_id: String,
}

json_words! {
    ErrorCode {
        MalformedRequest = "malformed_request",
        InvalidRecipe = "invalid_recipe",
        NewerRecipe = "newer_recipe",
        InvalidQuestion = "invalid_question",
        InvalidSweep = "invalid_sweep",
        InvalidImage = "invalid_image",
        ImageTooLarge = "image_too_large",
        BodyTooLarge = "body_too_large",
        UnsupportedMediaType = "unsupported_media_type",
        ImageNotFound = "image_not_found",
        CleanImageNeeded = "clean_image_needed",
        ModelNotFound = "model_not_found",
        NotFound = "not_found",
        CrossOrigin = "cross_origin",
        MethodNotAllowed = "method_not_allowed",
        QueueFull = "queue_full",
        TimedOut = "timed_out",
        Superseded = "superseded",
        ShuttingDown = "shutting_down",
        NotReady = "not_ready",
        StoreFull = "store_full",
        ModelFailed = "model_failed",
        Internal = "internal",
    }
}

json_struct! {
    ErrorBody { code, reason, message, field, retry_after_s, request_id }
}
