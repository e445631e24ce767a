//! The canonical form: one text per recipe, whatever wrote it, and the hash of that text.
//!
//! JSON without spaces, keys sorted by code point, numbers in their shortest form (whole ones without a fraction,
//! no negative zero, otherwise six decimals at most, which is what a recipe's numbers have).

use super::{Recipe, RecipeError};
use crate::json::{Json, ToJson};
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
pub(crate) fn canonical_text(value: &impl ToJson) -> Result<String, RecipeError> {
    let mut document = value.to_json();
    sort(&mut document)?;
    Ok(document.to_text())
}

fn sort(value: &mut Json) -> Result<(), RecipeError> {
    match value {
        Json::Object(fields) => {
            // By insertion: there are few fields, and a general sort weighs more in the page than all of this.
            for (key, mut value) in std::mem::take(fields) {
                sort(&mut value)?;
                fields.insert(fields.partition_point(|(before, _)| *before < key), (key, value));
            }
            Ok(())
        }
        Json::List(values) => values.iter_mut().try_for_each(sort),
        Json::Null => Err(RecipeError::NotFinite { place: "a parameter".to_owned() }),
        Json::Bool(_) | Json::Number(_) | Json::Text(_) => Ok(()),
    }
}
