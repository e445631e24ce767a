//! From a picture to square tiles and the whole picture squared: what SmolVLM and Idefics3 look at.
//!
//! Follows `Idefics3ImageProcessor` of Python's transformers: resize to a longest side, then to multiples of a tile, cut
//! into tiles, and squeeze the whole into one tile more. Small pictures are enlarged as well.

use super::cut::Levels;
use super::resample::{Filter, resample};
use crate::error::{Error, Result};
use flipside_shared::raster::Raster;
use serde::Deserialize;

const FILE: &str = "preprocessor_config.json";
/// No side is longer than this after the first resize, whatever the file says.
const LONGEST_SIDE_PX: f64 = 4096.0;

/// `preprocessor_config.json`.
#[derive(Clone, Debug)]
pub struct TilesConfig {
    /// The longest side that pictures are resized to, pixels.
    pub longest_side_px: usize,
    /// Side of a tile, pixels.
    pub tile_px: usize,
    /// Whether pictures are cut into tiles at all.
    pub split: bool,
    /// How pictures are resized.
    pub filter: Filter,
    /// How bytes become numbers.
    pub levels: Levels,
}

/// A picture cut up.
#[derive(Clone, Debug)]
pub struct Tiles {
    /// Rows of tiles; 0 when there is only the whole.
    pub rows: usize,
    /// Columns of tiles; 0 when there is only the whole.
    pub columns: usize,
    /// The tiles in raster order, then the whole.
    pub pictures: Vec<Raster>,
}

#[derive(Deserialize)]
struct File {
    size: Option<Side>,
    max_image_size: Option<Side>,
    do_image_splitting: Option<bool>,
    resample: Option<u64>,
    image_mean: Option<[f32; 3]>,
    image_std: Option<[f32; 3]>,
}

#[derive(Deserialize)]
struct Side {
    longest_edge: usize,
}

impl TilesConfig {
    /// Reads `preprocessor_config.json`; what is absent takes the processor's own defaults.
    ///
    /// # Errors
    /// [`Error::BadJson`].
    pub fn from_json(json: &str) -> Result<Self> {
        let bad = |reason: String| Error::BadJson { file: FILE.to_owned(), reason };
        let file: File = serde_json::from_str(json).map_err(|e| bad(e.to_string()))?;
        let side = |side: Option<Side>, default| side.map_or(default, |side| side.longest_edge);
        let (mean, deviation) = (file.image_mean.unwrap_or([0.5; 3]), file.image_std.unwrap_or([0.5; 3]));
        let config = Self {
            longest_side_px: side(file.size, 4 * 364),
            tile_px: side(file.max_image_size, 364),
            split: file.do_image_splitting.unwrap_or(true),
            filter: Filter::numbered(file.resample.unwrap_or(1))?,
            levels: Levels::new(mean, deviation),
        };
        if [config.longest_side_px, config.tile_px].contains(&0) || deviation.contains(&0.0) {
            return Err(bad("a size or deviation is zero".to_owned()));
        }
        Ok(config)
    }

    /// Width and height after the first resize, pixels.
    fn enlarged(&self, width_px: u32, height_px: u32) -> (f64, f64) {
        let even = |side: f64| if side % 2.0 == 0.0 { side } else { side + 1.0 };
        let (width, height) = (f64::from(width_px), f64::from(height_px));
        let (longest, ratio) = (self.longest_side_px as f64, width / height);
        let (width, height) = if width >= height {
            (longest, even((longest / ratio).trunc()).max(1.0))
        } else {
            (even((longest * ratio).trunc()).max(1.0), longest)
        };
        let ratio = width / height;
        if width >= height && width > LONGEST_SIDE_PX {
            (LONGEST_SIDE_PX, (LONGEST_SIDE_PX / ratio).trunc().max(1.0))
        } else if height > width && height > LONGEST_SIDE_PX {
            ((LONGEST_SIDE_PX * ratio).trunc().max(1.0), LONGEST_SIDE_PX)
        } else {
            (width, height)
        }
    }

