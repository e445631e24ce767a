//! From a picture to the whole of it squeezed into a square and to tiles of a larger, padded copy: what LLaVA-OneVision
//! looks at.
//!
//! Follows `LlavaOnevisionImageProcessor` of Python's transformers for a single picture.

use super::cut::{CLIP_MEAN, CLIP_STD, Levels};
use super::resample::{Filter, resample};
use super::tiles::part;
use crate::error::{Error, Result};
use flipside_shared::raster::Raster;
use serde::Deserialize;

const FILE: &str = "preprocessor_config.json";

/// `preprocessor_config.json`.
#[derive(Clone, Debug)]
pub struct AnyresConfig {
    /// Side of a tile, pixels.
    pub tile_px: usize,
    /// Height and width of the sizes a picture may be brought to, pixels; multiples of a tile.
    pub resolutions: Vec<[usize; 2]>,
    /// How pictures are resized.
    pub filter: Filter,
    /// How bytes become numbers.
    pub levels: Levels,
}

#[derive(Deserialize)]
struct File {
    size: Option<Size>,
    image_grid_pinpoints: Option<Vec<[usize; 2]>>,
    resample: Option<u64>,
    image_mean: Option<[f32; 3]>,
    image_std: Option<[f32; 3]>,
}

#[derive(Deserialize)]
struct Size {
    height: Option<usize>,
    width: Option<usize>,
    shortest_edge: Option<usize>,
}

/// The sizes of the published checkpoints: up to six tiles of 384 pixels in both directions.
pub fn published_resolutions() -> Vec<[usize; 2]> {
    (1..=6).flat_map(|rows| (1..=6).map(move |columns| [rows * 384, columns * 384])).collect()
}

impl AnyresConfig {
    /// Reads `preprocessor_config.json`; what is absent takes the processor's own defaults.
    ///
    /// # Errors
    /// [`Error::BadJson`].
    pub fn from_json(json: &str) -> Result<Self> {
        let bad = |reason: String| Error::BadJson { file: FILE.to_owned(), reason };
        let file: File = serde_json::from_str(json).map_err(|e| bad(e.to_string()))?;
        let tile_px = match file.size {
            None => 384,
            Some(Size { height: Some(height), width: Some(width), .. }) if height == width => height,
            Some(Size { shortest_edge: Some(side), .. }) => side,
            Some(_) => return Err(bad("size is not a square".to_owned())),
        };
        let deviation = file.image_std.unwrap_or(CLIP_STD);
        let config = Self {
            tile_px,
            resolutions: file.image_grid_pinpoints.unwrap_or_else(published_resolutions),
            filter: Filter::numbered(file.resample.unwrap_or(3))?,
            levels: Levels::new(file.image_mean.unwrap_or(CLIP_MEAN), deviation),
        };
        if tile_px == 0 || deviation.contains(&0.0) {
            return Err(bad("a size or deviation is zero".to_owned()));
        }
        let whole = |side: &usize| *side > 0 && side.is_multiple_of(tile_px);
        if config.resolutions.is_empty() || !config.resolutions.iter().flatten().all(whole) {
            return Err(bad(format!("image_grid_pinpoints are not multiples of {tile_px} pixels")));
        }
        Ok(config)
    }

    /// Height and width of the size that keeps most of a picture of the given size and wastes least, pixels.
    pub fn best(&self, width_px: u32, height_px: u32) -> [usize; 2] {
        let (own_width, own_height) = (f64::from(width_px), f64::from(height_px));
        let mut best = None;
        for &[height, width] in &self.resolutions {
            let scale = (width as f64 / own_width).min(height as f64 / own_height);
            let kept =
                ((own_width * scale).trunc() * (own_height * scale).trunc()).min(own_width * own_height);
            let wasted = (height * width) as f64 - kept;
            let better = best.is_none_or(|(_, most, least)| kept > most || (kept == most && wasted < least));
            if better {
                best = Some(([height, width], kept, wasted));
            }
        }
        best.map_or([self.tile_px; 2], |(size, ..)| size)
    }

    /// The whole as one tile, then the tiles of the larger copy in raster order.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when the picture cannot be resized.
    pub fn tiles(&self, picture: &Raster) -> Result<Vec<Raster>> {
        let tile = self.tile_px as u32;
        let target = self.best(picture.width_px, picture.height_px);
        let larger = self.padded(picture, target)?;
        let mut tiles = vec![resample(picture, (tile, tile), self.filter)?.into_owned()];
        for row in 0..larger.height_px / tile {
            tiles.extend(
                (0..larger.width_px / tile).map(|column| part(&larger, (column * tile, row * tile), tile)),
            );
        }
        Ok(tiles)
    }

    /// The picture as large as fits into `target`, with black around it.
    fn padded(&self, picture: &Raster, [height, width]: [usize; 2]) -> Result<Raster> {
        let (across, down) =
            (width as f64 / f64::from(picture.width_px), height as f64 / f64::from(picture.height_px));
        let fit = |side: u32, scale: f64, most: usize| ((f64::from(side) * scale).ceil() as usize).min(most);
        let (new_width, new_height) = if across < down {
            (width, fit(picture.height_px, across, height))
        } else {
            (fit(picture.width_px, down, width), height)
        };
        let resized = resample(picture, (new_width as u32, new_height as u32), self.filter)?;
        let mut canvas = Raster::filled(width as u32, height as u32, [0, 0, 0, 255]);
        let (left, top) = ((width - new_width) / 2, (height - new_height) / 2);
        for (row, line) in resized.rgba.chunks_exact(new_width * 4).enumerate() {
            let start = ((top + row) * width + left) * 4;
            canvas.rgba[start..start + line.len()].copy_from_slice(line);
        }
        Ok(canvas)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_size_follows_the_reference() {
        let config = AnyresConfig::from_json("{}").unwrap();
        assert_eq!(config.resolutions.len(), 36);
        for (picture, best) in [
            ((640, 480), [768, 768]),
            ((384, 384), [384, 384]),
            ((1, 1), [384, 384]),
            ((3000, 700), [768, 2304]),
            ((100, 2000), [2304, 384]),
        ] {
            assert_eq!(config.best(picture.0, picture.1), best, "{picture:?}");
        }
    }

    #[test]
    fn the_larger_copy_is_padded_on_both_sides() {
        let config = AnyresConfig::from_json(
            r#"{"size": {"height": 4, "width": 4}, "image_grid_pinpoints": [[4, 8]], "image_mean": [0.5, 0.5, 0.5]}"#,
        )
        .unwrap();
        let tiles = config.tiles(&Raster::filled(4, 4, [200, 0, 0, 255])).unwrap();
        assert_eq!(tiles.len(), 3);
        let red = |tile: &Raster| (0..4).map(|x| tile.rgba[x * 4]).collect::<Vec<_>>();
        assert_eq!((red(&tiles[1]), red(&tiles[2])), (vec![0, 0, 200, 200], vec![200, 200, 0, 0]));
    }

    #[test]
    fn a_wrong_file_is_told() {
        for json in [r#"{"size": {"height": 5, "width": 6}}"#, r#"{"image_grid_pinpoints": [[384, 400]]}"#] {
            assert!(matches!(AnyresConfig::from_json(json), Err(Error::BadJson { .. })), "{json}");
        }
    }
}
