//! What is wrong with a checkpoint has its own error in every family; `broken_checkpoints.rs` looks closer at one.

use crate::golden::folders;
use flipside_shared::raster::Raster;
use flipside_vlm::{Error, Placement, PromptRegime, ScoreRequest, Vlm};

type Files = Vec<(String, Vec<u8>)>;

/// Folder of goldens, a weight whose shape config.json gives, and that line of config.json with another number.
const FAMILIES: [(&str, &str, [&str; 2]); 3] = [
    (
        "idefics3",
        "model.connector.modality_projection.proj.weight",
        ["\"scale_factor\": 2", "\"scale_factor\": 1"],
    ),
    (
        "llava_onevision",
        "vision_tower.embeddings.patch_embedding.weight",
        ["\"num_channels\": 3,\n    \"num_hidden_layers\": 3,\n    \"patch_size\": 8", "\"patch_size\": 16"],
    ),
    (
        "qwen3_vl",
        "model.visual.pos_embed.weight",
        ["\"num_position_embeddings\": 16", "\"num_position_embeddings\": 25"],
    ),
];

fn good(family: &str) -> Files {
    let read = |entry: std::fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap())
    };
    let folder = folders(family)[0].join("checkpoint");
    std::fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap())).collect()
}

fn changed(family: &str, file: &str, from: &str, to: &str) -> Files {
    let mut files = good(family);
    let bytes = &mut files.iter_mut().find(|(name, _)| name == file).unwrap().1;
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(from), "{family}: {file} has no {from}");
    *bytes = text.replace(from, to).into_bytes();
    files
}

fn load(files: &Files) -> Result<Box<dyn Vlm + Send + Sync>, Error> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    flipside_vlm::from_bytes(&files, "test", &Placement::cpu())
}

fn error_of(files: &Files) -> Error {
    load(files).err().expect("the checkpoint should be refused")
}

#[test]
fn every_missing_file_is_named() {
    for (family, ..) in FAMILIES {
        let template = |name: &str| name.starts_with("chat_template");
        let error = error_of(&good(family).into_iter().filter(|(name, _)| !template(name)).collect());
        assert!(matches!(&error, Error::MissingFile { name, .. } if template(name)), "{family}: {error}");
        for file in ["config.json", "model.safetensors", "tokenizer.json", "preprocessor_config.json"] {
            let files: Files = good(family).into_iter().filter(|(name, _)| name != file).collect();
            let error = error_of(&files);
            assert!(
                matches!(&error, Error::MissingFile { name, .. } if name == file),
                "{family} {file}: {error}"
            );
        }
    }
}

#[test]
fn truncated_and_misshapen_weights_are_refused() {
    for (family, weight, [from, to]) in FAMILIES {
        for keep in [0, 7, 100, 50_000] {
            let mut files = good(family);
            files.iter_mut().find(|(name, _)| name == "model.safetensors").unwrap().1.truncate(keep);
            let error = error_of(&files);
            assert!(matches!(&error, Error::BadWeights { .. }), "{family} {keep} bytes: {error}");
        }
        let error = error_of(&changed(family, "config.json", from, to));
        let Error::ShapeMismatch { name, .. } = &error else { panic!("{family}: {error}") };
        assert_eq!(name, weight);
        let layers = ["\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"];
        let error = error_of(&changed(family, "config.json", layers[0], layers[1]));
        assert!(
            matches!(&error, Error::MissingTensor { name } if name.contains("layers.2.")),
            "{family}: {error}"
        );
    }
}

#[test]
fn the_tokenizer_must_know_the_image_token() {
    for (family, ..) in FAMILIES {
        let mut files = good(family);
        let config = &mut files.iter_mut().find(|(name, _)| name == "config.json").unwrap().1;
        let mut root: serde_json::Value = serde_json::from_slice(config).unwrap();
        root["image_token_id"] = 5000.into();
        *config = root.to_string().into_bytes();
        let error = error_of(&files);
        assert!(matches!(&error, Error::Tokenizer { .. }), "{family}: {error}");
        assert!(error.to_string().contains("image token"), "{family}: {error}");
    }
}

#[test]
fn the_supported_architectures_are_listed() {
    let error = error_of(&changed("idefics3", "config.json", "Idefics3For", "MolmoFor"));
    let Error::UnsupportedArchitecture { found, supported } = &error else { panic!("{error}") };
    assert_eq!(found, "MolmoForConditionalGeneration");
    for name in ["Idefics3For", "LlavaOnevisionFor", "SmolVLMFor", "Qwen2_5_VLFor", "Qwen3VLFor"] {
        assert!(supported.contains(name), "{supported}");
    }
}

#[test]
fn what_a_family_cannot_do_is_said() {
    for (family, ..) in FAMILIES {
        let model = load(&good(family)).unwrap();
        assert_eq!((model.encode(&[]).unwrap().len(), model.score(&[]).unwrap().len()), (0, 0));
        let vision = &model.encode(&[&Raster::filled(40, 30, [200, 30, 30, 255])]).unwrap()[0];
        let refused = |vision, question: &str, options: &[String]| {
            let request = ScoreRequest { vision, question, options, regime: PromptRegime::Plain };
            model.score(&[request]).unwrap_err().to_string()
        };
        let options = ["red".to_owned()];
        assert!(refused(vision, "What?", &[]).contains("at least one option"), "{family}");
        assert!(refused(vision, &"What is it? ".repeat(3000), &options).contains("tokens"), "{family}");
        // The thinnest of pictures is answered or refused in words.
        match model.encode(&[&Raster::filled(4000, 1, [200, 30, 30, 255])]) {
            Ok(thin) => assert_eq!(thin.len(), 1),
            Err(error) => assert!(error.to_string().contains("too elongated"), "{family}: {error}"),
        }
        let mut other = vision.clone();
        other.tokens.truncate(5);
        assert!(refused(&other, "What?", &options).contains("another model"), "{family}");
    }
}

#[test]
fn contradictions_inside_the_vision_tower_are_named() {
    for (from, to, told) in [
        ("\"num_position_embeddings\": 16", "\"num_position_embeddings\": 17", "not a square"),
        ("\"depth\": 3", "\"depth\": 0", "deepstack_visual_indexes"),
        ("\"in_channels\": 3", "\"in_channels\": 4", "three channels"),
        ("\"out_hidden_size\": 32", "\"out_hidden_size\": 31", "out_hidden_size"),
    ] {
        let error = error_of(&changed("qwen3_vl", "config.json", from, to));
        assert!(matches!(&error, Error::BadJson { .. }) && error.to_string().contains(told), "{error}");
    }
}

#[test]
fn tiles_must_fit_the_tower() {
    let (from, to) = ("\"longest_edge\": 48", "\"longest_edge\": 64");
    let error = error_of(&changed("idefics3", "preprocessor_config.json", from, to));
    assert!(error.to_string().contains("was built for 48"), "{error}");
}
