//! Inside the backend: which part may know which.

use flipside_tests::source::{files, names};

/// A folder of the backend and what its files must not name.
struct Layer {
    folder: &'static str,
    banned: &'static [&'static str],
    reason: &'static str,
}

const LAYERS: [Layer; 7] = [
    Layer {
        folder: "backend/src/http",
        banned: &["candle_core", "candle_nn", "flipside_vlm", "crate::cli"],
        reason: "HTTP reaches the model through the engine alone",
    },
    Layer {
        folder: "backend/src/engine",
        banned: &["axum", "candle_core", "candle_nn", "utoipa", "crate::http", "crate::jobs", "crate::cli"],
        reason: "the engine serves whoever asks, and computes through the vlm crate's plain data",
    },
    Layer {
        folder: "backend/src/jobs",
        banned: &["axum", "candle_core", "flipside_dataset", "crate::http", "crate::report", "crate::cli"],
        reason: "jobs work through the engine, on whatever samples they are given",
    },
    Layer {
        folder: "backend/src/report",
        banned: &["axum", "candle_core", "flipside_vlm", "crate::http", "crate::engine", "crate::cli"],
        reason: "a report needs a run's folder and nothing else",
    },
    Layer {
        folder: "backend/src/config",
        banned: &["axum", "candle_core", "crate::http", "crate::engine", "crate::cli"],
        reason: "settings are values",
    },
    Layer {
        folder: "backend/dataset/src",
        banned: &["axum", "candle_core", "flipside_vlm", "tokio", "clap", "std::env"],
        reason: "data sets are read alike by whoever asks",
    },
    Layer {
        folder: "vlm/src",
        banned: &["axum", "tokio", "clap", "std::env"],
        reason: "the model crate knows no server",
    },
];

#[test]
fn each_layer_knows_only_what_is_below_it() {
    let mut found = Vec::new();
    for layer in &LAYERS {
        for file in files(layer.folder, &["rs"]) {
            for line in file.product_lines() {
                for word in layer.banned.iter().filter(|word| names(line.code, word)) {
                    found.push(format!("{}:{} names {word}: {}", file.path, line.number, layer.reason));
                }
            }
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_layer_is_still_where_the_law_looks() {
    for layer in &LAYERS {
        assert!(!files(layer.folder, &["rs"]).is_empty(), "{} is empty", layer.folder);
    }
}
