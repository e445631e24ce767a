//! The metrics of two pictures' pixels.

use super::{IN_THE_VIEW, Measured, NEEDS_OBJECTS, UNDEFINED};
use crate::metrics::box_ssim::{PixelBox, least_box_ssim};
use crate::metrics::difference::{Difference, aligned};
use crate::metrics::edit_taxonomy::{Edit, edit_taxonomy};
use crate::raster::Raster;

/// Edits in words.
pub(super) const EDITS: [(Edit, &str); 6] = [
    (Edit::None, "nothing was changed"),
    (Edit::Imperceptible, "imperceptible"),
    (Edit::Replace, "replace"),
    (Edit::Remove, "remove"),
    (Edit::Add, "add"),
    (Edit::Hybrid, "several of them"),
];

/// The values. `difference` is that of the two pictures; `boxes` hold the objects that the question is about, in the clean
/// picture.
pub fn pictures(
    clean: &Raster,
    perturbed: &Raster,
    difference: &Difference,
    boxes: &[PixelBox],
) -> Vec<Measured> {
    let ssim = |value: Option<f64>, otherwise| {
        move |id: &str| {
            value.map_or_else(|| Measured::word(id, otherwise), |value| Measured::number(id, value))
        }
    };
    let in_boxes = least_box_ssim(clean, &aligned(clean, perturbed), boxes).ok();
    let kind = edit_taxonomy(clean, perturbed).kind;
    let kind = EDITS.into_iter().find(|(edit, _)| *edit == kind).map_or("", |(_, word)| word);
    vec![
        ssim(difference.ssim, UNDEFINED)("ssim"),
        ssim(in_boxes, NEEDS_OBJECTS)("box_ssim"),
        difference
            .psnr_db
            .map_or_else(|| Measured::word("psnr", "∞"), |psnr_db| Measured::number("psnr", psnr_db)),
        Measured::number("l_infinity", f64::from(difference.max)),
        Measured::number("pixel_l2", difference.l2),
        Measured::number("mean_difference", difference.mean),
        Measured::word("difference_map", IN_THE_VIEW),
        Measured::word("edit_kind", kind),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::difference::difference;

    #[test]
    fn a_square_of_other_pixels_by_hand() {
        let clean = Raster::filled(40, 40, [100, 100, 100, 255]);
        let mut perturbed = clean.clone();
        for y in 0..10 {
            perturbed.rgba[y * 160..y * 160 + 40].fill(255);
        }
        let boxes = |x_px| [PixelBox { x_px, y_px: 0, width_px: 10, height_px: 10 }];
        let gap = difference(&clean, &perturbed);
        let values = pictures(&clean, &perturbed, &gap, &boxes(20));
        let of = |id: &str| values.iter().find(|value| value.id == id).unwrap();
        assert_eq!(of("l_infinity").value, Some(155.0));
        // 100 of 1600 pixels, three channels each.
        assert_eq!(of("mean_difference").value, Some(155.0 / 16.0));
        assert_eq!(of("pixel_l2").value, Some((300.0_f64 * 155.0 * 155.0).sqrt()));
        assert_eq!(of("box_ssim").value, Some(1.0), "the box lies beside the edit");
        assert_ne!(of("edit_kind").word.as_deref(), Some("nothing was changed"));
        let inside = pictures(&clean, &perturbed, &gap, &boxes(0));
        assert!(inside.iter().any(|value| value.id == "box_ssim" && value.value < Some(0.9)));

        let same = pictures(&clean, &clean, &difference(&clean, &clean), &[]);
        let of = |id: &str| same.iter().find(|value| value.id == id).unwrap();
        assert_eq!((of("psnr").word.as_deref(), of("ssim").value), (Some("∞"), Some(1.0)));
        assert_eq!(of("box_ssim").word.as_deref(), Some(NEEDS_OBJECTS));
        assert_eq!(of("edit_kind").word.as_deref(), Some("nothing was changed"));
    }
}
