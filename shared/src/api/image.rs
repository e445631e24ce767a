//! Pictures that visitors share, stored by content.

use crate::json::json_struct;
use crate::raster::ImageId;
use serde::{Deserialize, Serialize};

/// The answer to `POST /api/v1/images` (body: PNG, JPEG or WebP): the picture is on disk under this id.
/// `GET /api/v1/images/{id}` returns it as PNG.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredImage {
    /// Content address of the decoded, reduced picture.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub id: ImageId,
    /// Width in pixels after reduction.
    pub width_px: u32,
    /// Height in pixels after reduction.
    pub height_px: u32,
}

json_struct! {
    StoredImage { id, width_px, height_px }
}
