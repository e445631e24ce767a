//! Every declared operation at its default and at both ends of each of its ranges, on a scene and on noise;
//! the canonical form, hash and link of each recipe.

use flipside_shared::perturb::perturb;
use flipside_shared::raster::Raster;
use flipside_shared::recipe::{Operation, ParamKind, ParamValue, Recipe, Source};
use flipside_shared::rng::{Rng, stream};

use crate::Lines;

/// Side at which scenes are rendered, px.
const CANVAS_PX: u32 = 96;

pub(crate) fn add(lines: &mut Lines) {
    let noise = noise(97, 61);
    let sources = [
        ("scene", Source::Scene { seed: 3 }),
        ("noise", Source::Image { id: noise.id(), width_px: noise.width_px, height_px: noise.height_px }),
    ];
    for (name, source) in sources {
        for (case, operation) in operations() {
            let mut recipe = Recipe::new(source.clone());
            recipe.seed = 7;
            recipe.operations.push(operation.into());
            lines.add(&format!("{name}-{case}"), outcome(&recipe, &noise).as_bytes());
        }
    }
}

/// The recipe's own forms and its pixels, or the error that it is.
fn outcome(recipe: &Recipe, noise: &Raster) -> String {
    let pixels = perturb(recipe, Some(noise), CANVAS_PX).map(|done| done.perturbed.id().0);
    format!("{:?} {:?} {:?} {pixels:?}", recipe.canonical(), recipe.hash(), recipe.to_link())
}

/// `(name, operation)` for each default and each variation of one parameter.
fn operations() -> Vec<(String, Operation)> {
    let mut cases = Vec::new();
    for schema in Operation::SCHEMAS {
        let Some(default) = Operation::with_defaults(schema.id) else { continue };
        cases.push((schema.id.to_owned(), default.clone()));
        for param in schema.params {
            for value in variations(&param.kind) {
                if let Ok(varied) = default.with_param(param.key, &value) {
                    let shown = shown(&value);
                    cases.push((format!("{}-{}-{shown}", schema.id, param.key), varied));
                }
            }
        }
    }
    cases
}

fn variations(kind: &ParamKind) -> Vec<ParamValue> {
    match kind {
        ParamKind::Number { min, max, default, .. } => {
            // Also two points inside the range that are no round numbers.
            let inside = [0.317, 0.731].map(|share| min + (max - min) * share);
            [*min, inside[0], inside[1], *max]
                .into_iter()
                .filter(|value| value != default)
                .map(ParamValue::Number)
                .collect()
        }
        ParamKind::Integer { min, max, .. } => {
            [*min, *max].map(|value| ParamValue::Number(value.into())).into()
        }
        ParamKind::Object => vec![ParamValue::Number(1.0)],
        ParamKind::Choice { options, .. } => {
            options.iter().map(|choice| ParamValue::Text(choice.value.to_owned())).collect()
        }
        ParamKind::Text { .. } => vec![ParamValue::Text("Ünï ☃ C".to_owned())],
        ParamKind::Colour { .. } => vec![ParamValue::Text("#0a64fe".to_owned())],
        ParamKind::Toggle { default } => vec![ParamValue::Toggle(!default)],
    }
}

/// A picture with no two neighbours alike.
fn noise(width_px: u32, height_px: u32) -> Raster {
    let mut rng = Rng::new(11, stream::NOISE);
    let mut raster = Raster::filled(width_px, height_px, [0, 0, 0, 255]);
    for pixel in raster.rgba.chunks_exact_mut(4) {
        let [red, green, blue, _] = rng.u32().to_le_bytes();
        pixel.copy_from_slice(&[red, green, blue, 255]);
    }
    raster
}

/// A value as a part of a case's name.
fn shown(value: &ParamValue) -> String {
    match value {
        ParamValue::Toggle(on) => on.to_string(),
        ParamValue::Number(number) => number.to_string(),
        ParamValue::Text(text) => text.replace(' ', "_"),
    }
}
