//! From a picture to one square: squeezed into it, or resized by its shorter side and cropped around its middle, as the
//! processors of SigLIP, CLIP and DINOv2 do.

use super::cut::{CLIP_MEAN, CLIP_STD, Levels};
use super::resample::{Filter, not_too_elongated, resample};
use crate::error::{Error, Result};
use flipside_shared::raster::Raster;
use serde::Deserialize;

const FILE: &str = "preprocessor_config.json";

/// `preprocessor_config.json`.
#[derive(Clone, Debug)]
pub struct SquareConfig {
    /// Side of the square, pixels.
    pub side_px: usize,
    /// The shorter side that a picture is resized to before it is cropped, pixels; squeezed when there is none.
    pub shorter_px: Option<usize>,
    /// How pictures are resized.
    pub filter: Filter,
    /// How bytes become numbers.
    pub levels: Levels,
}

/// What a processor does when its file does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// CLIP's and DINOv2's.
    Crop,
    /// SigLIP's.
    Squeeze,
}

#[derive(Deserialize)]
struct File {
    size: Option<Size>,
    crop_size: Option<Size>,
    do_center_crop: Option<bool>,
    resample: Option<u64>,
    image_mean: Option<[f32; 3]>,
    image_std: Option<[f32; 3]>,
}

/// A size as a number (older files) or by the names of its sides.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Size {
    Number(usize),
    Square { height: usize, width: usize },
    Shorter { shortest_edge: usize },
}

impl SquareConfig {
    /// Reads `preprocessor_config.json`; what is absent takes the processor's own defaults.
    ///
    /// # Errors
    /// [`Error::BadJson`].
    pub fn from_json(json: &str, habit: Habit) -> Result<Self> {
        let bad = |reason: &str| Error::BadJson { file: FILE.to_owned(), reason: reason.to_owned() };
        let file: File = serde_json::from_str(json).map_err(|e| bad(&e.to_string()))?;
        let crops = file.do_center_crop.unwrap_or(habit == Habit::Crop);
        let square = |size: Size| match size {
            Size::Number(side) => Ok(side),
            Size::Square { height, width } if height == width => Ok(height),
            _ => Err(bad("the size of pictures is not a square")),
        };
        let (size, crop) =
            (file.size.unwrap_or(Size::Number(224)), file.crop_size.unwrap_or(Size::Number(224)));
        let (side_px, shorter_px) = match size {
            Size::Number(shorter) | Size::Shorter { shortest_edge: shorter } if crops => {
                (square(crop)?, Some(shorter))
            }
            _ => (square(size)?, None),
        };
        if shorter_px.is_some_and(|shorter| shorter < side_px) {
            return Err(bad("crop_size does not lie inside size"));
        }
        if crops && shorter_px.is_none() && square(crop)? != side_px {
            return Err(bad("cropping squeezed pictures is not supported"));
        }
        let (mean, deviation) = match habit {
            Habit::Crop => (CLIP_MEAN, CLIP_STD),
            Habit::Squeeze => ([0.5; 3], [0.5; 3]),
        };
        let deviation = file.image_std.unwrap_or(deviation);
        if side_px == 0 || deviation.contains(&0.0) {
            return Err(bad("a size or deviation is zero"));
        }
        Ok(Self {
            side_px,
            shorter_px,
            filter: Filter::numbered(file.resample.unwrap_or(3))?,
            levels: Levels::new(file.image_mean.unwrap_or(mean), deviation),
        })
    }

    /// The square that stands for a picture.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it is too elongated to be cropped.
    pub fn square(&self, picture: &Raster) -> Result<Raster> {
        let side = self.side_px as u32;
        let Some(shorter) = self.shorter_px else {
            return Ok(resample(picture, (side, side), self.filter)?.into_owned());
        };
        let (width, height) = (picture.width_px, picture.height_px);
        not_too_elongated(width, height)?;
        let longer =
            |long: u32, short: u32| (shorter as f64 * f64::from(long) / f64::from(short)).trunc() as u32;
        let size = if width <= height {
            (shorter as u32, longer(height, width))
        } else {
            (longer(width, height), shorter as u32)
        };
        let resized = resample(picture, size, self.filter)?;
        Ok(super::tiles::part(&resized, ((size.0 - side) / 2, (size.1 - side) / 2), side))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_and_later_files_mean_the_same() {
        let older = SquareConfig::from_json(r#"{"size": 224, "crop_size": 224}"#, Habit::Crop).unwrap();
        let later = r#"{"size": {"shortest_edge": 224}, "crop_size": {"height": 224, "width": 224}}"#;
        let later = SquareConfig::from_json(later, Habit::Crop).unwrap();
        assert_eq!((older.side_px, older.shorter_px), (later.side_px, later.shorter_px));
        let squeezed = r#"{"size": {"height": 384, "width": 384}}"#;
        let squeezed = SquareConfig::from_json(squeezed, Habit::Squeeze).unwrap();
        assert_eq!((squeezed.side_px, squeezed.shorter_px), (384, None));
        for wrong in [
            r#"{"size": {"shortest_edge": 200}, "crop_size": 224}"#,
            r#"{"size": {"height": 3, "width": 4}, "do_center_crop": false}"#,
            r#"{"image_std": [0, 1, 1]}"#,
        ] {
            let error = SquareConfig::from_json(wrong, Habit::Crop);
            assert!(matches!(error, Err(Error::BadJson { .. })), "{wrong}");
        }
    }

    #[test]
    fn the_middle_is_kept() {
        let json = r#"{"size": {"shortest_edge": 2}, "crop_size": 2}"#;
        let config = SquareConfig::from_json(json, Habit::Crop).unwrap();
        let mut wide = Raster::filled(6, 2, [0, 0, 0, 255]);
        wide.rgba[2 * 4] = 200;
        let square = config.square(&wide).unwrap();
        assert_eq!((square.width_px, square.height_px, square.rgba[0]), (2, 2, 200));
        let message = config.square(&Raster::filled(4000, 10, [0; 4])).unwrap_err().to_string();
        assert!(message.contains("too elongated"), "{message}");
    }
}
