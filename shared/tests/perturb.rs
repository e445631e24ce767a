//! What the operations promise on any picture: identities, inverses, sizes, errors.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use flipside_shared::perturb::{
    PadCrop, PerturbError, Rgb, Rotate, Scale, ScalePad, TextOverlay, Translate, perturb,
};
use flipside_shared::raster::Raster;
use flipside_shared::recipe::{Operation, ParamValue, Recipe, Source};
use flipside_shared::rng::{Rng, stream};
use proptest::prelude::*;

const BLACK: Rgb = Rgb([0; 3]);

fn noise(width_px: u32, height_px: u32) -> Raster {
    let mut rng = Rng::new(u64::from(width_px), stream::NOISE);
    let mut raster = Raster::filled(width_px, height_px, [255; 4]);
    for pixel in raster.rgba.chunks_exact_mut(4) {
        let [red, green, blue, _] = rng.u32().to_le_bytes();
        pixel[..3].copy_from_slice(&[red, green, blue]);
    }
    raster
}

fn rotate(angle_deg: f64, keep_canvas: bool) -> Rotate {
    Rotate { angle_deg, keep_canvas, fill: BLACK }
}

fn default(op: &str) -> Operation {
    Operation::with_defaults(op).unwrap()
}

fn on_picture(picture: &Raster, operations: Vec<Operation>) -> Result<Raster, PerturbError> {
    let (width_px, height_px) = (picture.width_px, picture.height_px);
    let mut recipe = Recipe::new(Source::Image { id: picture.id(), width_px, height_px });
    recipe.operations = operations.into_iter().map(Into::into).collect();
    perturb(&recipe, Some(picture), 0).map(|done| done.perturbed)
}

proptest! {
    #[test]
    fn nothing_at_zero_strength(width in 1..40_u32, height in 1..40_u32) {
        let picture = noise(width, height);
        let same = [
            Translate { dx_px: 0, dy_px: 0 }.apply(&picture),
            PadCrop { n_px: 0, fill: BLACK }.apply(&picture),
            Scale { factor: 1.0, restore: false }.apply(&picture),
            ScalePad { factor: 1.0, fill: BLACK }.apply(&picture),
            rotate(0.0, false).apply(&picture),
            rotate(0.0, true).apply(&picture),
        ];
        for (index, result) in same.iter().enumerate() {
            prop_assert!(*result == picture, "operation {index}");
        }
    }

    #[test]
    fn inverses_undo(width in 1..40_u32, height in 1..40_u32, dx in -256..256, dy in -256..256, n in 0..20) {
        let picture = noise(width, height);
        let there = Translate { dx_px: dx, dy_px: dy }.apply(&picture);
        prop_assert_eq!(Translate { dx_px: -dx, dy_px: -dy }.apply(&there), picture.clone());
        let padded = PadCrop { n_px: n, fill: BLACK }.apply(&picture);
        prop_assert_eq!(PadCrop { n_px: -n, fill: BLACK }.apply(&padded), picture.clone());
        let quarter = rotate(90.0, false).apply(&picture);
        prop_assert_eq!((quarter.width_px, quarter.height_px), (height, width));
        prop_assert_eq!(rotate(-90.0, false).apply(&quarter), picture.clone());
        prop_assert_eq!(rotate(90.0, false).apply(&quarter), rotate(180.0, false).apply(&picture));
    }

    #[test]
    fn every_picture_stays_whole_and_opaque(
        width in 1..30_u32, height in 1..30_u32, angle in -180.0..180.0_f64, factor in 0.1..2.0_f64,
    ) {
        let picture = noise(width, height);
        for operation in [
            Operation::Rotate(rotate(angle, false)),
            Operation::Rotate(rotate(angle, true)),
            Operation::Scale(Scale { factor, restore: true }),
            Operation::ScalePad(ScalePad { factor: factor / 2.0, fill: BLACK }),
            default("text_overlay"),
        ] {
            // A factor can leave nothing of a side; that is an error, not a picture.
            if let Ok(result) = on_picture(&picture, vec![operation.clone()]) {
                let bytes = result.width_px as usize * result.height_px as usize * 4;
                prop_assert_eq!(result.rgba.len(), bytes);
                prop_assert!(result.rgba.chunks_exact(4).all(|pixel| pixel[3] == 255), "{operation:?}");
            }
        }
    }

    #[test]
    fn a_flat_picture_stays_flat(level in any::<u8>(), angle in -180.0..180.0_f64, factor in 0.1..2.0_f64) {
        let fill = Rgb([level; 3]);
        let picture = Raster::filled(23, 31, fill.rgba());
        let turned = Rotate { angle_deg: angle, keep_canvas: false, fill }.apply(&picture);
        let scaled = Scale { factor, restore: false }.apply(&picture);
        for result in [turned, scaled] {
            prop_assert!(result.rgba.chunks_exact(4).all(|pixel| pixel == fill.rgba()));
        }
    }
}

#[test]
fn a_translation_moves_right_and_down() {
    let mut picture = Raster::filled(3, 2, [0, 0, 0, 255]);
    picture.rgba[0] = 9;
    let moved = Translate { dx_px: 1, dy_px: 1 }.apply(&picture);
    assert_eq!(moved.rgba[(3 + 1) * 4], 9);
    assert_eq!(Translate { dx_px: -1, dy_px: 0 }.apply(&picture).rgba[2 * 4], 9);
}

