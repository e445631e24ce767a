//! The pixel operations against Pillow, and the structural similarity against scikit-image.
//!
//! The goldens in tests/golden/perturb are made by tests/parity/perturb_pillow.py. Copies must agree to the byte.
//! Resampled pictures must agree within one grey level on 99.5 % of the values and within three on all: weights
//! here have 14 bits (Pillow: 22 when resizing, floating point when rotating) and positions between two pixels
//! are told apart to 1/1024.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use flipside_shared::image_file::{DecodeLimits, decode};
use flipside_shared::metrics::ssim::ssim;
use flipside_shared::perturb::perturb;
use flipside_shared::raster::Raster;
use flipside_shared::recipe::{Operation, Recipe, Source};
use std::path::PathBuf;

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/perturb").join(name)
}

fn picture(name: &str) -> Raster {
    let bytes = std::fs::read(golden(&format!("{name}.png"))).unwrap();
    decode(&bytes, DecodeLimits::default()).unwrap().raster
}

fn perturbed(source: &Raster, operation: Operation) -> Raster {
    let (width_px, height_px) = (source.width_px, source.height_px);
    let mut recipe = Recipe::new(Source::Image { id: source.id(), width_px, height_px });
    recipe.operations.push(operation.into());
    perturb(&recipe, Some(source), 0).unwrap().perturbed
}

#[test]
fn operations_agree_with_pillow() {
    let source = picture("source");
    let mut report = String::new();
    let mut failed = false;
    for case in std::fs::read_to_string(golden("cases.txt")).unwrap().lines() {
        let (name, operation) = case.split_once('\t').unwrap();
        let ours = perturbed(&source, serde_json::from_str(operation).unwrap());
        let theirs = picture(name);
        assert_eq!((ours.width_px, ours.height_px), (theirs.width_px, theirs.height_px), "{name}");
        let gaps: Vec<u8> = ours.rgba.iter().zip(&theirs.rgba).map(|(a, b)| a.abs_diff(*b)).collect();
        let worst = gaps.iter().copied().max().unwrap();
        let beyond_one = gaps.iter().filter(|gap| **gap > 1).count();
        let resampled = name.starts_with("scale") || name.starts_with("rotate_30") || name.contains("17.3");
        let (allowed_worst, allowed_share) =
            if resampled || name.contains("-30") { (3, 0.005) } else { (0, 0.0) };
        let share = beyond_one as f64 / gaps.len() as f64;
        failed |= worst > allowed_worst || share > allowed_share;
        report += &format!("{name}: worst {worst}, beyond one level {:.3} %\n", 100.0 * share);
    }
    assert!(!failed, "{report}");
}

#[test]
fn similarity_agrees_with_scikit_image() {
    let source = picture("source");
    for line in std::fs::read_to_string(golden("ssim.txt")).unwrap().lines() {
        let (name, expected) = line.split_once('\t').unwrap();
        let found = ssim(&source, &picture(name)).unwrap();
        let expected: f64 = expected.parse().unwrap();
        assert!((found - expected).abs() < 1e-9, "{name}: {found} for {expected}");
    }
}
