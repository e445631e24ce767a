//! Pictures that keep only low or only high frequencies (arXiv 2602.06652): asked of the model at a row of cutoffs,
//! they show which frequencies an answer rests on.
//!
//! Frequency f = |(x/width, y/height) in cycles per pixel| / its largest value, in [0, 1]. Low-pass keeps f <= cutoff,
//! high-pass f >= cutoff. As the paper's spectral attack, filters work on values in [-1, 1], cut off there again: what
//! high-pass leaves lies around mid-grey. That the same holds for its keep curves is **our reconstruction**.

use super::fft::Complex;
use super::plane::{Plane, frequency};
use crate::metrics::error::{MetricError, in_range};
use crate::raster::Raster;

/// The paper's cutoff between low and high frequencies in its band-limited attack.
pub const LOW_HIGH_SPLIT: f64 = 0.25;

/// Which frequencies stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// f <= cutoff.
    Low,
    /// f >= cutoff.
    High,
}

/// The picture with only these frequencies; the cutoff is in [0, 1]. Low-pass at 1 and high-pass at 0 change nothing.
///
/// # Errors
/// A picture without pixels, or a cutoff out of range.
pub fn keep(image: &Raster, which: Keep, cutoff: f64) -> Result<Raster, MetricError> {
    in_range((0.0..=1.0).contains(&cutoff), "the cutoff")?;
    let (width, height) = (image.width_px as usize, image.height_px as usize);
    let centred = |level: u8| f64::from(level) / 127.5 - 1.0;
    let mut kept = image.clone();
    // The filter is real and the same for opposite frequencies, so two channels go through it as one complex plane.
    for [first, second] in [[0, 1], [2, 2]] {
        let value = |pixel: &[u8]| Complex { re: centred(pixel[first]), im: centred(pixel[second]) };
        let plane = Plane::new(width, height, image.rgba.chunks_exact(4).map(value).collect())?;
        let filtered = filtered(plane, |frequency| match which {
            Keep::Low => frequency <= cutoff,
            Keep::High => frequency >= cutoff,
        });
        for (pixel, value) in kept.rgba.chunks_exact_mut(4).zip(&filtered.values) {
            pixel[first] = level(value.re);
            pixel[second] = level(if first == second { value.re } else { value.im });
        }
    }
    Ok(kept)
}

/// A value in [-1, 1] as a grey level.
fn level(value: f64) -> u8 {
    ((value + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8
}

/// The plane with those frequencies alone, in [0, 1], for which `stays` holds.
pub(super) fn filtered(plane: Plane, stays: impl Fn(f64) -> bool) -> Plane {
    let (width, height) = (plane.width, plane.height);
    let share = |index: usize, length: usize| frequency(index, length) as f64 / length as f64;
    let distance = |x: usize, y: usize| {
        let (x, y) = (share(x, width), share(y, height));
        (x * x + y * y).sqrt()
    };
    let largest = distance(width / 2, height / 2);
    let mut spectrum = plane.forward();
    for (y, row) in spectrum.values.chunks_exact_mut(width).enumerate() {
        for (x, value) in row.iter_mut().enumerate() {
            let frequency = if largest > 0.0 { distance(x, y) / largest } else { 0.0 };
            if !stays(frequency) {
                *value = Complex::default();
            }
        }
    }
    spectrum.inverse()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(pixels: &[u8]) -> Raster {
        let rgba = pixels.iter().flat_map(|level| [*level, 255 - *level, *level / 2, 255]).collect();
        Raster { width_px: pixels.len() as u32, height_px: 1, rgba }
    }

    /// Stripes around 100 are their mean plus the highest frequency: either pass takes them apart.
    #[test]
    fn stripes_by_hand() {
        let stripes = row(&[60, 140, 60, 140]);
        assert_eq!(keep(&stripes, Keep::Low, 0.5).unwrap(), row(&[100; 4]));
        let high = keep(&stripes, Keep::High, 0.5).unwrap();
        let reds: Vec<u8> = high.rgba.chunks_exact(4).map(|pixel| pixel[0]).collect();
        // 127.5 -+ 40, rounded away from zero.
        assert!(reds.iter().zip([87.5, 167.5, 87.5, 167.5]).all(|(a, b)| (f64::from(*a) - b).abs() <= 0.5));
    }

    #[test]
    fn unusable_input_is_told() {
        for cutoff in [-0.1, 1.1, f64::NAN] {
            let found = keep(&row(&[1]), Keep::Low, cutoff);
            assert_eq!(found, Err(MetricError::OutOfRange { what: "the cutoff" }));
        }
        assert_eq!(keep(&Raster::filled(0, 0, [0; 4]), Keep::Low, 0.5), Err(MetricError::Empty));
        assert_eq!(keep(&row(&[7]), Keep::High, 0.0), Ok(row(&[7])));
    }

    proptest! {
        #[test]
        fn all_frequencies_are_the_picture(pixels in prop::collection::vec(any::<u8>(), 1..50)) {
            let image = row(&pixels);
            prop_assert_eq!(&keep(&image, Keep::Low, 1.0).unwrap(), &image);
            prop_assert_eq!(&keep(&image, Keep::High, 0.0).unwrap(), &image);
            // Only the mean is left.
            let flat = keep(&image, Keep::Low, 0.0).unwrap();
            let mean = pixels.iter().map(|level| f64::from(*level)).sum::<f64>() / pixels.len() as f64;
            prop_assert!(flat.rgba.chunks_exact(4).all(|pixel| (f64::from(pixel[0]) - mean).abs() <= 0.5 + 1e-9));
        }
    }
}
