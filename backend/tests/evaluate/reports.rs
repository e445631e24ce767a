//! Reports and comparisons of runs whose numbers can be counted by hand.

use flipside_backend::jobs::evaluate::{
    DataIdentity, Entry, Manifest, ModelIdentity, Run, RunFolder, Scoring, Shard, read,
};
use flipside_backend::report::{
    Settings,
    compare::{CompareError, compare},
    export,
    html::{PageFacts, Shown, page},
    summarise,
};
use flipside_shared::api::{Report, WorstKind};
use flipside_shared::lab::LabState;
use serde_json::{Value, json};

/// Four samples, all answered 0 when clean; samples 0 to 2 are right. `answers` are those under two shifts each.
fn run(answers: [[usize; 2]; 4]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let manifest = manifest();
    let (mut open, _) = RunFolder::open(folder.path(), &manifest).unwrap();
    for (sample, answers) in (0u64..).zip(answers) {
        let mut entries = vec![sample_entry(sample)];
        for (member, answer) in ["-4", "+4"].into_iter().zip(answers) {
            entries.push(prediction_entry(sample, member, answer));
        }
        open.append(&entries).unwrap();
    }
    read(&[folder.path().to_owned()]).unwrap()
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

fn report(run: &Run) -> Report {
    summarise(run, Settings { resamples: 200, ..Settings::default() })
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn the_numbers_are_those_counted_by_hand() {
    // Sample 0 flips once, sample 1 twice, sample 3 is corrected once.
    let report = report(&run([[0, 1], [1, 1], [0, 0], [0, 1]]));
    let accuracy = report.clean.accuracy.unwrap();
    close(accuracy.value, 0.75);
    assert!(accuracy.low < 0.75 && accuracy.high > 0.75);
    let row = &report.families[0];
    close(row.ifr.value, 4.0 / 8.0);
    close(row.iv.value, 3.0 / 4.0);
    close(row.accuracy.unwrap().value, 4.0 / 8.0);
    assert_eq!(row.transitions, Some([3, 3, 1, 1]));
    close(row.right_to_wrong_rate.unwrap(), 0.5);
    close(row.wrong_to_right_rate.unwrap(), 0.5);
    // Per picture: .3, .5, .1, .3. Controls are all 1.
    let context = &row.drift[0];
    close(context.perturbation, 0.3);
    close(context.control, 1.0);
    close(context.relative_percent.unwrap(), 30.0);
    close(context.kept.unwrap(), 0.1);
    close(row.dirichlet_delta, 0.5);
    // Uncertainty is as before throughout; a flip takes or gives half of the right option's probability.
    let ras = row.ras.as_ref().unwrap();
    close(ras.ras.value, (-0.5 * 3.0 + 0.5) / 8.0);
    close(ras.destructive + ras.corrective, ras.ras.value);
    assert_eq!(ras.behaviours.iter().sum::<u64>(), 8);
    let members: Vec<&str> = row.members.iter().map(|member| member.member.as_str()).collect();
    assert_eq!(members, ["-4", "+4"]);
    close(row.members[1].ifr, 0.75);
    let any = report.any.iter().find(|any| any.set == "all of this run").unwrap();
    close(any.iv, 0.75);
}

#[test]
fn what_is_shown_can_be_opened_in_the_lab() {
    let report = report(&run([[0, 1], [1, 1], [0, 0], [0, 1]]));
    let kinds: Vec<WorstKind> = report.worst.iter().map(|worst| worst.kind).collect();
    assert_eq!(
        kinds.iter().filter(|kind| **kind == WorstKind::Flip).count(),
        2,
        "one a sample, right when clean"
    );
    for worst in &report.worst {
        let state = LabState::from_link(&worst.link).unwrap();
        assert_eq!(state.question.text, worst.question);
        assert_eq!(state.recipe.operations.len(), 1);
    }
}

#[test]
fn the_page_stands_alone_and_hostile_text_stays_text() {
    let report = report(&run([[0, 1], [1, 1], [0, 0], [0, 1]]));
    let shown: Vec<Shown<'_>> =
        report.worst.iter().map(|example| Shown { example, pictures: None }).collect();
    let facts = PageFacts { command: "flipside evaluate", lab_url: "http://127.0.0.1:7878" };
    let page = page(&report, &shown, &facts).unwrap();
    assert!(page.contains("&lt;b&gt;m&lt;&#x2f;b&gt;") || page.contains("&lt;b&gt;m&lt;/b&gt;"), "{page}");
    for loaded in ["<script", "<link", "src=\"http", "@import", "url(", "<i>which", "<b>m"] {
        assert!(!page.contains(loaded), "{loaded}");
    }
    assert!(page.matches("<svg").count() >= 3 && page.contains("0.500 ["));
}

#[test]
fn paired_runs_differ_by_what_they_do_to_the_same_pictures() {
    let (steady, shaky) = (run([[0, 0]; 4]), run([[1, 1], [1, 1], [0, 0], [0, 0]]));
    let found = compare(&steady, &shaky, 0).unwrap();
    let family = &found.families[0];
    assert_eq!(found.samples, 4);
    close(family.flips.difference, -0.5);
    close(family.accuracy.unwrap().difference, 0.5);
    // Two pictures differ: 2 of the 4 sign patterns are as far from 0.
    close(family.flips.p_value, 0.5);
    close(compare(&steady, &steady, 0).unwrap().families[0].flips.p_value, 1.0);
    let mut other = shaky;
    other.samples.get_mut(&2).unwrap().question = "another".to_owned();
    assert_eq!(compare(&steady, &other, 0), Err(CompareError::AnotherSample { id: "s2".to_owned() }));
    other.samples.clear();
    assert_eq!(compare(&steady, &other, 0), Err(CompareError::NothingInCommon));
}

#[test]
fn every_prediction_is_a_row_of_every_table() {
    let run = run([[0, 1], [1, 1], [0, 0], [0, 1]]);
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    export::csv(&run, &file("p.csv")).unwrap();
    export::json(&run, &file("p.json")).unwrap();
    export::parquet(&run, &file("p.parquet")).unwrap();
    let rows: Vec<Value> = serde_json::from_slice(&std::fs::read(file("p.json")).unwrap()).unwrap();
    assert_eq!(rows.len(), 4 * 3);
    assert_eq!((&rows[0]["family"], &rows[0]["context_cosine"]), (&json!("clean"), &Value::Null));
    let flipped = rows.iter().filter(|row| row["flipped"] == true).count();
    assert_eq!(flipped, 4);
    let mut table = csv::Reader::from_path(file("p.csv")).unwrap();
    let columns = table.headers().unwrap().len();
    assert_eq!(table.records().count(), 12);
    let parquet = std::fs::File::open(file("p.parquet")).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(parquet).unwrap();
    assert_eq!(reader.schema().fields().len(), columns);
    assert_eq!(reader.build().unwrap().map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 12);
}
