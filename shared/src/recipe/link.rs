//! A recipe in an address: canonical JSON, deflated, in base64url. Decoding is bounded, since links come from
//! strangers.

use super::{Recipe, RecipeError, RecipeLimits};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};

/// Longest link text that is looked at.
pub const MAX_LINK_BYTES: usize = 16 << 10;

/// Longest recipe that a link may unpack to.
pub const MAX_LINK_JSON_BYTES: usize = 64 << 10;

/// Deflate's strongest setting: links are short and made rarely.
const LEVEL: u8 = 10;

impl Recipe {
    /// The recipe as text that is safe in an address.
    ///
    /// # Errors
    /// As [`Recipe::canonical`].
    pub fn to_link(&self) -> Result<String, RecipeError> {
        Ok(pack(&self.canonical()?))
    }

    /// Reads and validates what [`Recipe::to_link`] wrote.
    ///
    /// # Errors
    /// [`RecipeError::TooLong`] or [`RecipeError::BadLink`] when it does not unpack, otherwise as
    /// [`Recipe::from_json`].
    pub fn from_link(link: &str) -> Result<Self, RecipeError> {
        let text = unpack(link)?;
        let limits = RecipeLimits { max_bytes: MAX_LINK_JSON_BYTES, ..RecipeLimits::default() };
        Self::from_json_within(&text, limits)
    }
}

/// Canonical text, deflated, as text that is safe in an address.
pub(crate) fn pack(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(compress_to_vec(text.as_bytes(), LEVEL))
}

/// What [`pack`] was given, bounded both ways.
pub(crate) fn unpack(link: &str) -> Result<String, RecipeError> {
    if link.len() > MAX_LINK_BYTES {
        return Err(RecipeError::TooLong { bytes: link.len(), limit_bytes: MAX_LINK_BYTES });
    }
    let bad = |reason: &str| RecipeError::BadLink { reason: reason.to_owned() };
    let packed = URL_SAFE_NO_PAD
        .decode(link)
        .map_err(|_| bad("it has characters that a link cannot have, or was cut short"))?;
    let json = decompress_to_vec_with_limit(&packed, MAX_LINK_JSON_BYTES).map_err(|error| {
        if error.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput {
            RecipeError::TooLong { bytes: MAX_LINK_JSON_BYTES + 1, limit_bytes: MAX_LINK_JSON_BYTES }
        } else {
            bad("it does not unpack; part of it may be missing")
        }
    })?;
    String::from_utf8(json).map_err(|_| bad("it unpacks to something that is not text"))
}
