//! Picture files: PNG, JPEG and WebP bytes to a [`Raster`], and a [`Raster`] to PNG.
//!
//! The one border at which strangers' pictures come in. What the file is, is read from its first bytes, never from
//! its name; its dimensions are checked before anything is decoded. Out comes an upright, opaque, 8-bit picture of
//! at most [`DecodeLimits::max_side_px`] a side: the first frame of an animation, transparency over white, 16 bits
//! rounded to 8, CMYK converted without colour profiles.

use crate::perturb::resize;
use crate::raster::Raster;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{ColorType, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader};
use std::io::Cursor;
use thiserror::Error;

/// Bounds on what is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeLimits {
    /// Most pixels in the file.
    pub max_pixels: u64,
    /// Longest side after reduction, pixels.
    pub max_side_px: u32,
}

impl Default for DecodeLimits {
    /// 40 megapixels, reduced to 1024 a side as in arXiv 2602.06652.
    fn default() -> Self {
        Self { max_pixels: 40_000_000, max_side_px: 1024 }
    }
}

/// A decoded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodedFile {
    /// The picture: upright, opaque, reduced.
    pub raster: Raster,
    /// Width and height in the file, turned upright, pixels.
    pub original_size_px: (u32, u32),
}

/// Why a file gave no picture.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImageFileError {
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// The first bytes are those of no picture that we know.
    #[error("this is not a picture; PNG, JPEG and WebP can be opened")]
    NotAnImage,
    /// Another kind of file.
    #[error("this is a {found} file, whatever its name; PNG, JPEG and WebP can be opened")]
    Unsupported {
        /// The kind of file.
        found: &'static str,
    },
    /// A side of 0 pixels.
    #[error("the picture has no pixels")]
    ZeroSize,
    /// More pixels than the limit; nothing was decoded.
    #[error("the picture has {width_px} x {height_px} pixels, more than the {max_pixels} that can be opened")]
    TooManyPixels {
        /// Width in the file.
        width_px: u32,
        /// Height in the file.
        height_px: u32,
        /// Pixels allowed.
        max_pixels: u64,
    },
    /// The file ends before the picture does.
    #[error("the {format} file is cut short")]
    Truncated {
        /// PNG, JPEG or WebP.
        format: &'static str,
    },
    /// The first bytes are right and the rest is not.
    #[error("the {format} file is damaged: {reason}")]
    Damaged {
        /// PNG, JPEG or WebP.
        format: &'static str,
        /// The decoder's words.
        reason: String,
    },
}

impl ImageFileError {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "image_empty",
            Self::NotAnImage => "not_an_image",
            Self::Unsupported { .. } => "image_unsupported",
            Self::ZeroSize => "image_zero_size",
            Self::TooManyPixels { .. } => "image_too_large",
            Self::Truncated { .. } => "image_truncated",
            Self::Damaged { .. } => "image_damaged",
        }
    }
}

/// Decodes a picture file.
///
/// # Errors
/// Says what the file is instead, or what is wrong with it.
pub fn decode(bytes: &[u8], limits: DecodeLimits) -> Result<DecodedFile, ImageFileError> {
    let (format, name) = recognise(bytes)?;
    let is_whole = match format {
        ImageFormat::Jpeg => jpeg_is_whole(bytes),
        ImageFormat::WebP => webp_is_whole(bytes),
        _ => true,
    };
    if !is_whole {
        return Err(ImageFileError::Truncated { format: name });
    }
    let failed = |error| failure(name, error);
    let reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut decoder = reader.into_decoder().map_err(failed)?;
    let (width_px, height_px) = decoder.dimensions();
    if width_px == 0 || height_px == 0 {
        return Err(ImageFileError::ZeroSize);
    }
    let max_pixels = limits.max_pixels;
    if u64::from(width_px) * u64::from(height_px) > max_pixels {
        return Err(ImageFileError::TooManyPixels { width_px, height_px, max_pixels });
    }
    // A damaged orientation is no reason to refuse the picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let colour = decoder.color_type();
    let mut samples = vec![0; usize::try_from(decoder.total_bytes()).unwrap_or(0)];
    decoder.read_image(&mut samples).map_err(failed)?;
    let mut rgba = rgba8(samples, colour).ok_or_else(|| {
        let reason = format!("its pixels are of the kind {colour:?}");
        ImageFileError::Damaged { format: name, reason }
    })?;
    composite_over_white(&mut rgba);
    let raster = Raster { width_px, height_px, rgba };
    let raster = upright(reduced(raster, limits.max_side_px), orientation);
    let original_size_px =
        if swaps_sides(orientation) { (height_px, width_px) } else { (width_px, height_px) };
    Ok(DecodedFile { raster, original_size_px })
}

