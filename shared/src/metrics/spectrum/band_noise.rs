//! Noise of one band of frequencies (arXiv 2602.06652: at 1, 2, 4, 8 and 16 of 255 levels, five trials each).
//!
//! White Gaussian noise per pixel and channel, filtered to the band and scaled. That the published levels are the root
//! mean square of the noise, before the picture is cut off at 0 and 255, is **our reconstruction**.

use super::fft::Complex;
use super::filter::filtered;
use super::plane::Plane;
use crate::metrics::error::{MetricError, in_range};
use crate::raster::Raster;
use crate::rng::{Rng, stream};

/// The published levels, of 255.
pub const PUBLISHED_LEVELS: [f64; 5] = [1.0, 2.0, 4.0, 8.0, 16.0];
/// The published number of trials: seeds per level.
pub const PUBLISHED_TRIALS: u32 = 5;

/// Which noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandNoise {
    /// Lowest frequency, in [0, 1] of the largest one as in [`super::filter`].
    pub low: f64,
    /// Highest frequency, at least `low`.
    pub high: f64,
    /// Root mean square in grey levels, 0 to 255.
    pub rms_levels: f64,
    /// Seed of the draws: one per trial.
    pub seed: u64,
}

/// The picture with the noise added.
///
/// # Errors
/// A picture without pixels, settings out of range, a band in which a picture of this size has no frequency.
pub fn add_band_noise(image: &Raster, noise: BandNoise) -> Result<Raster, MetricError> {
    in_range(noise.low >= 0.0 && noise.low <= noise.high && noise.high <= 1.0, "the band")?;
    in_range((0.0..=255.0).contains(&noise.rms_levels), "the level of the noise")?;
    let mut rng = Rng::new(noise.seed, stream::BAND_NOISE);
    let mut noisy = image.clone();
    // Two channels in one complex plane; blue has a plane of its own.
    for channels in [&[0, 1][..], &[2]] {
        let white = (0..image.rgba.len() / 4).map(|_| {
            let re = f64::from(rng.normal());
            Complex { re, im: if channels.len() > 1 { f64::from(rng.normal()) } else { 0.0 } }
        });
        let plane = Plane::new(image.width_px as usize, image.height_px as usize, white.collect())?;
        let band = filtered(plane, |frequency| frequency >= noise.low && frequency <= noise.high);
        for channel in channels {
            let part = |value: &Complex| if *channel == 1 { value.im } else { value.re };
            let squares: f64 = band.values.iter().map(|value| part(value) * part(value)).sum();
            if squares == 0.0 {
                return Err(MetricError::Undefined { why: "the picture has no frequency in the band" });
            }
            let scale = noise.rms_levels / (squares / band.values.len() as f64).sqrt();
            for (pixel, value) in noisy.rgba.chunks_exact_mut(4).zip(&band.values) {
                let level = f64::from(pixel[*channel]) + scale * part(value);
                pixel[*channel] = level.round().clamp(0.0, 255.0) as u8;
            }
        }
    }
    Ok(noisy)
}

#[cfg(test)]
mod tests {
    use super::super::band_energy::band_energies;
    use super::super::bands::{Bands, Binning};
    use super::super::picture::PictureSpectrum;
    use super::*;

    const HIGH: BandNoise = BandNoise { low: 0.8, high: 1.0, rms_levels: 8.0, seed: 3 };

    fn grey() -> Raster {
        Raster::filled(48, 36, [128, 128, 128, 255])
    }

    #[test]
    fn the_noise_has_its_level_and_its_band() {
        for (low, high) in [(0.0, 0.25), (0.3, 0.5), (0.8, 1.0)] {
            let noisy = add_band_noise(&grey(), BandNoise { low, high, ..HIGH }).unwrap();
            let squares =
                |pixel: &[u8]| pixel[..3].iter().map(|v| (f64::from(*v) - 128.0).powi(2)).sum::<f64>();
            let rms = (noisy.rgba.chunks_exact(4).map(squares).sum::<f64>() / (3.0 * 48.0 * 36.0)).sqrt();
            assert!((rms - 8.0).abs() < 0.15, "{rms}");
        }
        let bands = Bands::new((48, 36), Binning::Equal);
        let noisy = add_band_noise(&grey(), HIGH).unwrap();
        let energies =
            band_energies(&PictureSpectrum::of(&noisy).unwrap(), &bands).unwrap().map(Option::unwrap);
        // The low band holds the grey itself, the middle one only what rounding to whole levels leaks.
        assert!(energies[2] > 20.0 * energies[1], "{energies:?}");
    }

    #[test]
    fn the_seed_decides() {
        let noisy = |seed| add_band_noise(&grey(), BandNoise { seed, ..HIGH }).unwrap();
        assert_eq!(noisy(1), noisy(1));
        assert_ne!(noisy(1), noisy(2));
        let none = add_band_noise(&grey(), BandNoise { rms_levels: 0.0, ..HIGH }).unwrap();
        assert_eq!(none, grey());
    }

    #[test]
    fn unusable_input_is_told() {
        for noise in [
            BandNoise { low: 0.5, high: 0.4, ..HIGH },
            BandNoise { high: 1.5, ..HIGH },
            BandNoise { rms_levels: f64::NAN, ..HIGH },
        ] {
            assert!(matches!(add_band_noise(&grey(), noise), Err(MetricError::OutOfRange { .. })));
        }
        let dot = Raster::filled(1, 1, [0, 0, 0, 255]);
        assert!(matches!(add_band_noise(&dot, HIGH), Err(MetricError::Undefined { .. })));
    }
}
