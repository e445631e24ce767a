//! How long the metrics over pixels and tokens take: `cargo bench -p flipside-shared --bench metrics`.

use divan::{Bencher, black_box};
use flipside_shared::metrics::difference::difference;
use flipside_shared::metrics::edit_taxonomy::edit_taxonomy;
use flipside_shared::metrics::spectrum::band_energy::band_energies;
use flipside_shared::metrics::spectrum::bands::{Bands, Binning};
use flipside_shared::metrics::spectrum::coherence::coherence_loss;
use flipside_shared::metrics::spectrum::filter::{Keep, keep};
use flipside_shared::metrics::spectrum::picture::PictureSpectrum;
use flipside_shared::metrics::statistics::bootstrap::{Resampling, bootstrap};
use flipside_shared::metrics::statistics::clusters::Clusters;
use flipside_shared::raster::Raster;

fn main() {
    divan::main();
}

/// Powers of two, small factors, and a prime.
const SIDES_PX: [u32; 4] = [112, 448, 1024, 1021];

fn picture(side_px: u32, seed: u32) -> Raster {
    let level = |index: u32| (index.wrapping_mul(seed) >> 7) as u8;
    let rgba =
        (0..side_px * side_px).flat_map(|index| [level(index), level(index / 3), level(index / 5), 255]);
    Raster { width_px: side_px, height_px: side_px, rgba: rgba.collect() }
}

#[divan::bench(args = SIDES_PX)]
fn spectrum_of_a_picture(bencher: Bencher, side_px: u32) {
    let image = picture(side_px, 7919);
    bencher.bench(|| PictureSpectrum::of(black_box(&image)));
}

#[divan::bench(args = SIDES_PX)]
fn energies_and_coherence_of_two_spectra(bencher: Bencher, side_px: u32) {
    let spectra = [7919, 104_729].map(|seed| PictureSpectrum::of(&picture(side_px, seed)));
    let [Ok(clean), Ok(other)] = spectra else { return };
    let bands = Bands::new(clean.size(), Binning::Log);
    bencher.bench(|| (band_energies(&other, &bands), coherence_loss(&clean, &other, &bands)));
}

#[divan::bench(args = SIDES_PX)]
fn low_pass(bencher: Bencher, side_px: u32) {
    let image = picture(side_px, 7919);
    bencher.bench(|| keep(black_box(&image), Keep::Low, 0.25));
}

#[divan::bench(args = SIDES_PX)]
fn pixel_difference_with_ssim(bencher: Bencher, side_px: u32) {
    let (clean, other) = (picture(side_px, 7919), picture(side_px, 104_729));
    bencher.bench(|| difference(black_box(&clean), &other));
}

#[divan::bench(args = SIDES_PX)]
fn kind_of_edit(bencher: Bencher, side_px: u32) {
    let (clean, other) = (picture(side_px, 7919), picture(side_px, 104_729));
    bencher.bench(|| edit_taxonomy(black_box(&clean), &other));
}

#[divan::bench(args = [500, 12_000])]
fn bootstrap_of_a_mean(bencher: Bencher, rows: usize) {
    let values: Vec<f64> = (0..rows).map(|row| (row * 7919 % 997) as f64).collect();
    let clusters = Clusters::by(&(0..rows).map(|row| row / 24).collect::<Vec<_>>());
    let mean = |rows: &[usize]| Some(rows.iter().map(|row| values[*row]).sum::<f64>() / rows.len() as f64);
    bencher.bench(|| bootstrap(&clusters, Resampling::default(), mean));
}
