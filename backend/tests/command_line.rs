//! The `flipside` binary as a person or a script meets it: what it prints, and its exit codes.

use flipside_shared::{
    image_file::encode_png,
    recipe::{Recipe, Source},
    scene::{Scene, render},
};
use serde_json::Value;
use std::process::{Command, Output};

/// Runs the binary of this build.
fn flipside(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flipside"));
    match command.args(args).output() {
        Ok(output) => output,
        Err(error) => panic!("flipside does not start: {error}"),
    }
}

fn error_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What a command printed as JSON.
#[track_caller]
fn printed(output: &Output) -> Value {
    assert!(output.status.success(), "{}", error_of(output));
    match serde_json::from_slice(&output.stdout) {
        Ok(value) => value,
        Err(error) => panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)),
    }
}

#[test]
fn exit_codes_tell_wrong_usage_from_failure() {
    for args in [&["ask", "--question", "q"] as &[&str], &["fly"], &["render", "--seed", "many"], &[]] {
        assert_eq!(flipside(args).status.code(), Some(2), "{args:?}");
    }
    let cases: [(&[&str], &str); 3] = [
        (
            &["ask", "--image", "/no/such.png", "--question", "q", "--option", "a", "--option", "b"],
            "/no/such.png",
        ),
        (&["evaluate", "--model", "/no/such/model", "--world", "1"], "config.json"),
        (&["render", "--recipe", "%%%", "--out", "/tmp/never.png"], "%%%"),
    ];
    for (args, named) in cases {
        let output = flipside(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(error_of(&output).contains(named), "{args:?}: {}", error_of(&output));
    }
}

#[test]
fn a_rendered_scene_has_the_bytes_that_the_page_would_make() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scene.png");
    let output = flipside(&["render", "--seed", "11", "--size", "64", "--out", file.to_str().unwrap()]);
    assert!(output.status.success(), "{}", error_of(&output));
    assert_eq!(std::fs::read(file).unwrap(), encode_png(&render(&Scene::from_seed(11), 64)));
}

#[test]
fn a_picture_and_its_recipe_get_the_same_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (picture, recipe) = (folder.path().join("scene.png"), folder.path().join("recipe.json"));
    std::fs::write(&picture, encode_png(&render(&Scene::from_seed(11), 112))).unwrap();
    std::fs::write(&recipe, Recipe::new(Source::Scene { seed: 11 }).canonical().unwrap()).unwrap();
    let question = ["--question", "Is there a cube?", "--option", "yes", "--option", "no", "--json"];
    let ask = |source: &[&str]| printed(&flipside(&[&["ask"], source, &question].concat()));
    let seen = ask(&["--image", picture.to_str().unwrap()]);
    let made = ask(&["--recipe", recipe.to_str().unwrap(), "--size", "112"]);
    assert_eq!(seen["options"], made["options"]);
    assert_eq!(seen["options"][0]["text"], "yes");
    let probabilities =
        seen["options"].as_array().unwrap().iter().map(|option| option["probability"].as_f64().unwrap());
    assert!((probabilities.sum::<f64>() - 1.0).abs() < 1e-9);
    for key in ["margin", "entropy", "dirichlet_energy"] {
        assert!(seen[key].as_f64().is_some_and(|value| value >= 0.0), "{key} in {seen}");
    }
    assert!(seen["timings"]["score_ms"].is_number());
}

#[test]
fn an_evaluation_stands_beside_the_majority_answer_and_can_be_repeated() {
    let evaluate =
        || printed(&flipside(&["evaluate", "--world", "6", "--seed", "3", "--size", "112", "--json"]));
    let report = evaluate();
    assert_eq!(report, evaluate());
    assert_eq!(report["scenes"], 6);
    for tally in report["kinds"].as_object().unwrap().values().chain([&report["overall"]]) {
        for key in ["accuracy", "majority_accuracy"] {
            assert!(tally[key].as_f64().is_some_and(|share| (0.0..=1.0).contains(&share)), "{tally}");
        }
    }
}

#[test]
fn the_document_of_the_api_can_be_printed_without_a_model() {
    let document = printed(&flipside(&["serve", "--openapi"]));
    assert!(document["paths"].get("/api/v1/verdict").is_some());
}