/// Encodes a picture as PNG without loss, quickly; alpha is left out, since every picture here is opaque.
pub fn encode_png(image: &Raster) -> Vec<u8> {
    let mut rgb = Vec::with_capacity(image.rgba.len() / 4 * 3);
    image.rgba.chunks_exact(4).for_each(|pixel| rgb.extend_from_slice(&pixel[..3]));
    let mut file = Vec::with_capacity(rgb.len() / 2 + 1024);
    let encoder = PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Up);
    // Writing to memory cannot fail, and a raster's length fits its size; an empty file is refused by any reader.
    if encoder.write_image(&rgb, image.width_px, image.height_px, ExtendedColorType::Rgb8).is_err() {
        file.clear();
    }
    file
}

fn recognise(bytes: &[u8]) -> Result<(ImageFormat, &'static str), ImageFileError> {
    if bytes.is_empty() {
        return Err(ImageFileError::Empty);
    }
    let starts = |prefix: &[u8]| bytes.starts_with(prefix);
    let brand = |brands: &[&[u8]]| {
        bytes.get(4..8) == Some(b"ftyp") && brands.iter().any(|b| bytes.get(8..12) == Some(b))
    };
    let found = if starts(b"\x89PNG\r\n\x1a\n") {
        return Ok((ImageFormat::Png, "PNG"));
    } else if starts(b"\xff\xd8\xff") {
        return Ok((ImageFormat::Jpeg, "JPEG"));
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Ok((ImageFormat::WebP, "WebP"));
    } else if starts(b"GIF8") {
        "GIF"
    } else if starts(b"BM") {
        "BMP"
    } else if starts(b"II*\0") || starts(b"MM\0*") {
        "TIFF"
    } else if brand(&[b"avif", b"avis"]) {
        "AVIF"
    } else if brand(&[b"heic", b"heix", b"mif1", b"msf1"]) {
        "HEIC"
    } else if starts(b"\xff\x0a") || starts(b"\0\0\0\x0cJXL ") {
        "JPEG XL"
    } else if starts(b"%PDF") {
        "PDF"
    } else if starts(b"<svg") || starts(b"<?xml") {
        "SVG or XML"
    } else {
        return Err(ImageFileError::NotAnImage);
    };
    Err(ImageFileError::Unsupported { found })
}

/// Whether a JPEG has its end marker after the start of its scan. The decoder would fill what is missing with grey.
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    let mut at = 2;
    // Segments before the scan are stepped over by their lengths: a thumbnail inside has an end marker too.
    while let Some([0xff, marker, high, low]) = bytes.get(at..at + 4) {
        if *marker == 0xff {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        if *marker == 0xda {
            return bytes[at..].windows(2).any(|pair| pair == [0xff, 0xd9]);
        }
        at += 2 + length;
    }
    false
}

/// Whether a WebP is as long as its header says.
fn webp_is_whole(bytes: &[u8]) -> bool {
    let size = bytes.get(4..8).and_then(|size| size.try_into().ok()).map_or(0, u32::from_le_bytes);
    bytes.len() as u64 >= u64::from(size) + 8
}