#[test]
fn rotation_is_counter_clockwise_and_a_full_turn_is_none() {
    let mut picture = Raster::filled(3, 2, [0, 0, 0, 255]);
    picture.rgba[2 * 4] = 9;
    // The top right corner goes to the top left.
    assert_eq!(rotate(90.0, false).apply(&picture).rgba[0], 9);
    for angle_deg in [360.0, -360.0, 720.0] {
        assert_eq!(rotate(angle_deg, false).apply(&picture), picture);
    }
}

#[test]
fn overlays_of_one_letter_share_their_box() {
    let picture = noise(448, 448);
    let overlay = |kind: &str| {
        let operation =
            default("text_overlay").with_param("kind", &ParamValue::Text(kind.to_owned())).unwrap();
        on_picture(&picture, vec![operation]).unwrap()
    };
    let changed = |result: &Raster| -> Vec<usize> {
        let pairs = result.rgba.chunks_exact(4).zip(picture.rgba.chunks_exact(4));
        pairs.enumerate().filter(|(_, (a, b))| a != b).map(|(index, _)| index).collect()
    };
    let (semantic, random, empty) = (overlay("semantic"), overlay("random"), overlay("empty"));
    let area = changed(&empty);
    // 82 x 11 pixels of text and 4 on every side (Pillow), in the middle; a noise pixel may be white by chance.
    assert!(area.len().abs_diff(90 * 19) <= 110, "{}", area.len());
    let (first, last) = (area[0], area[area.len() - 1]);
    assert!((first / 448).abs_diff(447 - last / 448) <= 1 && (first % 448).abs_diff(447 - last % 448) <= 1);
    for result in [&semantic, &random] {
        assert!(changed(result).iter().all(|index| area.contains(index)));
        assert_ne!(*result, empty);
    }
    assert_ne!(semantic, random);
}

#[test]
fn random_text_follows_the_seed_and_the_letter() {
    let picture = Raster::filled(448, 448, [0, 0, 0, 255]);
    let Operation::TextOverlay(overlay) = default("text_overlay") else { panic!("no overlay") };
    let overlay = TextOverlay { kind: flipside_shared::perturb::OverlayKind::Random, ..overlay };
    assert_eq!(overlay.apply(&picture, 1), overlay.apply(&picture, 1));
    assert_ne!(overlay.apply(&picture, 1), overlay.apply(&picture, 2));
    let other = TextOverlay { letter: "B".to_owned(), ..overlay.clone() };
    assert_ne!(overlay.apply(&picture, 1), other.apply(&picture, 1));
}

#[test]
fn scene_operations_come_first_wherever_they_stand() {
    let recipe = |operations: [&str; 2]| {
        let mut recipe = Recipe::new(Source::Scene { seed: 2 });
        recipe.operations = operations.map(|op| default(op).into()).to_vec();
        perturb(&recipe, None, 40).unwrap()
    };
    let (before, after) = (recipe(["camera", "translate"]), recipe(["translate", "camera"]));
    assert_eq!(before.perturbed, after.perturbed);
    assert_ne!(before.perturbed, before.clean);
    let scenes = before.scene.unwrap();
    assert_eq!(scenes.edited.camera.azimuth_deg, scenes.clean.camera.azimuth_deg + 20.0);
}

#[test]
fn disabled_steps_do_nothing() {
    let mut recipe = Recipe::new(Source::Scene { seed: 2 });
    recipe.operations = ["camera", "rotate"].map(|op| default(op).into()).to_vec();
    recipe.operations.iter_mut().for_each(|step| step.enabled = false);
    let done = perturb(&recipe, None, 32).unwrap();
    assert_eq!(done.perturbed, done.clean);
}

#[test]
fn what_cannot_be_done_is_said() {
    let code = |result: Result<Raster, PerturbError>| result.unwrap_err().code();
    let picture = noise(20, 20);
    let number =
        |op: &str, key: &str, value: f64| default(op).with_param(key, &ParamValue::Number(value)).unwrap();
    assert_eq!(code(on_picture(&picture, vec![number("pad_crop", "n_px", -10.0)])), "nothing_left");
    assert_eq!(on_picture(&picture, vec![number("pad_crop", "n_px", -9.0)]).unwrap().width_px, 2);
    let growing = vec![number("pad_crop", "n_px", 256.0); 20];
    assert_eq!(code(on_picture(&picture, growing)), "too_large");
    let recipe = |operation: Operation| {
        let mut recipe = Recipe::new(Source::Scene { seed: 4 });
        recipe.operations.push(operation.into());
        recipe
    };
    let scene =
        |operation, canvas_px| code(perturb(&recipe(operation), None, canvas_px).map(|done| done.clean));
    assert_eq!(scene(number("remove_object", "object", 99.0), 32), "no_such_object");
    assert_eq!(scene(default("camera"), 0), "canvas_size");
    assert_eq!(scene(default("camera"), 1 << 20), "canvas_size");
    let (width_px, height_px) = (7, 7);
    let other = Recipe::new(Source::Image { id: picture.id(), width_px, height_px });
    assert_eq!(perturb(&other, Some(&picture), 0).unwrap_err().code(), "source_size");
    assert_eq!(perturb(&other, None, 0).unwrap_err().code(), "source_missing");
}
