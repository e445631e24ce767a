//! The metrics against NumPy, SciPy, scikit-learn, scikit-image and statsmodels.
//!
//! tests/golden/metrics.json is made by tests/parity/metrics.py. Both sides compute in double precision and sum in
//! another order, so numbers of order 1 agree to [`CLOSE`]; whoever asks for less says why.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use flipside_shared::image_file::{DecodeLimits, decode};
use flipside_shared::metrics::box_ssim::{PixelBox, box_ssim};
use flipside_shared::metrics::difference::difference;
use flipside_shared::metrics::drift::{DriftSummary, cosine_distance, l2, relative_drift};
use flipside_shared::metrics::edit_taxonomy::edit_taxonomy;
use flipside_shared::metrics::labels::{visual_entropy::visual_entropy, yes_no::YesNo};
use flipside_shared::metrics::predictions::{brier::brier, calibration::calibration, entropy, softmax};
use flipside_shared::metrics::spectrum::band_energy::band_energies;
use flipside_shared::metrics::spectrum::bands::{Bands, Binning};
use flipside_shared::metrics::spectrum::coherence::coherence_loss;
use flipside_shared::metrics::spectrum::fft::Complex;
use flipside_shared::metrics::spectrum::filter::{Keep, keep};
use flipside_shared::metrics::spectrum::{picture::PictureSpectrum, plane::Plane};
use flipside_shared::metrics::statistics::bootstrap::interval;
use flipside_shared::metrics::statistics::clustered::ClusteredMean;
use flipside_shared::metrics::statistics::clusters::Clusters;
use flipside_shared::metrics::statistics::correlation::{pearson, spearman};
use flipside_shared::metrics::statistics::mcnemar::mcnemar_test;
use flipside_shared::metrics::statistics::sign_flip::{SignDraws, sign_flip_test};
use flipside_shared::metrics::statistics::wilcoxon::wilcoxon_test;
use flipside_shared::raster::Raster;
use flipside_tests::source::root;
use serde_json::Value;

/// Two sums of a few thousand numbers of order 1 in double precision, in two orders.
const CLOSE: f64 = 1e-12;

