//! A checkpoint can be wrong in many ways; each has its own error, and a good one refuses bad requests in words.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use flipside_shared::raster::Raster;
use flipside_vlm::{Error, Placement, PromptRegime, ScoreRequest, Vlm};
use std::path::Path;

type Files = Vec<(String, Vec<u8>)>;

fn good() -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/qwen2_5_vl/patch8/checkpoint");
    let read = |entry: std::fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap())
    };
    std::fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap())).collect()
}

fn load(files: &Files) -> Result<Box<dyn Vlm + Send + Sync>, Error> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    flipside_vlm::from_bytes(&files, "test", &Placement::cpu())
}

fn error_of(files: &Files) -> Error {
    load(files).err().expect("the checkpoint should be refused")
}

/// The good checkpoint with the text of one file changed.
fn changed(file: &str, from: &str, to: &str) -> Files {
    let mut files = good();
    let bytes = &mut files.iter_mut().find(|(name, _)| name == file).unwrap().1;
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *bytes = text.replace(from, to).into_bytes();
    files
}

#[test]
fn every_missing_file_is_named() {
    for file in [
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "preprocessor_config.json",
        "chat_template.json",
    ] {
        let files: Files = good().into_iter().filter(|(name, _)| name != file).collect();
        let error = error_of(&files);
        let expected = file.replace("chat_template.json", "chat_template.jinja");
        assert!(matches!(&error, Error::MissingFile { name, .. } if *name == expected), "{file}: {error}");
    }
    let folder = Path::new("/nowhere/at/all");
    let message = flipside_vlm::load(folder, &Placement::cpu()).err().unwrap().to_string();
    assert_eq!(message, "the model folder has no config.json (/nowhere/at/all)");
}

#[test]
fn bad_json_is_named() {
    for file in ["config.json", "preprocessor_config.json", "tokenizer.json", "chat_template.json"] {
        let error = error_of(&changed(file, "{", "[{"));
        assert!(matches!(&error, Error::BadJson { file: named, .. } if named == file), "{file}: {error}");
    }
}

#[test]
fn other_architectures_are_refused() {
    let error = error_of(&changed("config.json", "Qwen2_5_VLFor", "LlavaFor"));
    assert!(
        matches!(&error, Error::UnsupportedArchitecture { found, .. } if found.starts_with("Llava")),
        "{error}"
    );
}

#[test]
fn weights_must_fit_the_config() {
    let error = error_of(&changed("config.json", "\"intermediate_size\": 96", "\"intermediate_size\": 97"));
    let Error::ShapeMismatch { name, expected, found } = &error else { panic!("{error}") };
    assert_eq!(name, "model.layers.0.mlp.gate_proj.weight");
    assert_eq!((expected.as_slice(), found.as_slice()), ([97, 64].as_slice(), [96, 64].as_slice()));

    let error = error_of(&changed("config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"));
    assert!(
        matches!(&error, Error::MissingTensor { name } if name.starts_with("model.layers.2.")),
        "{error}"
    );
}

#[test]
fn truncated_weights_are_refused() {
    for keep in [0, 7, 100, 300_000] {
        let mut files = good();
        files.iter_mut().find(|(name, _)| name == "model.safetensors").unwrap().1.truncate(keep);
        let error = error_of(&files);
        assert!(matches!(&error, Error::BadWeights { .. }), "{keep} bytes: {error}");
    }
}

#[test]
fn the_tokenizer_must_know_the_image_token() {
    let error = error_of(&changed("config.json", "\"image_token_id\": 5", "\"image_token_id\": 5000"));
    assert!(matches!(&error, Error::Tokenizer { .. }), "{error}");
    let error = error_of(&changed("chat_template.json", "<|image_pad|>", ""));
    assert!(matches!(&error, Error::ChatTemplate { .. }), "{error}");
    let error = error_of(&changed("chat_template.json", "{% endif %}", ""));
    assert!(matches!(&error, Error::ChatTemplate { .. }), "{error}");
}

#[test]
fn the_tower_and_the_preprocessor_must_agree() {
    let error = error_of(&changed("preprocessor_config.json", "\"patch_size\": 8", "\"patch_size\": 14"));
    assert!(error.to_string().contains("was built for"), "{error}");
}

#[test]
fn bad_requests_are_refused_in_words() {
    let model = load(&good()).unwrap();
    let long = Raster::filled(4000, 10, [9, 9, 9, 255]);
    let message = model.encode(&[&long]).unwrap_err().to_string();
    assert!(message.contains("too elongated"), "{message}");

    let vision = &model.encode(&[&Raster::filled(1, 1, [200, 30, 30, 255])]).unwrap()[0];
    assert_eq!((vision.grid, vision.tokens.len()), ([1, 7, 7], 49 * 64));
    let refused = |question: &str, options: &[&str]| {
        let options: Vec<String> = options.iter().map(|&o| o.to_owned()).collect();
        let request = ScoreRequest { vision, question, options: &options, regime: PromptRegime::Plain };
        model.score(&[request]).unwrap_err().to_string()
    };
    assert!(refused("What is it?", &[]).contains("at least one option"));
    assert!(refused("<|image_pad|> What?", &["red"]).contains("reserved token"));
    assert!(refused("What?", &["red<|im_end|>"]).contains("reserved token"));
    assert!(refused(&"What is it? ".repeat(2000), &["red"]).contains("tokens"));
    assert!(model.encode(&[]).unwrap().is_empty());
    assert!(model.score(&[]).unwrap().is_empty());
}

#[test]
fn unknown_words_and_duplicates_still_score() {
    let model = load(&good()).unwrap();
    let vision = &model.encode(&[&Raster::filled(30, 20, [9, 99, 9, 255])]).unwrap()[0];
    let options = ["مكعب".to_owned(), "red".to_owned(), "red".to_owned(), String::new()];
    let request =
        ScoreRequest { vision, question: "ما هذا؟", options: &options, regime: PromptRegime::Mcq };
    let scores = &model.score(&[request]).unwrap()[0];
    assert!(scores.log_likelihoods.iter().all(|s| s.is_finite() && *s < 0.0));
    assert!((scores.log_likelihoods[1] - scores.log_likelihoods[2]).abs() < 1e-5);
    assert_eq!(scores.token_counts, [2, 2, 2, 1]);
}
