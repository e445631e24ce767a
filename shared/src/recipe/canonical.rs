//! The canonical form: one text per recipe, whatever wrote it, and the hash of that text.
//!
//! JSON without spaces, keys sorted by code point, numbers in their shortest form (whole ones without a fraction,
//! no negative zero, otherwise the fewest digits that read back the same).

use super::{Recipe, RecipeError};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

impl Recipe {
    /// The canonical form.
    ///
    /// # Errors
    /// When a parameter is not finite: such a recipe has no text.
    pub fn canonical(&self) -> Result<String, RecipeError> {
        canonical_text(self)
    }

    /// SHA-256 of the canonical form, 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// As [`Recipe::canonical`].
    pub fn hash(&self) -> Result<String, RecipeError> {
        let digest = Sha256::digest(self.canonical()?.as_bytes());
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// The canonical form of anything that is a recipe or carries one.
pub(crate) fn canonical_text(value: &impl Serialize) -> Result<String, RecipeError> {
    let value =
        serde_json::to_value(value).map_err(|error| RecipeError::Malformed { reason: error.to_string() })?;
    let mut text = String::with_capacity(256);
    write(&value, &mut text)?;
    Ok(text)
}

fn write(value: &Value, text: &mut String) -> Result<(), RecipeError> {
    match value {
        Value::Object(map) => {
            // Sorted here and not left to the map: its order depends on features that other crates switch on.
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            text.push('{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write(value, text)?;
            }
            text.push('}');
        }
        Value::Array(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(value, text)?;
            }
            text.push(']');
        }
        Value::Number(number) => match number.as_f64() {
            Some(real) if number.is_f64() && real.fract() == 0.0 && real.abs() < 1e15 => {
                text.push_str(&(real as i64).to_string());
            }
            _ => text.push_str(&number.to_string()),
        },
        Value::Null => return Err(RecipeError::NotFinite { place: "a parameter".to_owned() }),
        Value::Bool(_) | Value::String(_) => text.push_str(&value.to_string()),
    }
    Ok(())
}
