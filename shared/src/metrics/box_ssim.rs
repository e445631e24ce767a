//! Structural similarity within boxes: whether an edit left the objects alone that a question is about
//! (arXiv 2602.22227 rewards an attacker only while it does).
//!
//! The paper speaks of localized SSIM on the core objects. The least over the boxes, and SSIM over windows that lie
//! wholly inside a box, are **our reconstruction**.

use super::error::{MetricError, in_range, not_empty};
use super::ssim::ssim;
use crate::raster::Raster;

/// A box in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelBox {
    /// Left edge.
    pub x_px: u32,
    /// Upper edge.
    pub y_px: u32,
    /// Width.
    pub width_px: u32,
    /// Height.
    pub height_px: u32,
}

/// SSIM inside each box, in the order given, each at most 1.
///
/// # Errors
/// Pictures of different sizes, a box that is not wholly inside, or below 7 pixels a side.
pub fn box_ssim(clean: &Raster, edited: &Raster, boxes: &[PixelBox]) -> Result<Vec<f64>, MetricError> {
    let same_size = (clean.width_px, clean.height_px) == (edited.width_px, edited.height_px);
    in_range(same_size, "the size of the edited picture")?;
    let inside = |place: &PixelBox| {
        let ends = |start: u32, length: u32, limit| start.checked_add(length).is_some_and(|end| end <= limit);
        ends(place.x_px, place.width_px, clean.width_px) && ends(place.y_px, place.height_px, clean.height_px)
    };
    in_range(boxes.iter().all(inside), "a box")?;
    let too_small = MetricError::OutOfRange { what: "the side of a box" };
    boxes.iter().map(|place| ssim(&cut(clean, *place), &cut(edited, *place)).ok_or(too_small)).collect()
}

/// The least of `SSIM(x[b_k], x'[b_k])` over the boxes b_k.
///
/// # Errors
/// As [`box_ssim`], or no box.
pub fn least_box_ssim(clean: &Raster, edited: &Raster, boxes: &[PixelBox]) -> Result<f64, MetricError> {
    not_empty(boxes)?;
    Ok(box_ssim(clean, edited, boxes)?.into_iter().fold(f64::INFINITY, f64::min))
}

fn cut(image: &Raster, place: PixelBox) -> Raster {
    let row_bytes = image.width_px as usize * 4;
    let (left, right) = (place.x_px as usize * 4, (place.x_px + place.width_px) as usize * 4);
    let rows =
        image.rgba.chunks_exact(row_bytes.max(1)).skip(place.y_px as usize).take(place.height_px as usize);
    let rgba = rows.flat_map(|row| &row[left..right]).copied().collect();
    Raster { width_px: place.width_px, height_px: place.height_px, rgba }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern() -> Raster {
        let pixels =
            (0..20u32 * 12).flat_map(|index| [(index * 37 % 251) as u8, (index * 11 % 256) as u8, 9, 255]);
        Raster { width_px: 20, height_px: 12, rgba: pixels.collect() }
    }

    const LEFT: PixelBox = PixelBox { x_px: 0, y_px: 1, width_px: 8, height_px: 9 };
    const RIGHT: PixelBox = PixelBox { x_px: 12, y_px: 3, width_px: 8, height_px: 9 };

    #[test]
    fn an_edit_is_seen_in_its_box_alone() {
        let clean = pattern();
        let mut edited = clean.clone();
        edited.rgba[4 * (5 * 20 + 15)] ^= 0xF0;
        let found = box_ssim(&clean, &edited, &[LEFT, RIGHT]).unwrap();
        assert!(found[0] == 1.0 && found[1] < 1.0, "{found:?}");
        assert_eq!(least_box_ssim(&clean, &edited, &[LEFT, RIGHT]), Ok(found[1]));
    }

    #[test]
    fn the_whole_picture_as_a_box_is_the_global_one() {
        let (clean, black) = (pattern(), Raster::filled(20, 12, [0, 0, 0, 255]));
        let whole = PixelBox { x_px: 0, y_px: 0, width_px: 20, height_px: 12 };
        assert_eq!(box_ssim(&clean, &black, &[whole]).unwrap(), [ssim(&clean, &black).unwrap()]);
    }

    #[test]
    fn unusable_input_is_told() {
        let clean = pattern();
        assert_eq!(least_box_ssim(&clean, &clean, &[]), Err(MetricError::Empty));
        for place in [
            PixelBox { x_px: 13, ..RIGHT },
            PixelBox { x_px: u32::MAX, ..RIGHT },
            PixelBox { width_px: 6, ..LEFT },
            PixelBox { width_px: 0, height_px: 0, ..LEFT },
        ] {
            assert!(matches!(box_ssim(&clean, &clean, &[place]), Err(MetricError::OutOfRange { .. })));
        }
        let other = Raster::filled(12, 20, [0; 4]);
        assert!(matches!(box_ssim(&clean, &other, &[LEFT]), Err(MetricError::OutOfRange { .. })));
    }
}
