//! From a picture to the flattened, normalised patches that a Qwen2-VL style vision tower reads.
//!
//! Follows `Qwen2VLImageProcessor` of Python's transformers: choose a size whose sides are multiples of a merge block,
//! resize, normalise, cut into patches in merge-block order with the single frame repeated.

use super::cut::{CLIP_MEAN, CLIP_STD, Cut, Levels, cut};
use super::resample::{Filter, not_too_elongated, resample};
use crate::error::{Error, Result};
use crate::qwen2_5_vl::GridThw;
use candle_core::{Device, Tensor};
use flipside_shared::raster::Raster;
use serde::Deserialize;

const FILE: &str = "preprocessor_config.json";

/// `preprocessor_config.json`.
#[derive(Clone, Debug, PartialEq)]
pub struct PreprocessorConfig {
    /// Fewest pixels after resizing.
    pub min_pixels: usize,
    /// Most pixels after resizing.
    pub max_pixels: usize,
    /// Side of a patch, in pixels.
    pub patch_size: usize,
    /// How often the still frame is repeated in a patch.
    pub temporal_patch_size: usize,
    /// Side of a merge block, in patches.
    pub merge_size: usize,
    /// Subtracted from each channel in [0, 1].
    pub image_mean: [f32; 3],
    /// Divides each channel.
    pub image_std: [f32; 3],
    /// How pictures are resized.
    pub filter: Filter,
}

/// The fields as they may stand in the file; the two ways to give the pixel bounds are merged after reading.
#[derive(Deserialize)]
struct File {
    min_pixels: Option<usize>,
    max_pixels: Option<usize>,
    size: Option<FileSize>,
    patch_size: Option<usize>,
    temporal_patch_size: Option<usize>,
    merge_size: Option<usize>,
    image_mean: Option<[f32; 3]>,
    image_std: Option<[f32; 3]>,
    resample: Option<u64>,
}

#[derive(Deserialize, Default)]
struct FileSize {
    shortest_edge: Option<usize>,
    longest_edge: Option<usize>,
    min_pixels: Option<usize>,
    max_pixels: Option<usize>,
}

impl PreprocessorConfig {
    /// Reads `preprocessor_config.json`; what is absent takes the processor's own defaults.
    ///
    /// # Errors
    /// [`Error::BadJson`].
    pub fn from_json(json: &str) -> Result<Self> {
        let bad = |reason: String| Error::BadJson { file: FILE.to_owned(), reason };
        let file: File = serde_json::from_str(json).map_err(|e| bad(e.to_string()))?;
        let size = file.size.unwrap_or_default();
        let config = Self {
            min_pixels: file.min_pixels.or(size.shortest_edge).or(size.min_pixels).unwrap_or(56 * 56),
            max_pixels: file.max_pixels.or(size.longest_edge).or(size.max_pixels).unwrap_or(28 * 28 * 1280),
            patch_size: file.patch_size.unwrap_or(14),
            temporal_patch_size: file.temporal_patch_size.unwrap_or(2),
            merge_size: file.merge_size.unwrap_or(2),
            image_mean: file.image_mean.unwrap_or(CLIP_MEAN),
            image_std: file.image_std.unwrap_or(CLIP_STD),
            filter: Filter::numbered(file.resample.unwrap_or(3))?,
        };
        if [config.patch_size, config.temporal_patch_size, config.merge_size, config.max_pixels].contains(&0)
            || config.image_std.contains(&0.0)
            || config.min_pixels > config.max_pixels
        {
            return Err(bad("a size or deviation is zero, or min_pixels exceeds max_pixels".to_owned()));
        }
        Ok(config)
    }

    /// That pictures are cut the way a vision tower was built: side of a patch, frames in it, side of a merge block.
    pub(crate) fn fits(&self, tower: (usize, usize, usize)) -> Result<()> {
        let cut = (self.patch_size, self.temporal_patch_size, self.merge_size);
        if tower == cut {
            return Ok(());
        }
        Err(Error::BadJson {
            file: FILE.to_owned(),
            reason: format!(
                "patch, frames and merge are {cut:?}, but the vision tower was built for {tower:?}"
            ),
        })
    }

