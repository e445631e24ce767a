//! Shared pictures: `POST /api/v1/images` keeps one, `GET /api/v1/images/{id}` returns it.

use super::services::Services;
use crate::{
    engine::{self, Picture},
    error::Error,
};
use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Path, Request, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use flipside_shared::{
    api::{ErrorBody, StoredImage},
    image_file::{self, DecodeLimits},
    raster::ImageId,
};

const PICTURE_TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/webp", "application/octet-stream"];

/// Keep a picture, decoded and reduced, under the hash of its pixels.
#[utoipa::path(
    post, path = "/api/v1/images", tag = "pictures",
    request_body(
        description = "PNG, JPEG or WebP; the bytes decide, not the content type",
        content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/webp")),
    ),
    responses(
        (status = 201, body = StoredImage, description = "The picture is on disk"),
        (status = 413, body = ErrorBody, description = "Body or picture too large"),
        (status = 415, body = ErrorBody, description = "Not a picture's media type"),
        (status = 422, body = ErrorBody, description = "The picture cannot be decoded"),
        (status = 507, body = ErrorBody, description = "The space for shared pictures is used up"),
    )
)]
pub async fn keep(
    State(services): State<Services>,
    request: Request,
) -> Result<(StatusCode, Json<StoredImage>), Error> {
    services.in_time(read_and_keep(&services, request)).await
}

async fn read_and_keep(
    services: &Services,
    request: Request,
) -> Result<(StatusCode, Json<StoredImage>), Error> {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or("nothing");
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !PICTURE_TYPES.contains(&media_type) {
        let found = media_type.chars().take(80).collect();
        return Err(Error::UnsupportedMediaType { found, expected: "image/png, image/jpeg or image/webp" });
    }
    let limit_bytes = services.limits.max_body_bytes;
    let bytes = Bytes::from_request(request, services).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Error::BodyTooLarge { limit_bytes };
        }
        Error::malformed("body", rejection.body_text())
    })?;
    let _permit = services.admission.admit()?;
    let services = services.clone();
    engine::blocking(move || decode_and_keep(&services, &bytes)).await?
}

fn decode_and_keep(services: &Services, bytes: &[u8]) -> Result<(StatusCode, Json<StoredImage>), Error> {
    let limits = &services.limits;
    let limits = DecodeLimits { max_pixels: limits.max_image_pixels, max_side_px: limits.max_side_px };
    let decoded = image_file::decode(bytes, limits).map_err(|error| Error::Image { field: "body", error })?;
    let picture = Picture::new(decoded.raster);
    let id = services.store.put(&picture.raster)?;
    services.pictures.keep(&picture);
    let (width_px, height_px) = (picture.raster.width_px, picture.raster.height_px);
    Ok((StatusCode::CREATED, Json(StoredImage { id, width_px, height_px })))
}

/// A kept picture as PNG.
#[utoipa::path(
    get, path = "/api/v1/images/{id}", tag = "pictures",
    params(("id" = String, Path, description = "Hash of the picture's pixels, as `POST` answered it")),
    responses(
        (status = 200, content_type = "image/png", body = Vec<u8>),
        (status = 404, body = ErrorBody, description = "No picture is stored under this id"),
    )
)]
pub async fn fetch(
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Error> {
    let found = engine::blocking(move || services.picture_file(&ImageId(id))).await??;
    let file = found.ok_or(Error::ImageNotFound)?;
    // The name is the content's hash: it never changes.
    let headers =
        [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, file))
}
