//! The spectrum of a picture: of red, green and blue in [0, 1], each on its own.

use super::fft::Complex;
use super::plane::Plane;
use crate::metrics::difference::aligned;
use crate::metrics::error::MetricError;
use crate::raster::Raster;

/// Three spectra of one size, not scaled, zero frequency first.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureSpectrum {
    /// Red, green, blue.
    pub channels: [Plane; 3],
}

impl PictureSpectrum {
    /// The spectrum of a picture.
    ///
    /// # Errors
    /// A picture without pixels.
    pub fn of(image: &Raster) -> Result<Self, MetricError> {
        let channel = |channel: usize| {
            let value = |pixel: &[u8]| Complex { re: f64::from(pixel[channel]) / 255.0, im: 0.0 };
            let values = image.rgba.chunks_exact(4).map(value).collect();
            Ok(Plane::new(image.width_px as usize, image.height_px as usize, values)?.forward())
        };
        Ok(Self { channels: [channel(0)?, channel(1)?, channel(2)?] })
    }

    /// The spectrum of a perturbed picture, resized to the clean one's size first where it has another, bicubic, as in
    /// the paper.
    ///
    /// # Errors
    /// A picture without pixels.
    pub fn of_perturbed(clean: &Raster, perturbed: &Raster) -> Result<Self, MetricError> {
        Self::of(&aligned(clean, perturbed))
    }

    /// Columns and rows.
    pub fn size(&self) -> (usize, usize) {
        (self.channels[0].width, self.channels[0].height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zero_frequency_is_the_sum() {
        let image = Raster::filled(6, 5, [255, 51, 0, 255]);
        let found = PictureSpectrum::of(&image).unwrap();
        let zero = found.channels.each_ref().map(|channel| channel.values[0].re);
        assert!((zero[0] - 30.0).abs() < 1e-12 && (zero[1] - 6.0).abs() < 1e-12 && zero[2] == 0.0);
        let rest = found.channels.iter().flat_map(|channel| &channel.values[1..]);
        assert!(rest.map(|value| value.power()).fold(0.0, f64::max) < 1e-24);
        let larger = Raster::filled(12, 10, [255, 51, 0, 255]);
        assert_eq!(PictureSpectrum::of_perturbed(&image, &larger).unwrap(), found);
        assert!(PictureSpectrum::of(&Raster::filled(0, 0, [0; 4])).is_err());
    }
}
