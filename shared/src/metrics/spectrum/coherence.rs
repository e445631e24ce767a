//! Cross-frequency coherence between a clean and a perturbed picture. arXiv 2602.06652 names it; the formula is **our
//! reconstruction**: per band 1 - |sum F conj(G)| / sqrt(sum |F|^2 sum |G|^2), averaged over channels.
//!
//! 0 where the band is the same up to a factor, towards 1 where it has nothing in common. Cyclic shifts, which leave
//! band energies alone, show here, because the phases turn.

use super::bands::{BANDS, Bands};
use super::fft::Complex;
use super::picture::PictureSpectrum;
use crate::metrics::error::{MetricError, in_range};

/// Lost coherence per band, low to high, each in [0, 1]; none where a picture has nothing in the band in any channel.
///
/// # Errors
/// Spectra or bands of different sizes.
pub fn coherence_loss(
    clean: &PictureSpectrum,
    perturbed: &PictureSpectrum,
    bands: &Bands,
) -> Result<[Option<f64>; BANDS], MetricError> {
    in_range(clean.size() == perturbed.size(), "the size of the perturbed spectrum")?;
    in_range(clean.size() == (bands.width, bands.height), "the size of the bands")?;
    let (mut losses, mut channels) = ([0.0; BANDS], [0u32; BANDS]);
    for (f, g) in clean.channels.iter().zip(&perturbed.channels) {
        let (mut both, mut power_f, mut power_g) = ([Complex::default(); BANDS], [0.0; BANDS], [0.0; BANDS]);
        for (band, (f, g)) in bands.of_coefficients().zip(f.values.iter().zip(&g.values)) {
            both[band] = both[band] + *f * g.conjugate();
            power_f[band] += f.power();
            power_g[band] += g.power();
        }
        for band in 0..BANDS {
            let scale = (power_f[band] * power_g[band]).sqrt();
            if scale > 0.0 {
                losses[band] += (1.0 - both[band].power().sqrt() / scale).clamp(0.0, 1.0);
                channels[band] += 1;
            }
        }
    }
    Ok(std::array::from_fn(|band| (channels[band] > 0).then(|| losses[band] / f64::from(channels[band]))))
}

#[cfg(test)]
mod tests {
    use super::super::bands::Binning;
    use super::*;
    use crate::raster::Raster;

    fn row(pixels: &[u8]) -> PictureSpectrum {
        let rgba = pixels.iter().flat_map(|level| [*level, *level, *level, 255]).collect();
        PictureSpectrum::of(&Raster { width_px: pixels.len() as u32, height_px: 1, rgba }).unwrap()
    }

    fn loss(clean: &[u8], perturbed: &[u8]) -> [Option<f64>; BANDS] {
        let bands = Bands::new((clean.len(), 1), Binning::Equal);
        coherence_loss(&row(clean), &row(perturbed), &bands).unwrap()
    }

    /// A white pixel moved by one: F conj(G) = exp(i k 2 pi/8). In the band of k = 0 alone nothing is lost; in that of
    /// 3, 4, 5: |exp + -1 + exp| / 3 = (1 + sqrt 2)/3.
    #[test]
    fn a_shift_turns_phases_by_hand() {
        let found = loss(&[255, 0, 0, 0, 0, 0, 0, 0], &[0, 255, 0, 0, 0, 0, 0, 0]);
        assert_eq!(
            Bands::new((8, 1), Binning::Equal).of_coefficients().collect::<Vec<_>>(),
            [0, 0, 1, 2, 2, 2, 1, 0]
        );
        // k = -1, 0, 1: (1 + 2 cos 45 deg)/3; k = -2, 2: cos 90 deg = 0.
        let outer = 1.0 - (1.0 + 2.0f64.sqrt()) / 3.0;
        for (found, expected) in found.iter().zip([outer, 1.0, outer]) {
            assert!((found.unwrap() - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn brightness_loses_nothing_and_black_has_nothing_to_lose() {
        let pixels = [10, 200, 30, 90, 60, 0, 120, 40];
        let half: Vec<u8> = pixels.iter().map(|level| level / 2).collect();
        assert!(loss(&pixels, &half).iter().all(|loss| loss.unwrap() < 1e-12));
        assert!(loss(&pixels, &pixels).iter().all(|loss| loss.unwrap() < 1e-15));
        assert_eq!(loss(&pixels, &[0; 8]), [None; BANDS]);
    }

    #[test]
    fn sizes_that_differ_are_told() {
        let bands = Bands::new((8, 1), Binning::Equal);
        assert!(coherence_loss(&row(&[1; 8]), &row(&[1; 7]), &bands).is_err());
        assert!(coherence_loss(&row(&[1; 7]), &row(&[1; 7]), &bands).is_err());
    }
}
