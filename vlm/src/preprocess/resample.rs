//! Resizing with antialiasing in 8-bit arithmetic.
//!
//! Follows the fixed-point resize of torchvision on the CPU, which differs from Pillow's by at most one level.

use crate::error::{Error, Result};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use flipside_shared::raster::Raster;
use std::borrow::Cow;

/// The longest side may be at most this many times the shortest.
const MAX_ASPECT_RATIO: f64 = 200.0;

/// The kernel a picture is resized with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Three lobes of Lanczos.
    Lanczos,
    /// Triangles.
    Bilinear,
    /// Cubic, a = -0.5.
    Bicubic,
}

impl Filter {
    /// By the number that Pillow and `preprocessor_config.json` give it.
    ///
    /// # Errors
    /// [`Error::BadJson`] for a filter that no supported checkpoint asks for.
    pub fn numbered(number: u64) -> Result<Self> {
        match number {
            1 => Ok(Self::Lanczos),
            2 => Ok(Self::Bilinear),
            3 => Ok(Self::Bicubic),
            _ => Err(Error::BadJson {
                file: "preprocessor_config.json".to_owned(),
                reason: format!("resample {number} is not supported (1 Lanczos, 2 bilinear, 3 bicubic)"),
            }),
        }
    }

    fn kernel(self) -> FilterType {
        match self {
            Self::Lanczos => FilterType::Lanczos3,
            Self::Bilinear => FilterType::Bilinear,
            Self::Bicubic => FilterType::CatmullRom,
        }
    }
}

/// That the longer side of a picture is at most 200 times the shorter one: Qwen's processor refuses more, and where the
/// shorter side decides, the longer one would fill the memory.
///
/// # Errors
/// [`Error::BadRequest`] when it is not.
pub fn not_too_elongated(width_px: u32, height_px: u32) -> Result<()> {
    let (longer, shorter) = (width_px.max(height_px), width_px.min(height_px).max(1));
    if f64::from(longer) / f64::from(shorter) <= MAX_ASPECT_RATIO {
        return Ok(());
    }
    Err(Error::BadRequest {
        reason: format!(
            "a picture of {width_px}x{height_px} is too elongated: one side may be at most {MAX_ASPECT_RATIO} times \
             the other"
        ),
    })
}

/// The picture at `size` (width, height) in pixels; itself when it has that size. Along the width first: both
/// references do, and bytes are clamped between the passes, so the order shows.
///
/// # Errors
/// [`Error::BadRequest`] when a side is zero.
pub fn resample(picture: &Raster, size: (u32, u32), filter: Filter) -> Result<Cow<'_, Raster>> {
    let (width, height) = size;
    let wide = pass(picture, (width, picture.height_px), filter)?;
    Ok(match wide {
        Cow::Borrowed(picture) => pass(picture, (width, height), filter)?,
        Cow::Owned(wide) => Cow::Owned(pass(&wide, (width, height), filter)?.into_owned()),
    })
}

fn pass(picture: &Raster, to: (u32, u32), filter: Filter) -> Result<Cow<'_, Raster>> {
    let from = (picture.width_px, picture.height_px);
    if from == to {
        return Ok(Cow::Borrowed(picture));
    }
    let wrong =
        |reason: String| Error::BadRequest { reason: format!("the picture cannot be resized: {reason}") };
    let source =
        ImageRef::new(from.0, from.1, &picture.rgba, PixelType::U8x4).map_err(|e| wrong(e.to_string()))?;
    let mut target = Image::new(to.0, to.1, PixelType::U8x4);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter.kernel()))
        // Pictures are opaque by the time they come here.
        .use_alpha(false);
    Resizer::new().resize(&source, &mut target, &options).map_err(|e| wrong(e.to_string()))?;
    Ok(Cow::Owned(Raster { width_px: to.0, height_px: to.1, rgba: target.into_vec() }))
}
