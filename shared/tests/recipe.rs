//! Recipes from strangers: what is refused and how, and that one recipe has one text.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use flipside_shared::raster::ImageId;
use flipside_shared::recipe::{
    MAX_LINK_BYTES, Operation, OperationGroup, ParamKind, ParamValue, Recipe, RecipeError, RecipeLimits,
    Source,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn with_operation(operation: Value) -> Value {
    json!({
        "version": 1, "seed": 3, "source": {"kind": "scene", "seed": 9},
        "operations": [{"enabled": true, "operation": operation}],
    })
}

fn refused(recipe: &Value) -> RecipeError {
    Recipe::from_json(&recipe.to_string()).unwrap_err()
}

fn scene() -> Recipe {
    Recipe::new(Source::Scene { seed: 1 })
}

#[test]
fn every_fault_has_its_own_code() {
    let rotate = json!({"op": "rotate", "angle_deg": 30, "keep_canvas": false, "fill": "#ffffff"});
    let changed = |key: &str, value: Value| {
        let mut operation = rotate.clone();
        operation[key] = value;
        with_operation(operation)
    };
    assert!(Recipe::from_json(&with_operation(rotate.clone()).to_string()).is_ok());
    let mut newer = with_operation(rotate.clone());
    newer["version"] = json!(2);
    newer["operations"] = json!("of a shape yet to be");
    let mut many = with_operation(rotate.clone());
    many["operations"] = Value::Array(vec![many["operations"][0].clone(); 10_000]);
    let mut wrong_source = with_operation(json!({"op": "remove_object", "object": 0}));
    wrong_source["source"] = json!({"kind": "image", "id": "a".repeat(64), "width_px": 4, "height_px": 4});
    let mut no_size = wrong_source.clone();
    no_size["source"]["width_px"] = json!(0);
    let missing = with_operation(json!({"op": "rotate", "keep_canvas": false, "fill": "#ffffff"}));
    for (recipe, code) in [
        (newer, "recipe_newer_version"),
        (many, "recipe_too_many_operations"),
        (wrong_source, "recipe_wrong_source"),
        (no_size, "recipe_bad_source_size"),
        (missing, "recipe_missing_parameter"),
        (with_operation(json!({"op": "melt"})), "recipe_unknown_operation"),
        (changed("speed", json!(3)), "recipe_unknown_parameter"),
        (changed("angle_deg", json!(1e9)), "recipe_out_of_range"),
        (changed("angle_deg", json!("30")), "recipe_wrong_type"),
        (changed("angle_deg", Value::Null), "recipe_not_finite"),
        (changed("fill", json!("red")), "recipe_wrong_type"),
        (json!({"version": 1}), "recipe_malformed"),
        (json!([]), "recipe_malformed"),
    ] {
        let error = refused(&recipe);
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().len() < 300, "{error}");
    }
}

#[test]
fn what_is_not_json_is_told_apart() {
    let code = |text: &str| Recipe::from_json(text).unwrap_err().code();
    let text = with_operation(json!({"op": "rotate", "angle_deg": 7.5})).to_string();
    assert_eq!(code(&text.replace("7.5", "NaN")), "recipe_not_finite");
    assert_eq!(code(&text.replace("7.5", "-Infinity")), "recipe_not_finite");
    assert_eq!(code(&text.replace("7.5", "1e999")), "recipe_not_finite");
    assert_eq!(code("rotate by 30"), "recipe_not_json");
    assert_eq!(code(&"[".repeat(100_000)), "recipe_not_json");
    assert_eq!(code(&" ".repeat((1 << 20) + 1)), "recipe_too_long");
}

#[test]
fn links_are_bounded_and_checked() {
    let code = |link: &str| Recipe::from_link(link).unwrap_err().code();
    let link = scene().to_link().unwrap();
    assert!(link.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    assert_eq!(Recipe::from_link(&link).unwrap(), scene());
    assert_eq!(code(&link[..link.len() - 6]), "recipe_bad_link");
    assert_eq!(code("a b"), "recipe_bad_link");
    assert_eq!(code(&"A".repeat(MAX_LINK_BYTES + 1)), "recipe_too_long");
    // A megabyte of spaces in a thousand bytes.
    use base64::Engine;
    let bomb = miniz_oxide::deflate::compress_to_vec(&vec![b' '; 1 << 20], 10);
    assert_eq!(code(&base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bomb)), "recipe_too_long");
}

#[test]
fn a_recipe_in_memory_is_checked_too() {
    let mut recipe = scene();
    let mut rotate = flipside_shared::perturb::Rotate {
        angle_deg: f64::NAN,
        keep_canvas: false,
        fill: flipside_shared::perturb::Rgb([0; 3]),
    };
    recipe.operations.push(Operation::Rotate(rotate.clone()).into());
    let code = |recipe: &Recipe| recipe.validate(RecipeLimits::default()).unwrap_err().code();
    assert_eq!(code(&recipe), "recipe_not_finite");
    assert!(recipe.canonical().is_err());
    rotate.angle_deg = 500.0;
    recipe.operations[0] = Operation::Rotate(rotate).into();
    assert_eq!(code(&recipe), "recipe_out_of_range");
}

#[test]
fn deserialising_by_any_way_validates() {
    let out_of_range = with_operation(json!({"op": "remove_object", "object": -1}));
    assert!(serde_json::from_value::<Recipe>(out_of_range).is_err());
}