    /// Width and height as multiples of a tile, pixels.
    fn tiled(&self, (width, height): (f64, f64)) -> (f64, f64) {
        let tile = self.tile_px as f64;
        let up = |side: f64| (side / tile).ceil() * tile;
        let ratio = width / height;
        if width >= height {
            let width = up(width);
            (width, up((width / ratio).trunc()))
        } else {
            let height = up(height);
            (up((height * ratio).trunc()), height)
        }
    }

    /// Cuts a picture up.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when it cannot be resized.
    pub fn tiles(&self, picture: &Raster) -> Result<Tiles> {
        let tile = self.tile_px as u32;
        let first = self.enlarged(picture.width_px, picture.height_px);
        let enlarged = resample(picture, (first.0 as u32, first.1 as u32), self.filter)?;
        if !self.split {
            let whole = resample(&enlarged, (tile, tile), self.filter)?.into_owned();
            return Ok(Tiles { rows: 0, columns: 0, pictures: vec![whole] });
        }
        let size = self.tiled(first);
        let whole = resample(&enlarged, (size.0 as u32, size.1 as u32), self.filter)?;
        let (rows, columns) = (whole.height_px / tile, whole.width_px / tile);
        let mut pictures = Vec::with_capacity((rows * columns + 1) as usize);
        if rows * columns > 1 {
            for row in 0..rows {
                pictures.extend((0..columns).map(|column| part(&whole, (column * tile, row * tile), tile)));
            }
        }
        let (rows, columns) = if pictures.is_empty() { (0, 0) } else { (rows, columns) };
        pictures.push(resample(&whole, (tile, tile), self.filter)?.into_owned());
        Ok(Tiles { rows: rows as usize, columns: columns as usize, pictures })
    }
}

/// The square with its upper left corner at `(x, y)`.
pub(crate) fn part(picture: &Raster, (x, y): (u32, u32), side_px: u32) -> Raster {
    let row_bytes = picture.width_px as usize * 4;
    let (start, length) = (x as usize * 4, side_px as usize * 4);
    let rows = (y as usize..(y + side_px) as usize)
        .map(|row| &picture.rgba[row * row_bytes..][start..start + length]);
    Raster { width_px: side_px, height_px: side_px, rgba: rows.flatten().copied().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sizes of SmolVLM-256M.
    fn published() -> TilesConfig {
        TilesConfig::from_json(
            r#"{"size": {"longest_edge": 2048}, "max_image_size": {"longest_edge": 512}, "resample": 1}"#,
        )
        .unwrap()
    }

    #[test]
    fn sizes_follow_the_reference() {
        let config = published();
        for (picture, first, tiled) in [
            ((640, 480), (2048., 1536.), (2048., 1536.)),
            ((480, 641), (1534., 2048.), (1536., 2048.)),
            ((9, 5), (2048., 1138.), (2048., 1536.)),
            ((4000, 1), (2048., 1.), (2048., 512.)),
        ] {
            assert_eq!(config.enlarged(picture.0, picture.1), first, "{picture:?}");
            assert_eq!(config.tiled(first), tiled, "{picture:?}");
        }
    }

    #[test]
    fn tiles_come_in_raster_order_before_the_whole() {
        let mut config = published();
        (config.longest_side_px, config.tile_px) = (8, 4);
        let mut picture = Raster::filled(8, 8, [0, 0, 0, 255]);
        picture.rgba[(2 * 8 + 5) * 4] = 255;
        let tiles = config.tiles(&picture).unwrap();
        assert_eq!((tiles.rows, tiles.columns, tiles.pictures.len()), (2, 2, 5));
        assert_eq!(tiles.pictures[1].rgba[(2 * 4 + 1) * 4], 255);
        config.longest_side_px = 4;
        let small = config.tiles(&picture).unwrap();
        assert_eq!((small.rows, small.columns, small.pictures.len()), (0, 0, 1));
    }

    #[test]
    fn a_wrong_file_is_told() {
        for json in
            [r#"{"size": {"height": 5}}"#, r#"{"max_image_size": {"longest_edge": 0}}"#, r#"{"resample": 9}"#]
        {
            assert!(matches!(TilesConfig::from_json(json), Err(Error::BadJson { .. })), "{json}");
        }
    }
}
