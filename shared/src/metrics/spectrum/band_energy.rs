//! Energy per band of frequencies, and how a perturbation changes it (arXiv 2602.06652).
//!
//! P = |F|^2 per channel; the energy of a band is the mean of P over its coefficients, averaged over channels.

use super::bands::{BANDS, Bands};
use super::picture::PictureSpectrum;
use crate::metrics::error::{MetricError, in_range};

/// Energy per band, low to high; none for a band without coefficients, which tiny pictures have.
///
/// # Errors
/// Bands for another size.
pub fn band_energies(spectrum: &PictureSpectrum, bands: &Bands) -> Result<[Option<f64>; BANDS], MetricError> {
    in_range(spectrum.size() == (bands.width, bands.height), "the size of the bands")?;
    let (mut sums, mut counts) = ([0.0; BANDS], [0u32; BANDS]);
    let [red, green, blue] = &spectrum.channels;
    let powers = red.values.iter().zip(&green.values).zip(&blue.values);
    for (band, ((red, green), blue)) in bands.of_coefficients().zip(powers) {
        sums[band] += (red.power() + green.power() + blue.power()) / 3.0;
        counts[band] += 1;
    }
    Ok(std::array::from_fn(|band| (counts[band] > 0).then(|| sums[band] / f64::from(counts[band]))))
}

/// The change of one band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandChange {
    /// E' - E.
    pub absolute: f64,
    /// (E' - E)/E; none where the clean picture has nothing there.
    pub relative: Option<f64>,
}

/// The change per band from the clean to the perturbed picture; none for a band without coefficients.
pub fn band_changes(
    clean: [Option<f64>; BANDS],
    perturbed: [Option<f64>; BANDS],
) -> [Option<BandChange>; BANDS] {
    std::array::from_fn(|band| {
        let (clean, perturbed) = (clean[band]?, perturbed[band]?);
        let absolute = perturbed - clean;
        Some(BandChange { absolute, relative: (clean > 0.0).then(|| absolute / clean) })
    })
}

#[cfg(test)]
mod tests {
    use super::super::bands::Binning;
    use super::*;
    use crate::raster::Raster;
    use proptest::prelude::*;

    /// A row 1 0 0 0 of white and black: every coefficient has power 1, so every band has energy 1. Half as bright,
    /// it has a quarter, but for rounding to whole grey levels.
    #[test]
    fn a_single_white_pixel_is_in_all_bands() {
        let row = |level: u8| {
            let mut image = Raster::filled(8, 1, [0, 0, 0, 255]);
            image.rgba[..3].fill(level);
            let bands = Bands::new((8, 1), Binning::Equal);
            band_energies(&PictureSpectrum::of(&image).unwrap(), &bands).unwrap()
        };
        let (white, grey, black) = (row(255), row(51), row(0));
        assert!(white.iter().all(|energy| (energy.unwrap() - 1.0).abs() < 1e-12));
        for change in band_changes(white, grey).map(Option::unwrap) {
            assert!(
                (change.absolute + 0.96).abs() < 1e-12 && (change.relative.unwrap() + 0.96).abs() < 1e-12
            );
        }
        assert_eq!(band_changes(black, white)[0].unwrap().relative, None);
        assert_eq!(band_changes(white, [None; BANDS]), [None; BANDS]);
    }

    #[test]
    fn bands_of_another_size_are_told() {
        let spectrum = PictureSpectrum::of(&Raster::filled(4, 4, [9; 4])).unwrap();
        let found = band_energies(&spectrum, &Bands::new((4, 5), Binning::Log));
        assert!(matches!(found, Err(MetricError::OutOfRange { .. })));
    }

    proptest! {
        /// Bands hold all of the energy, and shifting a picture around moves none of it.
        #[test]
        fn energy_is_complete_and_blind_to_cyclic_shifts(
            width in 3usize..20, height in 3usize..20, seed in 1usize..99,
        ) {
            let level = |index: usize| (index * seed * 7919 % 251) as u8;
            let rgba: Vec<u8> = (0..width * height * 4).map(level).collect();
            let mut image = Raster { width_px: width as u32, height_px: height as u32, rgba };
            let bands = Bands::new((width, height), Binning::Equal);
            let energies = |image: &Raster| band_energies(&PictureSpectrum::of(image).unwrap(), &bands).unwrap();
            let before = energies(&image);
            let mut counts = [0.0; BANDS];
            bands.of_coefficients().for_each(|band| counts[band] += 1.0);
            let total: f64 = before.iter().zip(counts).map(|(energy, count)| energy.unwrap_or(0.0) * count).sum();
            let squares = |pixel: &[u8]| pixel[..3].iter().map(|v| (f64::from(*v) / 255.0).powi(2)).sum::<f64>() / 3.0;
            let expected = image.rgba.chunks_exact(4).map(squares).sum::<f64>() * (width * height) as f64;
            prop_assert!((total - expected).abs() < 1e-9 * expected.max(1.0));
            image.rgba.rotate_left(width * 4);
            for (a, b) in before.iter().zip(energies(&image)) {
                prop_assert!((a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() < 1e-9 * expected.max(1.0));
            }
        }
    }
}
