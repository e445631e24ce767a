//! DINOv2.

use crate::golden::{PIXEL_TOLERANCE, Shown, TOLERANCE, folders, furthest, numbers, off_level, pictures};
use crate::golden::{slope_agrees, squares};
use candle_core::{Device, Tensor, safetensors};
use flipside_vlm::Placement;
use flipside_vlm::checkpoint::Checkpoint;
use flipside_vlm::dinov2::Dinov2;
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
struct Cases {
    weights_sha256: String,
    normalisation: [[f32; 3]; 2],
    pictures: Vec<Shown>,
}

fn golden() -> (Dinov2, Cases, HashMap<String, Tensor>) {
    let folder = &folders("dinov2")[0];
    let cases: Cases = serde_json::from_slice(&std::fs::read(folder.join("cases.json")).unwrap()).unwrap();
    let checkpoint = Checkpoint::Folder(folder.join("checkpoint"));
    let model = Dinov2::load(&checkpoint, "test", &Placement::cpu()).unwrap();
    assert_eq!(model.info().weights_sha256, cases.weights_sha256);
    (model, cases, safetensors::load(folder.join("golden.safetensors"), &Device::Cpu).unwrap())
}

#[test]
fn pixels_agree() {
    let (model, cases, tensors) = golden();
    for (index, picture) in pictures(&cases.pictures).iter().enumerate() {
        let (values, plane) = squares(&model.patches(picture).unwrap());
        let levels = numbers(&tensors["levels"].get(index).unwrap());
        let worst = off_level(&values, plane, &levels, cases.normalisation);
        println!("picture {index}: {:.2} levels", worst * 255.0);
        assert!(worst < PIXEL_TOLERANCE, "{index}: {worst}");
    }
}

#[test]
fn features_agree() {
    let (model, cases, tensors) = golden();
    let shown = pictures(&cases.pictures);
    let ours = model.features(&shown.iter().collect::<Vec<_>>()).unwrap();
    for (index, ours) in ours.iter().enumerate() {
        assert_eq!(ours.patches.grid, cases.pictures[index].grid);
        let theirs = numbers(&tensors["features"].get(index).unwrap());
        let worst = furthest(&[&ours.whole, ours.patches.tokens.as_slice()].concat(), &theirs);
        let scale = theirs.iter().fold(1f32, |most, x| most.max(x.abs()));
        println!("picture {index}: {worst:e} of {scale}");
        assert!(worst <= TOLERANCE * scale, "{index}: {worst}");
        let alone = &model.features(&[&shown[index]]).unwrap()[0];
        assert!(furthest(&alone.patches.tokens, &ours.patches.tokens) <= 1e-4);
    }
}

#[test]
fn the_gradient_reaches_the_pixels() {
    let (model, cases, _) = golden();
    let patches = model.patches(&pictures(&cases.pictures)[1]).unwrap();
    slope_agrees(&patches, |patches| {
        model.tower().forward(patches).unwrap().narrow(2, 3, 2).unwrap().sum_all().unwrap()
    });
}