fn golden(family: &str) -> Value {
    let text = std::fs::read_to_string(root().join("tests/golden/metrics.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()[family].take()
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

fn truths(value: &Value) -> Vec<bool> {
    list(value).iter().map(|value| value.as_bool().expect("true or false")).collect()
}

fn near(found: f64, expected: &Value, tolerance: f64, what: &str) {
    let expected = number(expected);
    let gap = (found - expected).abs() / expected.abs().max(1.0);
    assert!(gap <= tolerance, "{what}: {found} for {expected}");
}

/// The formula of metrics.py.
fn pattern(width_px: u32, height_px: u32) -> Raster {
    let level = |x: u32, y: u32, channel: u32| ((3 * x + 5 * y + x * y / 4 + 40 * channel) % 256) as u8;
    let places = (0..height_px).flat_map(|y| (0..width_px).map(move |x| (x, y)));
    let rgba = places.flat_map(|(x, y)| [level(x, y, 0), level(x, y, 1), level(x, y, 2), 255]).collect();
    Raster { width_px, height_px, rgba }
}

#[test]
fn labels_agree_with_scikit_learn() {
    let golden = golden("labels");
    let found = YesNo::of(&truths(&golden["truth"]), &truths(&golden["predicted"])).unwrap();
    for (name, value) in [
        ("accuracy", found.accuracy()),
        ("precision", found.precision()),
        ("recall", found.recall()),
        ("f1", found.f1()),
        ("false_positive_rate", found.false_positive_rate()),
    ] {
        near(value.unwrap(), &golden[name], CLOSE, name);
    }
    let labels: Vec<u32> = numbers(&golden["visual_labels"]).iter().map(|label| *label as u32).collect();
    near(visual_entropy(&labels).unwrap(), &golden["visual_entropy"], CLOSE, "visual entropy");
}

#[test]
fn predictions_agree_with_scikit_learn() {
    let golden = golden("predictions");
    let probabilities: Vec<Vec<f64>> =
        list(&golden["scores"]).iter().map(|scores| softmax(&numbers(scores))).collect();
    for (probabilities, expected) in probabilities.iter().zip(list(&golden["entropies"])) {
        near(entropy(probabilities), expected, CLOSE, "entropy");
    }
    let rows: Vec<&[f64]> = probabilities.iter().map(Vec::as_slice).collect();
    let truth: Vec<usize> = numbers(&golden["truth"]).iter().map(|truth| *truth as usize).collect();
    near(brier(&rows, &truth).unwrap(), &golden["brier"], CLOSE, "Brier");
    let found = calibration(&numbers(&golden["confidence"]), &truths(&golden["right"]), 10).unwrap();
    near(found.ece, &golden["ece"], CLOSE, "ECE");
    near(found.mce, &golden["mce"], CLOSE, "MCE");
}

#[test]
fn drift_agrees_with_scipy() {
    let golden = golden("representation");
    let vector = |name: &str| numbers(&golden[name]).iter().map(|value| *value as f32).collect::<Vec<_>>();
    let (a, b) = (vector("a"), vector("b"));
    near(cosine_distance(&a, &b), &golden["cosine_distance"], CLOSE, "cosine distance");
    near(l2(&a, &b), &golden["l2"], CLOSE, "L2");
    let summary = |name: &str| DriftSummary::of(&numbers(&golden[name]));
    let found = relative_drift(summary("perturbation"), summary("control")).unwrap();
    near(found.percent, &golden["percent"], CLOSE, "relative drift");
    near(found.spread_percent, &golden["spread_percent"], CLOSE, "its spread");
    near(found.cohens_d.unwrap(), &golden["cohens_d"], CLOSE, "Cohen's d");
}

#[test]
fn the_transform_agrees_with_numpy() {
    let golden = golden("spectrum");
    let complex = |name: &str| -> Vec<Complex> {
        let value = |pair: &Value| Complex { re: number(&pair[0]), im: number(&pair[1]) };
        list(&golden[name]).iter().map(value).collect()
    };
    let found = Plane::new(12, 7, complex("plane")).unwrap().forward();
    for (found, expected) in found.values.iter().zip(complex("transformed")) {
        assert!((*found - expected).power().sqrt() < CLOSE * 12.0 * 7.0, "{found:?} for {expected:?}");
    }
}

/// 150 x 101 pixels: one side of small factors, one a prime. Energies are relative to themselves.
#[test]
fn bands_agree_with_numpy() {
    let golden = golden("spectrum");
    let spectrum = |name: &Value| {
        let path = root().join("tests/golden/perturb").join(format!("{}.png", name.as_str().unwrap()));
        let picture = decode(&std::fs::read(path).unwrap(), DecodeLimits::default()).unwrap();
        PictureSpectrum::of(&picture.raster).unwrap()
    };
    for case in list(&golden["pairs"]) {
        let binning = match case["binning"].as_str().unwrap() {
            "log" => Binning::Log,
            "equal" => Binning::Equal,
            _ => Binning::Percentile,
        };
        let (clean, perturbed) = (spectrum(&case["clean"]), spectrum(&case["perturbed"]));
        let bands = Bands::new(clean.size(), binning);
        let loss = coherence_loss(&clean, &perturbed, &bands).unwrap();
        for (name, found) in [
            ("clean_energy", band_energies(&clean, &bands).unwrap()),
            ("perturbed_energy", band_energies(&perturbed, &bands).unwrap()),
            ("coherence_loss", loss),
        ] {
            for (found, expected) in found.iter().zip(list(&case[name])) {
                // Sums of 15,000 terms through two different transforms.
                near(found.unwrap(), expected, 1e-11, &format!("{name} of {case}"));
            }
        }
    }
}

/// Rounding to whole levels may fall the other way where a value lies on the half.
#[test]
fn filters_agree_with_numpy() {
    let image = pattern(23, 18);
    for case in list(&golden("spectrum")["filters"]) {
        let which = if case["low"].as_bool().unwrap() { Keep::Low } else { Keep::High };
        let found = keep(&image, which, number(&case["cutoff"])).unwrap();
        let found = found.rgba.chunks_exact(4).flat_map(|pixel| &pixel[..3]);
        let gaps = found.zip(numbers(&case["pixels"])).map(|(found, expected)| f64::from(*found) - expected);
        let (other, worst) = gaps
            .fold((0, 0.0f64), |(other, worst), gap| (other + u32::from(gap != 0.0), worst.max(gap.abs())));
        assert!(worst <= 1.0 && other <= 2, "{which:?}: {other} values differ, by up to {worst}");
    }
}

#[test]
fn pictures_agree_with_scikit_image_and_scipy() {
    let golden = golden("pictures");
    let clean = pattern(80, 60);
    let mut edited = clean.clone();
    for (index, pixel) in edited.rgba.chunks_exact_mut(4).enumerate() {
        match (index % 80, index / 80) {
            (8..30, 10..25) => pixel[..3].copy_from_slice(&[250, 20, 20]),
            (50..70, 35..50) => pixel[..3].iter_mut().for_each(|level| *level /= 3),
            (60, 5) => pixel[..3].iter_mut().for_each(|level| *level ^= 255),
            _ => {}
        }
    }
    let found = difference(&clean, &edited);
    near(found.psnr_db.unwrap(), &golden["psnr_db"], CLOSE, "PSNR");
    near(found.l2, &golden["l2"], CLOSE, "L2");
    near(found.mean, &golden["mean"], CLOSE, "mean");
    near(f64::from(found.max), &golden["max"], 0.0, "L-infinity");
    // Variances as differences of squares lose three digits here, in either program.
    near(found.ssim.unwrap(), &golden["ssim"], 1e-9, "SSIM");
    let place = |corners: &Value| {
        let [x_px, y_px, width_px, height_px] = [0, 1, 2, 3].map(|index| number(&corners[index]) as u32);
        PixelBox { x_px, y_px, width_px, height_px }
    };
    let boxes: Vec<PixelBox> = list(&golden["boxes"]).iter().map(place).collect();
    for (found, expected) in box_ssim(&clean, &edited, &boxes).unwrap().iter().zip(list(&golden["box_ssim"]))
    {
        near(*found, expected, 1e-9, "SSIM in a box");
    }
    let regions = edit_taxonomy(&clean, &edited).regions;
    assert_eq!(regions.len(), list(&golden["regions"]).len());
    for (found, expected) in regions.iter().zip(list(&golden["regions"])) {
        assert_eq!(found.bounds, place(&expected["box"]));
        near(found.pixels as f64, &expected["pixels"], 0.0, "pixels of a region");
        near(found.edges_clean, &expected["edges_clean"], CLOSE, "edges, clean");
        near(found.edges_edited, &expected["edges_edited"], CLOSE, "edges, edited");
    }
}

#[test]
fn correlations_agree_with_scipy() {
    let golden = golden("statistics");
    let (x, y, tied) = (numbers(&golden["x"]), numbers(&golden["y"]), numbers(&golden["tied"]));
    near(pearson(&x, &y).unwrap(), &golden["pearson"], CLOSE, "Pearson");
    near(spearman(&x, &y).unwrap(), &golden["spearman"], CLOSE, "Spearman");
    near(spearman(&x, &tied).unwrap(), &golden["spearman_tied"], CLOSE, "Spearman with ties");
}

#[test]
fn tests_agree_with_scipy() {
    let golden = golden("statistics");
    let few = wilcoxon_test(&numbers(&golden["few"])).unwrap();
    near(few.p_value, &golden["wilcoxon_exact"], CLOSE, "Wilcoxon, exact");
    let many = wilcoxon_test(&numbers(&golden["many"])).unwrap();
    assert!(few.exact && !many.exact);
    near(many.p_value, &golden["wilcoxon_normal"], CLOSE, "Wilcoxon, normal");
    for case in list(&golden["mcnemar"]) {
        let (first, second) = (number(&case["first"]) as usize, number(&case["second"]) as usize);
        let right: Vec<bool> = (0..first + second).map(|index| index < first).collect();
        let wrong: Vec<bool> = right.iter().map(|right| !right).collect();
        // The first term goes through log-gamma, which loses digits in the thousands.
        near(mcnemar_test(&right, &wrong).unwrap().p_value, &case["p"], 1e-11, "McNemar");
    }
    let eleven = numbers(&golden["eleven"]);
    let draws = SignDraws { draws: 1, seed: 0 };
    let found = sign_flip_test(&eleven, &Clusters::singles(eleven.len()), draws).unwrap();
    near(found.p_value, &golden["sign_flip"], CLOSE, "sign flips");
}

#[test]
fn uncertainties_agree_with_scipy_and_statsmodels() {
    let golden = golden("statistics");
    let groups: Vec<u64> = numbers(&golden["groups"]).iter().map(|group| *group as u64).collect();
    let clustered = ClusteredMean::of(&numbers(&golden["y"]), &Clusters::by(&groups)).unwrap();
    near(clustered.standard_error, &golden["clustered_error"], CLOSE, "clustered error");

    // The same resamples, so that the intervals must agree and not only resemble each other.
    let skewed = numbers(&golden["skewed"]);
    let (sum, count) = (skewed.iter().sum::<f64>(), skewed.len() as f64);
    let left_out: Vec<f64> = skewed.iter().map(|value| (sum - value) / (count - 1.0)).collect();
    for (name, left_out) in [("percentile", &[][..]), ("bca", &left_out)] {
        let found = interval(sum / count, numbers(&golden["distribution"]), left_out, 0.95).unwrap();
        near(found.low, &golden[name][0], CLOSE, name);
        near(found.high, &golden[name][1], CLOSE, name);
        near(found.standard_error, &golden["bootstrap_error"], CLOSE, "bootstrap error");
    }
}