#[test]
fn the_canonical_form_does_not_depend_on_the_spelling() {
    let spelled = r##" { "seed":0, "operations":[ {"operation":{"fill":"#ffffff","angle_deg":3e1,
        "op":"rotate","keep_canvas":false}, "enabled":true} ], "source":{"seed":1,"kind":"scene"}, "version":1 } "##;
    let canonical = Recipe::from_json(spelled).unwrap().canonical().unwrap();
    assert_eq!(
        canonical,
        r##"{"operations":[{"enabled":true,"operation":{"angle_deg":30,"fill":"#ffffff","keep_canvas":false,"op":"rotate"}}],"seed":0,"source":{"kind":"scene","seed":1},"version":1}"##
    );
    assert_eq!(
        scene().hash().unwrap(),
        "0f04d4453078553f568329a760df9537372aca0a6dfeab96427462135512d994",
        "a changed hash breaks stored recipes"
    );
}

#[test]
fn schemas_match_their_operations() {
    let mut ids: Vec<_> = Operation::SCHEMAS.iter().map(|schema| schema.id).collect();
    for schema in Operation::SCHEMAS {
        let operation = Operation::with_defaults(schema.id).unwrap_or_else(|| panic!("{}", schema.id));
        assert_eq!(operation.schema(), *schema);
        assert_eq!(operation.edits_scene(), schema.group == OperationGroup::Scene);
        for param in schema.params {
            assert_eq!(operation.param(param.key), Some(param.kind.default_value()), "{}", param.key);
            if let Some((min, max)) = param.kind.range() {
                assert!(param.kind.identity().is_none_or(|identity| (min..=max).contains(&identity)));
                let beyond = operation.with_param(param.key, &ParamValue::Number(max + 1.0));
                assert_eq!(beyond.unwrap_err().code(), "recipe_out_of_range");
                let nan = operation.with_param(param.key, &ParamValue::Number(f64::NAN));
                assert_eq!(nan.unwrap_err().code(), "recipe_not_finite");
            }
            if let ParamKind::Choice { options, .. } = &param.kind {
                // Every choice must be a value of the field's type.
                for option in *options {
                    let value = ParamValue::Text(option.value.to_owned());
                    assert_eq!(
                        operation.with_param(param.key, &value).unwrap().param(param.key),
                        Some(value)
                    );
                }
            }
            if let Some(shown_when) = &param.shown_when {
                assert!(operation.param(shown_when.key).is_some());
            }
        }
        assert_eq!(operation.param("op"), None);
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), Operation::SCHEMAS.len());
}

#[test]
fn choices_of_scene_attributes_are_complete() {
    use flipside_shared::scene::{Colour, Material, Shape, Size};
    let add = Operation::with_defaults("add_object").unwrap();
    let words = |key: &str| -> Vec<&str> {
        let param = add.schema().params.iter().find(|param| param.key == key).unwrap();
        match &param.kind {
            ParamKind::Choice { options, .. } => options.iter().map(|option| option.value).collect(),
            _ => Vec::new(),
        }
    };
    assert!(words("colour").into_iter().eq(Colour::ALL.iter().map(|colour| colour.word())));
    assert!(words("shape").into_iter().eq(Shape::ALL.iter().map(|shape| shape.word())));
    assert!(words("material").into_iter().eq(Material::ALL.iter().map(|material| material.word())));
    assert!(words("size").into_iter().eq(Size::ALL.iter().map(|size| size.word())));
}

/// Any operation with any allowed values for its numbers and toggles.
fn any_operation() -> impl Strategy<Value = Operation> {
    let index = 0..Operation::SCHEMAS.len();
    (index, proptest::collection::vec(0.0..=1.0_f64, 8)).prop_map(|(index, shares)| {
        let schema = Operation::SCHEMAS[index];
        let operation = Operation::with_defaults(schema.id).unwrap();
        schema.params.iter().zip(shares).fold(operation, |operation, (param, share)| {
            let value = match (&param.kind, param.kind.range()) {
                (ParamKind::Number { .. }, Some((min, max))) => ParamValue::Number(min + share * (max - min)),
                (_, Some((min, max))) => ParamValue::Number((min + share * (max - min)).round()),
                (ParamKind::Toggle { .. }, _) => ParamValue::Toggle(share < 0.5),
                (kind, _) => kind.default_value(),
            };
            operation.with_param(param.key, &value).unwrap()
        })
    })
}

fn any_recipe() -> impl Strategy<Value = Recipe> {
    let operations = proptest::collection::vec((any_operation(), any::<bool>()), 0..8);
    (any::<u64>(), any::<u64>(), any::<bool>(), operations).prop_map(|(seed, scene, picture, operations)| {
        let id = ImageId(format!("{scene:064x}"));
        let source = if picture {
            Source::Image { id, width_px: 640, height_px: 480 }
        } else {
            Source::Scene { seed: scene }
        };
        let mut recipe = Recipe { seed, ..Recipe::new(source) };
        for (operation, enabled) in operations {
            if !(picture && operation.edits_scene()) {
                recipe.operations.push(flipside_shared::recipe::Step { enabled, operation });
            }
        }
        recipe
    })
}

proptest! {
    #[test]
    fn one_recipe_has_one_text_and_one_link(recipe in any_recipe()) {
        let text = recipe.canonical().unwrap();
        let read = Recipe::from_json(&text).unwrap();
        prop_assert_eq!(&read, &recipe);
        prop_assert_eq!(read.canonical().unwrap(), text);
        prop_assert_eq!(Recipe::from_link(&recipe.to_link().unwrap()).unwrap(), recipe);
    }

    #[test]
    fn no_text_panics(text in ".*") {
        let _ = Recipe::from_json(&text);
        let _ = Recipe::from_link(&text);
    }

    #[test]
    fn no_damage_panics(recipe in any_recipe(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut text = recipe.canonical().unwrap().into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        if let Ok(text) = String::from_utf8(text)
            && let Ok(read) = Recipe::from_json(&text)
        {
            prop_assert!(read.validate(RecipeLimits::default()).is_ok());
        }
    }
}
