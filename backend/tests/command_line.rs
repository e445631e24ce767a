//! The `flipside` binary as a person or a script meets it: what it prints, and its exit codes.

use flipside_shared::{
    image_file::encode_png,
    recipe::{Recipe, Source},
    scene::{Scene, render},
};
use serde_json::Value;
use std::path::Path;
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

/// A copy of the embedded model in which one layer of the language model does nothing.
fn weakened_model(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let embedded = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vlm/models/embedded");
    std::fs::create_dir_all(folder)?;
    for file in std::fs::read_dir(embedded)? {
        let file = file?;
        std::fs::copy(file.path(), folder.join(file.file_name()))?;
    }
    let weights = folder.join("model.safetensors");
    let mut bytes = std::fs::read(&weights)?;
    let header = u64::from_le_bytes(bytes[..8].try_into()?) as usize;
    let tensors: Value = serde_json::from_slice(&bytes[8..8 + header])?;
    for part in ["self_attn.o_proj", "mlp.down_proj"] {
        let range = &tensors[format!("model.layers.2.{part}.weight")]["data_offsets"];
        let at = |end: usize| 8 + header + range[end].as_u64().map_or(0, |at| at as usize);
        bytes[at(0)..at(1)].fill(0);
    }
    Ok(std::fs::write(weights, bytes)?)
}

#[test]
fn a_benchmark_chosen_from_two_models_runs_is_a_data_set() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    weakened_model(&folder.path().join("weak")).unwrap();
    let evaluate = |out: &str, more: &[&str]| {
        let fixed = ["evaluate", "--families", "fog,contrast", "--out", out];
        let output = flipside(&[&fixed as &[&str], more].concat());
        assert!(output.status.success(), "{}", error_of(&output));
    };
    let world = ["--world", "2", "--seed", "3", "--size", "64"];
    let (strong, weak) = (path("strong-run"), path("weak-run"));
    evaluate(&strong, &world);
    evaluate(&weak, &[&world as &[&str], &["--model", &path("weak")]].concat());

    let out = path("bench");
    let choose = |size: &str, more: &[&str]| {
        let fixed = ["bench-c", &strong, &weak, "--families", "fog,contrast", "--size", size, "--out", &out];
        flipside(&[&fixed as &[&str], &["--random-sets", "20", "--resamples", "50"], more].concat())
    };
    let told = printed(&choose("2", &["--json"]));
    assert_eq!(told["selection_models"].as_array().unwrap().len(), 2);
    let written: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("bench/bench-c.json")).unwrap()).unwrap();
    let chosen: Vec<&Value> =
        written["samples"].as_array().unwrap().iter().filter(|one| one["rank"].is_u64()).collect();
    assert_eq!(chosen.len(), 2);
    assert!(std::fs::read_to_string(folder.path().join("bench/bench-c.html")).unwrap().contains("<svg"));

    // What was written is read again, and is the same pictures and questions.
    let again = path("again");
    evaluate(&again, &["--data", &format!("{out}/samples.jsonl")]);
    let log = std::fs::read_to_string(folder.path().join("again/predictions.jsonl")).unwrap();
    for sample in chosen {
        assert!(log.contains(&format!("\"id\":{}", sample["id"])), "{sample}");
    }
    // A run of the benchmark fits no run of the world, and its data has to be named.
    let mixed = flipside(&["bench-c", &strong, &again, "--families", "fog", "--size", "1", "--out", &out]);
    assert!(error_of(&mixed).contains("another data set"), "{}", error_of(&mixed));
    let weak_again = path("weak-again");
    evaluate(&weak_again, &["--data", &format!("{out}/samples.jsonl"), "--model", &path("weak")]);
    let unnamed = flipside(&[
        "bench-c",
        &again,
        &weak_again,
        "--families",
        "fog,contrast",
        "--size",
        "1",
        "--out",
        &out,
    ]);
    assert!(error_of(&unnamed).contains("--data samples.jsonl"), "{}", error_of(&unnamed));
    let large = choose("500", &[]);
    assert!(error_of(&large).contains("--size 500"), "{}", error_of(&large));
}

#[test]
fn a_bad_row_is_noted_in_the_run_and_told_in_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let row = |id: &str, answer: usize| {
        format!(
            "{{\"flipside\": 1, \"id\": \"{id}\", \"question\": \"Is there a cube?\", \"options\": [\"yes\", \"no\"], \
             \"answer\": {answer}, \"images\": [{{\"scene\": {{\"seed\": 1, \"size_px\": 64}}}}], \"regime\": \"plain\"}}\n"
        )
    };
    std::fs::write(path("a.jsonl"), row("first", 0) + &row("second", 5)).unwrap();
    let evaluate = |more: &[&str]| {
        let (data, run) = (path("a.jsonl"), path("run"));
        flipside(&[&["evaluate", "--data", &data, "--families", "scale", "--out", &run], more].concat())
    };
    let stopped = evaluate(&[]);
    assert!(!stopped.status.success() && error_of(&stopped).contains("line 2"), "{}", error_of(&stopped));
    for _ in 0..2 {
        let skipped = evaluate(&["--skip-bad-rows"]);
        assert!(error_of(&skipped).contains("1 samples are in"), "{}", error_of(&skipped));
    }
    let noted = std::fs::read_to_string(folder.path().join("run/skipped.jsonl")).unwrap();
    let noted: Value = serde_json::from_str(&noted).unwrap();
    assert_eq!((&noted["line"], &noted["file"]), (&2.into(), &path("a.jsonl").into()));
    assert!(flipside(&["report", &path("run")]).status.success());
    assert!(std::fs::read_to_string(folder.path().join("run/report.html")).unwrap().contains("line 2"));

    // A disk without room: the file is named.
    if cfg!(target_os = "linux") {
        std::fs::create_dir(folder.path().join("full")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/dev/full", folder.path().join("full/predictions.csv")).unwrap();
        let full = flipside(&["report", &path("run"), "--out", &path("full")]);
        assert!(error_of(&full).contains("full/predictions.csv"), "{}", error_of(&full));
    }
}

#[test]
fn the_document_of_the_api_can_be_printed_without_a_model() {
    let document = printed(&flipside(&["serve", "--openapi"]));
    assert!(document["paths"].get("/api/v1/verdict").is_some());
}

#[test]
fn a_reader_that_leaves_early_is_no_panic() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_flipside"))
        .args(["evaluate", "--world", "1", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(!error_of(&output).contains("panicked"), "{}", error_of(&output));
}
