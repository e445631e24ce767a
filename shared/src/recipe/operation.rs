//! Every operation there is, under one tagged type, with generic access to its parameters by key.
//!
//! The parameters, the schema and the effect of each operation live together in its own file in
//! [`crate::perturb`]; this is only the list.

use super::validate::checked_params;
use super::{OperationGroup, OperationSchema, ParamKind, ParamValue, RecipeError};
use crate::perturb::{
    AddObject, Camera, Light, MoveObject, ObjectPose, PadCrop, RecolourObject, RemoveObject, ReplaceObject,
    Rotate, Scale, ScalePad, TextOverlay, Translate,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// One operation with its parameters; in JSON `{"op":"rotate","angle_deg":30,...}`.
        ///
        /// Deserialising one validates it.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "op", rename_all = "snake_case", try_from = "Value")]
        pub enum Operation {
            $($(#[$doc])* $name($name),)*
        }

        impl Operation {
            /// The declarations of all operations, pixel operations first, in the order in which to offer them.
            pub const SCHEMAS: &'static [&'static OperationSchema] = &[$(&$name::SCHEMA,)*];

            /// This operation's declaration.
            pub fn schema(&self) -> &'static OperationSchema {
                match self {
                    $(Self::$name(_) => &$name::SCHEMA,)*
                }
            }

            /// The operation called `id`. By name and not by serde's tag, which costs the page's modules more than
            /// all operations together.
            fn read(id: &str, params: Value) -> serde_json::Result<Self> {
                $(if id == $name::SCHEMA.id {
                    return serde_json::from_value(params).map(Self::$name);
                })*
                Err(serde::de::Error::custom("no such operation"))
            }
        }
    };
}

operations! {
    /// Cyclic shift.
    Translate,
    /// Border or crop on all sides.
    PadCrop,
    /// Bicubic scaling.
    Scale,
    /// Shrink onto a canvas of the old size.
    ScalePad,
    /// Rotation.
    Rotate,
    /// Text in a box.
    TextOverlay,
    /// Turn, shift or scale one object.
    ObjectPose,
    /// Move the camera around the scene.
    Camera,
    /// Move or dim the light.
    Light,
    /// A new object.
    AddObject,
    /// One object fewer.
    RemoveObject,
    /// Another shape.
    ReplaceObject,
    /// Another colour.
    RecolourObject,
    /// Another place on the ground.
    MoveObject,
}

impl Operation {
    /// The operation with this name at its defaults.
    pub fn with_defaults(id: &str) -> Option<Self> {
        let schema = Self::SCHEMAS.iter().find(|schema| schema.id == id)?;
        let params = schema
            .params
            .iter()
            .map(|param| (param.key.to_owned(), param.kind.default_value().to_json()))
            .collect();
        Self::read(id, Value::Object(params)).ok()
    }

    /// Whether it edits the scene rather than the pixels.
    pub fn edits_scene(&self) -> bool {
        self.schema().group == OperationGroup::Scene
    }

    /// The value of the parameter called `key`.
    pub fn param(&self, key: &str) -> Option<ParamValue> {
        self.to_map().get(key).filter(|_| key != "op").and_then(ParamValue::from_json)
    }

    /// The same operation with one parameter changed.
    ///
    /// # Errors
    /// When there is no such parameter, or the value is of the wrong type, not finite or out of range. Errors
    /// name step 0, since an operation by itself has no place in a stack.
    pub fn with_param(&self, key: &str, value: &ParamValue) -> Result<Self, RecipeError> {
        if let ParamValue::Number(number) = value
            && !number.is_finite()
        {
            return Err(RecipeError::NotFinite { place: format!("{key} of {}", self.schema().id) });
        }
        let mut params = self.to_map();
        if key == "op" || !params.contains_key(key) {
            let op = self.schema().id.to_owned();
            return Err(RecipeError::UnknownParameter { step: 0, op, key: key.to_owned() });
        }
        params.insert(key.to_owned(), value.to_json());
        Self::from_map(0, params)
    }

    /// Checks every parameter against the schema.
    ///
    /// # Errors
    /// As [`Operation::with_param`], naming `step`.
    pub(super) fn validate(&self, step: usize) -> Result<(), RecipeError> {
        checked_params(step, &self.to_map()).map(|_| ())
    }

    /// Reads `{"op": ..., ...}`, validated.
    pub(super) fn from_map(step: usize, mut params: Map<String, Value>) -> Result<Self, RecipeError> {
        let schema = checked_params(step, &params)?;
        for param in schema.params {
            if let ParamKind::Number { .. } = param.kind
                && let Some(value) = params.get_mut(param.key)
                && let Some(number) = value.as_f64()
            {
                *value = rounded(number).into();
            }
        }
        Self::read(schema.id, Value::Object(params))
            .map_err(|error| RecipeError::Malformed { reason: format!("step {}: {error}", step + 1) })
    }

    fn to_map(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            // Not reachable: every variant is a struct of numbers, text and toggles.
            _ => Map::new(),
        }
    }
}

impl TryFrom<Value> for Operation {
    type Error = RecipeError;

    fn try_from(value: Value) -> Result<Self, RecipeError> {
        match value {
            Value::Object(params) => Self::from_map(0, params),
            _ => Err(RecipeError::Malformed { reason: "an operation is a JSON object".to_owned() }),
        }
    }
}

/// A parameter to six decimals: finer than anything that shows in pixels, and coarse enough that every reader of
/// JSON reads back the same number, also those that are careless with the last of seventeen digits.
fn rounded(number: f64) -> f64 {
    libm::rint(number * 1e6) / 1e6
}
