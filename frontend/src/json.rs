//! From JSON text to types, always by way of [`serde_json::Value`]: so each type's reader is compiled for one source
//! only, which the shell's size needs.

use serde::de::DeserializeOwned;

/// Reads a value of type `T`.
///
/// # Errors
/// When the text is no JSON, or not that of a `T`.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text).and_then(serde_json::from_value)
}
