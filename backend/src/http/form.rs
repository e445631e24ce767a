//! The multipart body of verdicts and curves: part `request` (JSON), pictures as further parts.

use crate::{engine, error::Error};
use axum::extract::{
    FromRequest, Multipart, Request,
    multipart::{Field, MultipartError},
};
use flipside_shared::{
    image_file::{self, DecodeLimits},
    perturb,
    raster::Raster,
    recipe::{Recipe, RecipeLimits},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

use super::services::Services;

/// Longest part `request`, in bytes: above the longest recipe that is looked at.
const MAX_REQUEST_BYTES: usize = 2 << 20;

/// A read body.
pub struct Form {
    request: Value,
    pictures: BTreeMap<&'static str, Vec<u8>>,
}

impl Form {
    /// Reads the whole body; `pictures` are the names that picture parts may have.
    ///
    /// # Errors
    /// When the body is no multipart form, too large, or has parts that do not belong.
    pub async fn read(
        services: &Services,
        request: Request,
        pictures: &[&'static str],
    ) -> Result<Self, Error> {
        let content_type = request.headers().get("content-type");
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or("nothing");
        if !content_type.starts_with("multipart/form-data") {
            let found = content_type.chars().take(80).collect();
            return Err(Error::UnsupportedMediaType { found, expected: "multipart/form-data" });
        }
        let limit_bytes = services.limits.max_body_bytes;
        let multipart = Multipart::from_request(request, services).await;
        let mut multipart = multipart.map_err(|error| Error::malformed("body", error.body_text()))?;
        let mut form = Self { request: Value::Null, pictures: BTreeMap::new() };
        let mut has_request = false;
        while let Some(field) = multipart.next_field().await.map_err(|e| broken(&e, limit_bytes))? {
            let name = field.name().unwrap_or_default().to_owned();
            let repeated = || Error::malformed(name.as_str(), "the part comes twice");
            if name == "request" {
                if std::mem::replace(&mut has_request, true) {
                    return Err(repeated());
                }
                form.request = read_json(field, limit_bytes).await?;
            } else if let Some(known) = pictures.iter().find(|known| **known == name) {
                let bytes = field.bytes().await.map_err(|e| broken(&e, limit_bytes))?;
                if form.pictures.insert(known, bytes.to_vec()).is_some() {
                    return Err(repeated());
                }
            } else {
                let name: String = name.chars().take(40).collect();
                return Err(Error::malformed(name, "there is no such part"));
            }
        }
        if has_request { Ok(form) } else { Err(Error::malformed("request", "the part is missing")) }
    }

    /// The part `request` as a value of the wire, its recipe checked first so that a fault in it has its own name.
    ///
    /// # Errors
    /// What is wrong with the recipe, or with the shape of the rest.
    pub fn request<T: DeserializeOwned>(&mut self, limits: RecipeLimits) -> Result<T, Error> {
        let value = self.request.take();
        if let Some(recipe) = value.get("recipe") {
            Recipe::from_value(recipe.clone(), limits)?;
        }
        serde_json::from_value(value).map_err(|error| Error::malformed("request", error.to_string()))
    }

    /// Decodes a picture part, if it is there, off the threads that serve other requests.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub async fn picture(
        &mut self,
        services: &Services,
        name: &'static str,
    ) -> Result<Option<Raster>, Error> {
        let Some(bytes) = self.pictures.remove(name) else { return Ok(None) };
        // As it was posted: it was reduced before it was perturbed, and a perturbation may enlarge it.
        let max_pixels = services.limits.max_image_pixels.min(perturb::MAX_PIXELS);
        let limits = DecodeLimits { max_pixels, max_side_px: u32::MAX };
        let decoded = engine::blocking(move || image_file::decode(&bytes, limits)).await?;
        decoded.map(|file| Some(file.raster)).map_err(|error| Error::Image { field: name, error })
    }
}

async fn read_json(mut field: Field<'_>, limit_bytes: u64) -> Result<Value, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|e| broken(&e, limit_bytes))? {
        if bytes.len() + chunk.len() > MAX_REQUEST_BYTES {
            return Err(Error::BodyTooLarge { limit_bytes: MAX_REQUEST_BYTES as u64 });
        }
        bytes.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&bytes).map_err(|error| Error::malformed("request", format!("not JSON: {error}")))
}

fn broken(error: &MultipartError, limit_bytes: u64) -> Error {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        return Error::BodyTooLarge { limit_bytes };
    }
    Error::malformed("body", format!("the form is broken: {}", error.body_text()))
}
