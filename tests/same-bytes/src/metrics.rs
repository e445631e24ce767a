//! Metrics whose numbers come from long sums, transforms or seeded draws.

use flipside_shared::metrics::bench_c::discrimination::{UnderCorruption, discrimination};
use flipside_shared::metrics::bench_c::marginal_relevance::{Picking, maximal_marginal_relevance};
use flipside_shared::metrics::bench_c::separation::separation;
use flipside_shared::metrics::control::control_samples;
use flipside_shared::metrics::edit_taxonomy::edit_taxonomy;
use flipside_shared::metrics::predictions::{calibration::calibration, ras::RasShift, softmax};
use flipside_shared::metrics::spectrum::band_energy::band_energies;
use flipside_shared::metrics::spectrum::band_noise::{BandNoise, add_band_noise};
use flipside_shared::metrics::spectrum::bands::{Bands, Binning};
use flipside_shared::metrics::spectrum::coherence::coherence_loss;
use flipside_shared::metrics::spectrum::filter::{Keep, keep};
use flipside_shared::metrics::spectrum::picture::PictureSpectrum;
use flipside_shared::metrics::statistics::bootstrap::{Resampling, bootstrap};
use flipside_shared::metrics::statistics::clustered::ClusteredMean;
use flipside_shared::metrics::statistics::clusters::Clusters;
use flipside_shared::metrics::statistics::correlation::{pearson, spearman};
use flipside_shared::metrics::statistics::mcnemar::mcnemar_test;
use flipside_shared::metrics::statistics::sign_flip::{SignDraws, sign_flip_test};
use flipside_shared::metrics::statistics::wilcoxon::wilcoxon_test;
use flipside_shared::rng::{Rng, stream};
use flipside_shared::scene::{Scene, render};
use std::fmt::Debug;

use crate::Lines;

pub(crate) fn add(lines: &mut Lines) {
    spectra(lines);
    statistics(lines);
    bench_c(lines);
}

fn text(value: impl Debug) -> Vec<u8> {
    format!("{value:?}").into_bytes()
}

fn spectra(lines: &mut Lines) {
    // 101 is prime: the convolution is met as well as the factors.
    for side in [112, 101] {
        let (clean, other) = (render(&Scene::from_seed(1), side), render(&Scene::from_seed(2), side));
        let (Ok(f), Ok(g)) = (PictureSpectrum::of(&clean), PictureSpectrum::of(&other)) else { continue };
        for binning in [Binning::Log, Binning::Equal, Binning::Percentile] {
            let bands = Bands::new(f.size(), binning);
            let found = (band_energies(&f, &bands), coherence_loss(&f, &g, &bands));
            lines.add(&format!("spectrum-{side}px-{binning:?}"), &text(found));
        }
        for (which, cutoff) in [(Keep::Low, 0.3), (Keep::High, 0.1)] {
            let kept = keep(&clean, which, cutoff).map(|kept| kept.rgba).unwrap_or_default();
            lines.add(&format!("keep-{side}px-{which:?}"), &kept);
        }
        let noise = BandNoise { low: 0.25, high: 1.0, rms_levels: 8.0, seed: 11 };
        let noisy = add_band_noise(&clean, noise).map(|noisy| noisy.rgba).unwrap_or_default();
        lines.add(&format!("band-noise-{side}px"), &noisy);
        lines.add(&format!("edit-taxonomy-{side}px"), &text(edit_taxonomy(&clean, &other)));
    }
}

fn statistics(lines: &mut Lines) {
    let mut rng = Rng::new(6, stream::NOISE);
    let values: Vec<f64> = (0..90).map(|_| f64::from(rng.normal())).collect();
    let others: Vec<f64> = values.iter().map(|value| value + f64::from(rng.normal())).collect();
    let clusters = Clusters::by(&(0..90).map(|_| rng.below(20)).collect::<Vec<_>>());
    let mean = |rows: &[usize]| Some(rows.iter().map(|row| values[*row]).sum::<f64>() / rows.len() as f64);
    lines.add("bootstrap", &text(bootstrap(&clusters, Resampling::default(), mean)));
    lines.add("clustered", &text(ClusteredMean::of(&values, &clusters)));
    lines.add("sign-flip", &text(sign_flip_test(&values, &clusters, SignDraws { draws: 500, seed: 3 })));
    lines.add("wilcoxon", &text(wilcoxon_test(&values)));
    lines.add("correlation", &text((pearson(&values, &others), spearman(&values, &others))));
    let right = |values: &[f64]| values.iter().map(|value| *value > 0.0).collect::<Vec<_>>();
    lines.add("mcnemar", &text(mcnemar_test(&right(&values), &right(&others))));
    let confidence: Vec<f64> = values.chunks_exact(2).map(|scores| softmax(scores)[0]).collect();
    lines.add("calibration", &text(calibration(&confidence, &right(&others)[..confidence.len()], 10)));
    lines.add("ras", &text(RasShift::of(&softmax(&values[..4]), &softmax(&others[..4]), 2)));
    lines.add("control-samples", &text(control_samples(5, 1000, 25, 9)));
}

fn bench_c(lines: &mut Lines) {
    let mut rng = Rng::new(8, stream::NOISE);
    let mut share = || f64::from(rng.unit());
    let samples: Vec<Vec<UnderCorruption>> = (0..40)
        .map(|_| (0..3).map(|_| UnderCorruption { flip_rate: share(), accuracy: share() }).collect())
        .collect();
    let scores = discrimination(&samples).unwrap_or_default();
    lines.add("discrimination", &text(&scores));
    let relevance: Vec<f64> = scores.iter().map(|one| one.score).collect();
    let embeddings: Vec<Vec<f32>> = (0..40).map(|_| (0..12).map(|_| rng.normal()).collect()).collect();
    let picking = Picking { size: 15, balance: 0.5 };
    lines.add("marginal-relevance", &text(maximal_marginal_relevance(&relevance, &embeddings, picking)));
    let accuracies: Vec<Vec<f64>> =
        samples.iter().map(|models| models.iter().map(|model| model.accuracy).collect()).collect();
    let settings = Resampling { resamples: 100, ..Resampling::default() };
    lines.add("separation", &text(separation(&accuracies, &Clusters::singles(40), settings)));
}
