//! The spectral metrics of two pictures: energy per band under each binning, its change, and lost coherence.

use super::{BAND_PARTS, Measured};
use crate::metrics::error::MetricError;
use crate::metrics::spectrum::band_energy::{band_changes, band_energies};
use crate::metrics::spectrum::bands::{Bands, Binning};
use crate::metrics::spectrum::coherence::coherence_loss;
use crate::metrics::spectrum::picture::PictureSpectrum;

/// The bands of pictures of this size under every binning: to be computed once for many pictures.
pub fn bands(size: (usize, usize)) -> [Bands; 3] {
    [Binning::Log, Binning::Equal, Binning::Percentile].map(|binning| Bands::new(size, binning))
}

/// The values, for each binning low to high; none for a band without coefficients.
///
/// # Errors
/// Spectra or bands of different sizes.
pub fn frequencies(
    clean: &PictureSpectrum,
    perturbed: &PictureSpectrum,
    bands: &[Bands; 3],
) -> Result<Vec<Measured>, MetricError> {
    let mut values = Vec::new();
    for (bands, parts) in bands.iter().zip(BAND_PARTS) {
        let (before, after) = (band_energies(clean, bands)?, band_energies(perturbed, bands)?);
        let changes = band_changes(before, after);
        let losses = coherence_loss(clean, perturbed, bands)?;
        for (band, part) in parts.into_iter().enumerate() {
            let mut push = |value: Measured| values.push(value.part(part));
            if let (Some(before), Some(after)) = (before[band], after[band]) {
                push(Measured::pair("band_energy", before, after));
            }
            if let Some(change) = changes[band] {
                push(Measured::number("band_change", change.absolute));
                if let Some(relative) = change.relative {
                    push(Measured::number("band_change_relative", relative));
                }
            }
            if let Some(loss) = losses[band] {
                push(Measured::number("coherence_loss", loss));
            }
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Raster;

    #[test]
    fn a_picture_twice_as_bright_has_four_times_the_power_and_the_same_phases() {
        let grey = |level: u8| {
            let mut picture = Raster::filled(16, 16, [level, level, level, 255]);
            // One column brighter: power in every band.
            picture.rgba.chunks_exact_mut(64).for_each(|row| row[..3].fill(2 * level));
            picture
        };
        let [dark, bright] = [40, 80].map(|level| PictureSpectrum::of(&grey(level)).unwrap());
        let values = frequencies(&dark, &bright, &bands((16, 16))).unwrap();
        for (id, expected) in [("band_change_relative", 3.0), ("coherence_loss", 0.0)] {
            let of: Vec<&Measured> = values.iter().filter(|value| value.id == id).collect();
            assert!(of.len() >= 8, "{id}: {of:?}");
            for value in of {
                assert!((value.value.unwrap() - expected).abs() < 1e-9, "{value:?}");
            }
        }
        let energy = values.iter().find(|value| value.id == "band_energy" && value.part == "low").unwrap();
        assert!((energy.value.unwrap() / energy.clean.unwrap() - 4.0).abs() < 1e-9);
    }
}
