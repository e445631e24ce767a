//! Every metric of the one picture at hand that takes the model: asked for beside a verdict, streamed as it is computed.

use super::{ErrorBody, QuestionBody};
use crate::json::{json_struct, json_tagged};
use crate::metrics::at_hand::Measured;
use crate::recipe::Recipe;
use serde::{Deserialize, Serialize};

/// The JSON part `request` of `POST /api/v1/measure` (multipart; part `clean`, PNG, only for picture sources that the
/// server asked for). The answer is a stream of server-sent events, each a [`MeasureEvent`]. The server renders the
/// perturbed picture itself from the recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MeasureRequest {
    /// The recipe of the perturbed picture.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub recipe: Recipe,
    /// Side in pixels at which a scene source is rendered.
    pub canvas_px: u32,
    /// The question.
    pub question: QuestionBody,
    /// Name of the model; the default one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Index of the true option of both pictures, where the client knows it. Nothing is stored that rests on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truth: Option<usize>,
    /// Whether to ask the model also about the perturbed picture without high or low frequencies and under noise of one
    /// band: 70 pictures more.
    pub frequencies: bool,
}

/// What the vision tokens do, cell by cell of the perturbed picture's grid, row-major.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenMaps {
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub columns: u32,
    /// Dirichlet energy of each token.
    pub energy: Vec<f32>,
    /// 1 - cosine between each clean and perturbed token; empty where the two grids differ.
    pub drift: Vec<f32>,
}

/// One server-sent event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum MeasureEvent {
    /// Values, each sent once.
    Values {
        /// They.
        values: Vec<Measured>,
    },
    /// The maps, once.
    Maps(TokenMaps),
    /// The end.
    Done {
        /// Time in the server.
        elapsed_ms: f64,
    },
    /// The stream broke off; what was sent before stands.
    Failed(ErrorBody),
}

json_struct! {
    MeasureRequest { recipe, canvas_px, question, model, truth, frequencies }
    TokenMaps { rows, columns, energy, drift }
}

json_tagged! {
    MeasureEvent by "event" {
        Values = "values" { values },
        Maps = "maps" (maps),
        Done = "done" { elapsed_ms },
        Failed = "failed" (body),
    }
}
