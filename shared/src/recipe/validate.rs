//! From untrusted JSON to a recipe that every operation can trust: parse, then check shape, version, limits and
//! each parameter against its schema, and name the first thing that is wrong.

use super::{
    Operation, OperationSchema, ParamKind, ParamSchema, RECIPE_VERSION, Recipe, RecipeError, Source, Step,
};
use crate::json::{self, FromJson, Json, Unreadable};
use crate::raster::ImageId;

/// Bounds on what a recipe may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecipeLimits {
    /// Longest JSON in bytes.
    pub max_bytes: usize,
    /// Most operations, disabled ones included.
    pub max_operations: usize,
}

impl Default for RecipeLimits {
    fn default() -> Self {
        Self { max_bytes: 1 << 20, max_operations: 64 }
    }
}

/// Longest side in pixels of a source picture.
const MAX_SOURCE_SIDE_PX: u64 = 1 << 16;

impl Recipe {
    /// Reads and validates a recipe within the default limits.
    ///
    /// # Errors
    /// The first thing wrong with it.
    pub fn from_json(text: &str) -> Result<Self, RecipeError> {
        Self::from_json_within(text, RecipeLimits::default())
    }

    /// Reads and validates a recipe within the given limits.
    ///
    /// # Errors
    /// The first thing wrong with it.
    pub fn from_json_within(text: &str, limits: RecipeLimits) -> Result<Self, RecipeError> {
        if text.len() > limits.max_bytes {
            return Err(RecipeError::TooLong { bytes: text.len(), limit_bytes: limits.max_bytes });
        }
        Self::from_value(parse(text)?, limits)
    }

    /// Reads and validates a recipe that is JSON already.
    ///
    /// # Errors
    /// The first thing wrong with it.
    pub fn from_value(value: impl Into<Json>, limits: RecipeLimits) -> Result<Self, RecipeError> {
        Self::from_document(value.into(), limits)
    }

    fn from_document(document: Json, limits: RecipeLimits) -> Result<Self, RecipeError> {
        let Json::Object(mut fields) = document else {
            return Err(malformed("it is not a JSON object"));
        };
        let version = take(&mut fields, "version")?;
        let version = version.as_u64().ok_or_else(|| malformed("its version is not a whole number"))?;
        // Before anything else: a newer format may differ in every other field.
        if version > u64::from(RECIPE_VERSION) {
            return Err(RecipeError::NewerVersion { found: version, supported: RECIPE_VERSION });
        }
        if version != u64::from(RECIPE_VERSION) {
            return Err(malformed("there is no format version 0"));
        }
        let source = read_source(&take(&mut fields, "source")?)
            .map_err(|error| malformed(&format!("its source: {error}")))?;
        let seed = take(&mut fields, "seed")?;
        let seed = seed.as_u64().ok_or_else(|| malformed("its seed is not a whole number of 64 bits"))?;
        let Json::List(steps) = take(&mut fields, "operations")? else {
            return Err(malformed("its operations are not a list"));
        };
        if let Some((key, _)) = fields.first() {
            return Err(malformed(&format!("it has an unknown field {:?}", shortened(key))));
        }
        check_count(steps.len(), limits)?;
        let operations = steps
            .into_iter()
            .enumerate()
            .map(|(index, step)| read_step(index, step))
            .collect::<Result<_, _>>()?;
        let recipe = Self { version: RECIPE_VERSION, source, operations, seed };
        recipe.check_source()?;
        Ok(recipe)
    }

    /// Validates a recipe built in memory.
    ///
    /// # Errors
    /// As [`Recipe::from_json_within`].
    pub fn validate(&self, limits: RecipeLimits) -> Result<(), RecipeError> {
        if self.version > RECIPE_VERSION {
            let found = u64::from(self.version);
            return Err(RecipeError::NewerVersion { found, supported: RECIPE_VERSION });
        }
        check_count(self.operations.len(), limits)?;
        for (index, step) in self.operations.iter().enumerate() {
            step.operation.validate(index)?;
        }
        self.check_source()
    }

    fn check_source(&self) -> Result<(), RecipeError> {
        let Source::Image { id, width_px, height_px } = &self.source else {
            return Ok(());
        };
        let (width_px, height_px) = (u64::from(*width_px), u64::from(*height_px));
        if width_px.min(height_px) == 0 || width_px.max(height_px) > MAX_SOURCE_SIDE_PX {
            return Err(RecipeError::BadSourceSize { width_px, height_px });
        }
        if !is_image_id(id) {
            return Err(malformed("its picture id is not 64 hexadecimal digits"));
        }
        match self.operations.iter().enumerate().find(|(_, step)| step.operation.edits_scene()) {
            Some((step, found)) => {
                Err(RecipeError::WrongSource { step, op: found.operation.schema().id.to_owned() })
            }
            None => Ok(()),
        }
    }
}

impl TryFrom<serde_json::Value> for Recipe {
    type Error = RecipeError;

    fn try_from(value: serde_json::Value) -> Result<Self, RecipeError> {
        Self::from_value(value, RecipeLimits::default())
    }
}

