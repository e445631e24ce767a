//! Every operation there is, under one tagged type, with generic access to its parameters by key.
//!
//! The parameters, the schema and the effect of each operation live together in its own file in
//! [`crate::perturb`]; this is only the list.

use super::validate::checked_params;
use super::{OperationGroup, OperationSchema, ParamKind, ParamSchema, ParamValue, RecipeError};
use crate::json::{FromJson, Json, ToJson, Unreadable};
use crate::perturb::corruption::{Corruption, CorruptionKind};
use crate::perturb::{
    AddObject, Camera, Light, MoveObject, ObjectPose, PadCrop, RecolourObject, RemoveObject, ReplaceObject,
    Rotate, Scale, ScalePad, TextOverlay, Translate,
};
use serde::{Deserialize, Serialize};

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident { $($field:ident),* $(,)? },)*) => {
        /// One operation with its parameters; in JSON `{"op":"rotate","angle_deg":30,...}`.
        ///
        /// Deserialising one validates it.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "op", rename_all = "snake_case", try_from = "serde_json::Value")]
        pub enum Operation {
            $($(#[$doc])* $name($name),)*
            /// One of the 19 corruptions, each an operation by its own name.
            #[serde(untagged)]
            Corruption(Corruption),
        }

        impl Operation {
            /// The declarations of all operations, in the order in which to offer them within their groups.
            pub const SCHEMAS: &'static [&'static OperationSchema] =
                &with_corruptions([$(&$name::SCHEMA,)*]);

            /// This operation's declaration.
            pub fn schema(&self) -> &'static OperationSchema {
                match self {
                    $(Self::$name(_) => &$name::SCHEMA,)*
                    Self::Corruption(corruption) => corruption.kind.schema(),
                }
            }

            /// The operation called `id` with the parameters that are the fields of `params`.
            fn read(id: &str, params: &Json) -> Result<Self, Unreadable> {
                $(if id == $name::SCHEMA.id {
                    return Ok(Self::$name($name { $($field: params.field(stringify!($field))?,)* }));
                })*
                match CorruptionKind::from_id(id) {
                    Some(kind) => Ok(Self::Corruption(Corruption { kind, severity: params.field("severity")? })),
                    None => Err(Unreadable::default()),
                }
            }

            /// The parameters by key. What is not finite is null.
            fn params(&self) -> Vec<(String, Json)> {
                match self {
                    $(Self::$name(it) => vec![$(named(stringify!($field), it.$field.to_json()),)*],)*
                    Self::Corruption(it) => vec![named("severity", it.severity.to_json())],
                }
            }
        }
    };
}

/// Operations other than corruptions.
const OTHERS: usize = 14;

