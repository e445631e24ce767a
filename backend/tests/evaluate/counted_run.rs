//! A run whose numbers can be counted by hand.

use flipside_backend::jobs::evaluate::{DataIdentity, Entry, Manifest, ModelIdentity, RunFolder, Scoring};
use flipside_shared::shard::Shard;
use serde_json::{Value, json};
use std::path::Path;

/// The answers of four samples under two shifts each.
pub type Answers = [[usize; 2]; 4];

/// Writes a run of four samples, all answered 0 when clean; samples 0 to 2 are right.
pub fn write(folder: &Path, answers: Answers) {
    let (mut open, _) = RunFolder::open(folder, &manifest()).unwrap();
    for (sample, answers) in (0u64..).zip(answers) {
        let mut entries = vec![sample_entry(sample)];
        for (member, answer) in ["-4", "+4"].into_iter().zip(answers) {
            entries.push(prediction_entry(sample, member, answer));
        }
        open.append(&entries).unwrap();
    }
}

fn manifest() -> Manifest {
    Manifest {
        format: Manifest::FORMAT,
        flipside: "test".to_owned(),
        model: ModelIdentity {
            name: "<b>m</b>".to_owned(),
            family: "f".to_owned(),
            weights_sha256: "ab".repeat(32),
            parameter_count: 1,
            dtype: "f32".to_owned(),
            device: "cpu".to_owned(),
            pixels: (1, 2),
        },
        data: DataIdentity::World { scenes: 4, seed: 0, size_px: 48 },
        limit: None,
        sample: None,
        shard: Shard::WHOLE,
        families: vec!["translation".to_owned()],
        regime: None,
        scoring: Scoring::Sum,
        seed: 0,
        spectrum: false,
    }
}

/// One unit vector per sample, at right angles to all others: every control distance is 1.
fn state(sample: u64, turned: f32) -> Value {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let vector: Vec<f32> = (0..5)
        .map(|i| {
            if i == sample {
                1.0
            } else if i == 4 {
                turned
            } else {
                0.0
            }
        })
        .collect();
    let bytes: Vec<u8> = vector.iter().flat_map(|value| value.to_le_bytes()).collect();
    let text = STANDARD.encode(bytes);
    json!({ "context": text, "answer": text, "vision": text })
}

fn entry(value: Value) -> Entry {
    serde_json::from_value(value).unwrap()
}

fn sample_entry(sample: u64) -> Entry {
    entry(json!({
        "entry": "sample", "sample": sample, "id": format!("s{sample}"), "source": { "kind": "scene", "seed": sample },
        "canvas_px": 48, "image_id": format!("picture {sample}"), "categories": ["colour"], "question": "<i>which?</i>",
        "options": ["red", "green"], "regime": "plain", "right": if sample == 3 { 1 } else { 0 }, "answer": 0,
        "log_likelihoods": [0.75f64.ln(), 0.25f64.ln()], "token_counts": [1, 1], "dirichlet_energy": 1.0,
        "scale_free_energy": 1.0, "state": state(sample, 0.0),
    }))
}

fn prediction_entry(sample: u64, member: &str, answer: usize) -> Entry {
    let scores = if answer == 0 { [0.75f64.ln(), 0.25f64.ln()] } else { [0.25f64.ln(), 0.75f64.ln()] };
    let distance = if answer == 0 { 0.1 } else { 0.5 };
    entry(json!({
        "entry": "prediction", "sample": sample, "family": "translation", "instance": format!("translation/{member}"),
        "seed": 0, "operation": { "op": "translate", "dx_px": 4, "dy_px": 0 }, "answer": answer,
        "log_likelihoods": scores, "dirichlet_energy": 1.5, "scale_free_energy": 1.0,
        "drift": { "context_cosine": distance, "context_l2": 1.0, "answer_cosine": distance, "answer_l2": 1.0,
                   "vision_cosine": distance, "vision_l2": 1.0 },
    }))
}
