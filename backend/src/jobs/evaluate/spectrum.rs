//! Which spatial frequencies a perturbation changes, for one clean picture and all its perturbed versions.

use flipside_shared::metrics::spectrum::{
    band_energy::{band_changes, band_energies},
    bands::{BANDS, Bands, Binning},
    coherence::coherence_loss,
    picture::PictureSpectrum,
};
use flipside_shared::raster::Raster;
use serde::{Deserialize, Serialize};

/// Three bands, low to high, with the paper's logarithmic edges; none for a band without coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpectrumEntry {
    /// (E' - E)/E of the band energy; none where the clean picture has nothing there, too.
    pub energy_change: [Option<f64>; BANDS],
    /// 1 - |coherence| between the pictures (a reconstruction).
    pub coherence_loss: [Option<f64>; BANDS],
}

/// The clean picture's side of it.
pub struct CleanSpectrum {
    spectrum: PictureSpectrum,
    bands: Bands,
    energies: [Option<f64>; BANDS],
}

impl CleanSpectrum {
    /// Of a picture; none without pixels.
    pub fn of(clean: &Raster) -> Option<Self> {
        let spectrum = PictureSpectrum::of(clean).ok()?;
        let bands = Bands::new(spectrum.size(), Binning::Log);
        let energies = band_energies(&spectrum, &bands).ok()?;
        Some(Self { spectrum, bands, energies })
    }

    /// What a perturbed version, which may have another size, changes.
    pub fn change(&self, clean: &Raster, perturbed: &Raster) -> Option<SpectrumEntry> {
        let spectrum = PictureSpectrum::of_perturbed(clean, perturbed).ok()?;
        let changes = band_changes(self.energies, band_energies(&spectrum, &self.bands).ok()?);
        Some(SpectrumEntry {
            energy_change: changes.map(|change| change?.relative),
            coherence_loss: coherence_loss(&self.spectrum, &spectrum, &self.bands).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flipside_shared::scene::{Scene, render};

    #[test]
    fn nothing_changes_nothing_and_darkness_takes_energy_from_all_bands() {
        let clean = render(&Scene::from_seed(1), 48);
        let spectrum = CleanSpectrum::of(&clean).unwrap();
        let same = spectrum.change(&clean, &clean).unwrap();
        assert!(same.energy_change.iter().all(|change| change.unwrap() == 0.0));
        assert!(same.coherence_loss.iter().all(|loss| loss.unwrap().abs() < 1e-9));
        let mut dark = clean.clone();
        dark.rgba.chunks_exact_mut(4).for_each(|pixel| pixel[..3].iter_mut().for_each(|level| *level /= 2));
        let change = spectrum.change(&clean, &dark).unwrap();
        assert!(change.energy_change.iter().all(|change| change.unwrap() < -0.5), "{change:?}");
    }
}