    /// Width and height in pixels that a picture of the given size is resized to: multiples of a merge block's side,
    /// between the pixel bounds where the shape allows it, with the aspect ratio kept as well as possible.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when one side is more than 200 times the other.
    pub fn resized(&self, width_px: u32, height_px: u32) -> Result<(usize, usize)> {
        let (width, height) = (f64::from(width_px), f64::from(height_px));
        not_too_elongated(width_px, height_px)?;
        let side = (self.patch_size * self.merge_size) as f64;
        let fit = |length: f64, round: fn(f64) -> f64| round(length / side) * side;
        let area = |(w, h): (f64, f64)| w * h;
        let nearest = (fit(width, f64::round_ties_even), fit(height, f64::round_ties_even));
        let (w, h) = if area(nearest) > self.max_pixels as f64 {
            let shrink = (width * height / self.max_pixels as f64).sqrt();
            (fit(width / shrink, f64::floor).max(side), fit(height / shrink, f64::floor).max(side))
        } else if area(nearest) < self.min_pixels as f64 {
            let grow = (self.min_pixels as f64 / (width * height)).sqrt();
            (fit(width * grow, f64::ceil), fit(height * grow, f64::ceil))
        } else {
            nearest
        };
        Ok((w as usize, h as usize))
    }

    /// The patch grid of a picture of the given size.
    ///
    /// # Errors
    /// As [`PreprocessorConfig::resized`].
    pub fn grid(&self, width_px: u32, height_px: u32) -> Result<GridThw> {
        let (width, height) = self.resized(width_px, height_px)?;
        Ok(GridThw { t: 1, h: height / self.patch_size, w: width / self.patch_size })
    }
}

/// The patches of one picture, `(patches, channels * frames * side * side)` in f32 on the CPU, in merge-block order.
///
/// # Errors
/// [`Error::BadRequest`] when the picture is too elongated.
pub fn patches(picture: &Raster, config: &PreprocessorConfig) -> Result<(Tensor, GridThw)> {
    let grid = config.grid(picture.width_px, picture.height_px)?;
    let size = ((grid.w * config.patch_size) as u32, (grid.h * config.patch_size) as u32);
    let resized = resample(picture, size, config.filter)?;
    let how = Cut { side: config.patch_size, frames: config.temporal_patch_size, merge: config.merge_size };
    let values = cut(&resized, how, &Levels::new(config.image_mean, config.image_std));
    let shape = (grid.patches(), values.len() / grid.patches());
    Ok((Tensor::from_vec(values, shape, &Device::Cpu)?, grid))
}

/// The picture as the patches will show it: resized, before it is cut.
///
/// # Errors
/// As [`patches`].
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn reduced(picture: &Raster, config: &PreprocessorConfig) -> Result<Raster> {
    let (width, height) = config.resized(picture.width_px, picture.height_px)?;
    Ok(resample(picture, (width as u32, height as u32), config.filter)?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embedded() -> PreprocessorConfig {
        PreprocessorConfig::from_json(
            r#"{"min_pixels": 12544, "max_pixels": 12544, "patch_size": 8, "image_mean": [0.5, 0.5, 0.5],
            "image_std": [0.5, 0.5, 0.5]}"#,
        )
        .unwrap()
    }

    #[test]
    fn both_ways_to_give_the_bounds() {
        let later = r#"{"size": {"shortest_edge": 3136, "longest_edge": 12845056}}"#;
        let config = PreprocessorConfig::from_json(later).unwrap();
        assert_eq!((config.min_pixels, config.max_pixels), (3136, 12_845_056));
        assert!(PreprocessorConfig::from_json(r#"{"patch_size": 0}"#).is_err());
    }

    #[test]
    fn sizes_follow_the_reference() {
        let config = embedded();
        for (size, expected) in [
            ((448, 448), (112, 112)),
            ((1, 1), (112, 112)),
            ((100, 100), (112, 112)),
            ((448, 300), (128, 80)),
        ] {
            assert_eq!(config.resized(size.0, size.1).unwrap(), expected, "{size:?}");
        }
        assert!(matches!(config.resized(20_000, 10), Err(Error::BadRequest { .. })));
    }

    #[test]
    fn patches_stand_in_merge_block_order() {
        let mut picture = Raster::filled(112, 112, [0, 0, 0, 255]);
        let (x, y) = (16 + 8, 8); // in the second block, its fourth patch, at the patch's corner
        picture.rgba[(y * 112 + x) * 4 + 1] = 255;
        let (values, grid) = patches(&picture, &embedded()).unwrap();
        assert_eq!(grid, GridThw { t: 1, h: 14, w: 14 });
        let values = values.to_vec2::<f32>().unwrap();
        let bright: Vec<(usize, usize)> = (0..196)
            .flat_map(|p| (0..384).map(move |i| (p, i)))
            .filter(|&(p, i)| values[p][i] > 0.0)
            .collect();
        assert_eq!(bright, [(7, 128), (7, 128 + 64)], "green plane, both frames");
    }
}