fn is_image_id(id: &ImageId) -> bool {
    id.0.len() == 64 && id.0.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn malformed(reason: &str) -> RecipeError {
    RecipeError::Malformed { reason: reason.to_owned() }
}

fn check_count(found: usize, limits: RecipeLimits) -> Result<(), RecipeError> {
    if found > limits.max_operations {
        return Err(RecipeError::TooManyOperations { found, limit: limits.max_operations });
    }
    Ok(())
}

fn take(fields: &mut Vec<(String, Json)>, key: &str) -> Result<Json, RecipeError> {
    let place = fields.iter().position(|(name, _)| name == key);
    place.map(|place| fields.remove(place).1).ok_or_else(|| malformed(&format!("it has no {key:?}")))
}

fn parse(text: &str) -> Result<Json, RecipeError> {
    json::parse(text).map_err(|error| {
        let (line, column) = (error.line, error.column);
        // JSON has no NaN and no infinity; writers that emit them anyway (Python's json does) get a clear word.
        if error.not_finite {
            return RecipeError::NotFinite { place: format!("the value at line {line}, column {column}") };
        }
        RecipeError::NotJson { line, column, reason: error.reason.to_owned() }
    })
}

fn read_source(source: &Json) -> Result<Source, Unreadable> {
    let read = Source::from_json(source)?;
    let fields = match read {
        Source::Scene { .. } => 2,
        Source::Image { .. } => 4,
    };
    match source {
        Json::Object(all) if all.len() > fields => Err(Unreadable::default().within("a field too many")),
        _ => Ok(read),
    }
}

fn read_step(index: usize, step: Json) -> Result<Step, RecipeError> {
    let place = |what: &str| malformed(&format!("step {}: {what}", index + 1));
    let Json::Object(mut fields) = step else {
        return Err(place("it is not a JSON object"));
    };
    let Ok(Json::Bool(enabled)) = take(&mut fields, "enabled") else {
        return Err(place("\"enabled\" must be true or false"));
    };
    let Ok(Json::Object(params)) = take(&mut fields, "operation") else {
        return Err(place("it has no \"operation\""));
    };
    if let Some((key, _)) = fields.first() {
        return Err(place(&format!("unknown field {:?}", shortened(key))));
    }
    Ok(Step { enabled, operation: Operation::from_fields(index, params)? })
}

/// Checks the parameters of the operation `op` against its schema.
pub(super) fn checked_params(
    step: usize,
    op: &str,
    params: &[(String, Json)],
) -> Result<&'static OperationSchema, RecipeError> {
    let schema = Operation::SCHEMAS
        .iter()
        .find(|schema| schema.id == op)
        .ok_or_else(|| RecipeError::UnknownOperation { step, op: shortened(op) })?;
    let name = || op.to_owned();
    for param in schema.params {
        let key = param.key.to_owned();
        match params.iter().find(|(name, _)| name == param.key).map(|(_, value)| value) {
            None => return Err(RecipeError::MissingParameter { step, op: name(), key }),
            // A NaN in memory becomes null in JSON.
            Some(Json::Null) => {
                return Err(RecipeError::NotFinite { place: format!("step {}: {key} of {op}", step + 1) });
            }
            Some(value) => check_value(param, value).map_err(|problem| match problem {
                Problem::Type(expected) => RecipeError::WrongType { step, op: name(), key, expected },
                Problem::Range { value, min, max } => {
                    RecipeError::OutOfRange { step, op: name(), key, value, min, max }
                }
            })?,
        }
    }
    let known = |key: &str| schema.params.iter().any(|param| param.key == key);
    match params.iter().find(|(key, _)| !known(key)) {
        Some((key, _)) => Err(RecipeError::UnknownParameter { step, op: name(), key: shortened(key) }),
        None => Ok(schema),
    }
}

enum Problem {
    Type(String),
    Range { value: f64, min: f64, max: f64 },
}

fn check_value(param: &ParamSchema, value: &Json) -> Result<(), Problem> {
    if let Some((min, max)) = param.kind.range() {
        let number = value.as_f64().ok_or_else(|| Problem::Type("a number".to_owned()))?;
        if !(min..=max).contains(&number) {
            return Err(Problem::Range { value: number, min, max });
        }
    }
    let text = value.as_str();
    let fits = match &param.kind {
        ParamKind::Number { .. } => true,
        ParamKind::Integer { .. } | ParamKind::Object => value.as_i64().is_some(),
        ParamKind::Toggle { .. } => matches!(value, Json::Bool(_)),
        ParamKind::Choice { options, .. } => {
            text.is_some_and(|text| options.iter().any(|option| option.value == text))
        }
        ParamKind::Colour { .. } => text.is_some_and(|text| crate::perturb::Rgb::parse(text).is_some()),
        ParamKind::Text { max_chars, .. } => text.is_some_and(|text| {
            text.chars().count() <= *max_chars as usize && !text.chars().any(char::is_control)
        }),
    };
    if fits { Ok(()) } else { Err(Problem::Type(expected(&param.kind))) }
}

/// What a value must be, in words.
fn expected(kind: &ParamKind) -> String {
    match kind {
        ParamKind::Number { .. } => "a number".to_owned(),
        ParamKind::Integer { .. } | ParamKind::Object => "a whole number".to_owned(),
        ParamKind::Toggle { .. } => "true or false".to_owned(),
        ParamKind::Choice { options, .. } => {
            let values: Vec<&str> = options.iter().map(|option| option.value).collect();
            format!("one of {}", values.join(", "))
        }
        ParamKind::Colour { .. } => "a colour such as #ff0000".to_owned(),
        ParamKind::Text { max_chars, .. } => format!("text on one line, at most {max_chars} characters"),
    }
}

/// Names from outside go into messages; a hostile one must not make the message long.
fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}