const fn with_corruptions(
    others: [&'static OperationSchema; OTHERS],
) -> [&'static OperationSchema; OTHERS + CorruptionKind::ALL.len()] {
    let mut all = [others[0]; OTHERS + CorruptionKind::ALL.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < OTHERS { others[at] } else { CorruptionKind::ALL[at - OTHERS].schema() };
        at += 1;
    }
    all
}

// Each with its parameters: the page's modules cannot afford a derived reader for every one.
operations! {
    /// Cyclic shift.
    Translate { dx_px, dy_px },
    /// Border or crop on all sides.
    PadCrop { n_px, fill },
    /// Bicubic scaling.
    Scale { factor, restore },
    /// Shrink onto a canvas of the old size.
    ScalePad { factor, fill },
    /// Rotation.
    Rotate { angle_deg, keep_canvas, fill },
    /// Text in a box.
    TextOverlay { kind, letter, text, x_percent, y_percent, size, text_colour, box_colour },
    /// Turn, shift or scale one object.
    ObjectPose { object, yaw_deg, pitch_deg, roll_deg, dx, dy, scale },
    /// Move the camera around the scene.
    Camera { azimuth_deg, elevation_deg, distance },
    /// Move or dim the light.
    Light { azimuth_deg, elevation_deg, intensity, softness_deg },
    /// A new object.
    AddObject { shape, colour, material, size, x, y, yaw_deg },
    /// One object fewer.
    RemoveObject { object },
    /// Another shape.
    ReplaceObject { object, shape },
    /// Another colour.
    RecolourObject { object, colour },
    /// Another place on the ground.
    MoveObject { object, x, y },
}

impl Operation {
    /// The operation with this name at its defaults.
    pub fn with_defaults(id: &str) -> Option<Self> {
        let schema = Self::SCHEMAS.iter().find(|schema| schema.id == id)?;
        let default = |param: &ParamSchema| (param.key.to_owned(), param.kind.default_value().to_json());
        Self::read(id, &Json::Object(schema.params.iter().map(default).collect())).ok()
    }

    /// Whether it edits the scene rather than the pixels.
    pub fn edits_scene(&self) -> bool {
        self.schema().group == OperationGroup::Scene
    }

    /// The value of the parameter called `key`.
    pub fn param(&self, key: &str) -> Option<ParamValue> {
        let value = self.params().into_iter().find(|(name, _)| name == key);
        value.and_then(|(_, value)| ParamValue::from_json(&value).ok())
    }

    /// The same operation with one parameter changed.
    ///
    /// # Errors
    /// When there is no such parameter, or the value is of the wrong type, not finite or out of range. Errors
    /// name step 0, since an operation by itself has no place in a stack.
    pub fn with_param(&self, key: &str, value: &ParamValue) -> Result<Self, RecipeError> {
        let op = self.schema().id;
        if let ParamValue::Number(number) = value
            && !number.is_finite()
        {
            return Err(RecipeError::NotFinite { place: format!("{key} of {op}") });
        }
        let mut params = self.params();
        match params.iter_mut().find(|(name, _)| name == key) {
            Some((_, changed)) => *changed = value.to_json(),
            None => {
                return Err(RecipeError::UnknownParameter {
                    step: 0,
                    op: op.to_owned(),
                    key: key.to_owned(),
                });
            }
        }
        Self::from_params(0, op, params)
    }

    /// Checks every parameter against the schema.
    ///
    /// # Errors
    /// As [`Operation::with_param`], naming `step`.
    pub(super) fn validate(&self, step: usize) -> Result<(), RecipeError> {
        checked_params(step, self.schema().id, &self.params()).map(|_| ())
    }

    /// Reads `{"op": ..., ...}`, validated.
    pub(super) fn from_fields(step: usize, mut fields: Vec<(String, Json)>) -> Result<Self, RecipeError> {
        let name = fields.iter().position(|(key, _)| key == "op").map(|index| fields.remove(index).1);
        match name.as_ref().and_then(Json::as_str) {
            Some(op) => Self::from_params(step, op, fields),
            None => Err(RecipeError::Malformed {
                reason: format!("step {}: the operation has no name (\"op\")", step + 1),
            }),
        }
    }

    fn from_params(step: usize, op: &str, mut params: Vec<(String, Json)>) -> Result<Self, RecipeError> {
        let schema = checked_params(step, op, &params)?;
        for (key, value) in &mut params {
            let real = |param: &ParamSchema| {
                param.key == key.as_str() && matches!(param.kind, ParamKind::Number { .. })
            };
            if let Some(number) = value.as_f64()
                && schema.params.iter().any(real)
            {
                *value = rounded(number).to_json();
            }
        }
        Self::read(schema.id, &Json::Object(params))
            .map_err(|error| RecipeError::Malformed { reason: format!("step {}: {error}", step + 1) })
    }
}

impl ToJson for Operation {
    fn to_json(&self) -> Json {
        Json::Object(self.params()).tagged("op", self.schema().id)
    }
}

impl TryFrom<serde_json::Value> for Operation {
    type Error = RecipeError;

    fn try_from(value: serde_json::Value) -> Result<Self, RecipeError> {
        match Json::from(value) {
            Json::Object(fields) => Self::from_fields(0, fields),
            _ => Err(RecipeError::Malformed { reason: "an operation is a JSON object".to_owned() }),
        }
    }
}

/// Out of line: it stands behind every parameter of every operation.
#[inline(never)]
fn named(key: &str, value: Json) -> (String, Json) {
    (key.to_owned(), value)
}

/// A parameter to six decimals: finer than anything that shows in pixels, and coarse enough that every reader of
/// JSON reads back the same number, also those that are careless with the last of seventeen digits.
fn rounded(number: f64) -> f64 {
    libm::rint(number * 1e6) / 1e6
}