fn failure(format: &'static str, error: ImageError) -> ImageFileError {
    let cut_short = |error: &std::io::Error| error.kind() == std::io::ErrorKind::UnexpectedEof;
    let reason = match &error {
        ImageError::IoError(io) if cut_short(io) => return ImageFileError::Truncated { format },
        ImageError::Decoding(inner) => {
            std::error::Error::source(inner).map_or(error.to_string(), ToString::to_string)
        }
        _ => error.to_string(),
    };
    let words = reason.to_ascii_lowercase();
    if ["unexpected end", "unexpectedeof", "end of file", "eof"].iter().any(|word| words.contains(word)) {
        return ImageFileError::Truncated { format };
    }
    if words.contains("zero") || words.contains("dimension") && words.contains("invalid") {
        return ImageFileError::ZeroSize;
    }
    ImageFileError::Damaged { format, reason: reason.chars().take(200).collect() }
}

/// Samples of the decoder as 8-bit RGBA; none for a kind that the three formats do not have. By hand, since the
/// library's conversion brings its colour management along, a tenth of the page's worker.
fn rgba8(samples: Vec<u8>, colour: ColorType) -> Option<Vec<u8>> {
    let samples = match colour {
        ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16 => {
            let halves =
                samples.chunks_exact(2).map(|pair| u32::from(u16::from_ne_bytes([pair[0], pair[1]])));
            halves.map(|sample| ((sample + 128) / 257) as u8).collect()
        }
        _ => samples,
    };
    let converted = |length: usize, pixel: fn(&[u8]) -> [u8; 4]| {
        let mut rgba = Vec::with_capacity(samples.len() / length * 4);
        samples.chunks_exact(length).for_each(|sample| rgba.extend_from_slice(&pixel(sample)));
        rgba
    };
    match colour {
        ColorType::L8 | ColorType::L16 => Some(converted(1, |p| [p[0], p[0], p[0], 255])),
        ColorType::La8 | ColorType::La16 => Some(converted(2, |p| [p[0], p[0], p[0], p[1]])),
        ColorType::Rgb8 | ColorType::Rgb16 => Some(converted(3, |p| [p[0], p[1], p[2], 255])),
        ColorType::Rgba8 | ColorType::Rgba16 => Some(samples),
        _ => None,
    }
}

fn composite_over_white(rgba: &mut [u8]) {
    for pixel in rgba.chunks_exact_mut(4).filter(|pixel| pixel[3] != 255) {
        let alpha = u32::from(pixel[3]);
        for byte in &mut pixel[..3] {
            *byte = ((u32::from(*byte) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        }
        pixel[3] = 255;
    }
}

fn reduced(raster: Raster, max_side_px: u32) -> Raster {
    let longest = raster.width_px.max(raster.height_px);
    if longest <= max_side_px {
        return raster;
    }
    let factor = f64::from(max_side_px) / f64::from(longest);
    let side = |side_px: u32| (libm::rint(f64::from(side_px) * factor) as u32).max(1);
    resize(&raster, side(raster.width_px), side(raster.height_px))
}

fn swaps_sides(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

fn upright(raster: Raster, orientation: Orientation) -> Raster {
    use Orientation::{
        FlipHorizontal, FlipVertical, Rotate90, Rotate90FlipH, Rotate180, Rotate270, Rotate270FlipH,
    };
    if orientation == Orientation::NoTransforms {
        return raster;
    }
    let (width, height) = (raster.width_px, raster.height_px);
    let size = if swaps_sides(orientation) { (height, width) } else { (width, height) };
    let mut rgba = Vec::with_capacity(raster.rgba.len());
    for y in 0..size.1 {
        for x in 0..size.0 {
            // Where the upright pixel lies in the stored picture.
            let (column, row) = match orientation {
                Orientation::NoTransforms => (x, y),
                FlipHorizontal => (width - 1 - x, y),
                FlipVertical => (x, height - 1 - y),
                Rotate180 => (width - 1 - x, height - 1 - y),
                Rotate90 => (y, height - 1 - x),
                Rotate270 => (width - 1 - y, x),
                Rotate90FlipH => (y, x),
                Rotate270FlipH => (width - 1 - y, height - 1 - x),
            };
            let at = (row * width + column) as usize * 4;
            rgba.extend_from_slice(&raster.rgba[at..at + 4]);
        }
    }
    Raster { width_px: size.0, height_px: size.1, rgba }
}
