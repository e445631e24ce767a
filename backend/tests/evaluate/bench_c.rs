//! Benchmarks chosen from runs whose numbers can be counted by hand, and runs that do not fit together.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flipside_backend::jobs::bench_c::{BenchC, BenchError, Settings, build, corruptions, gather};
use flipside_backend::jobs::evaluate::{DataIdentity, Entry, Manifest, ModelIdentity, RunFolder, Scoring};
use flipside_backend::report::bench_c::page;
use flipside_shared::shard::Shard;
use serde_json::{Value, json};
use std::path::PathBuf;
use tempfile::TempDir;

const FAMILIES: [&str; 2] = ["fog", "contrast"];
/// Pictures of a sample: two corruptions at five severities.
const PICTURES: usize = 10;

fn manifest(model: &str) -> Manifest {
    Manifest {
        format: Manifest::FORMAT,
        flipside: "test".to_owned(),
        model: ModelIdentity {
            name: "<b>m</b>".to_owned(),
            family: "f".to_owned(),
            weights_sha256: model.repeat(32),
            parameter_count: 1,
            dtype: "f32".to_owned(),
            device: "cpu".to_owned(),
            pixels: (1, 2),
        },
        data: DataIdentity::World { scenes: 4, seed: 0, size_px: 48 },
        limit: None,
        sample: None,
        shard: Shard::WHOLE,
        families: FAMILIES.map(str::to_owned).into(),
        regime: None,
        scoring: Scoring::Sum,
        seed: 0,
        spectrum: false,
    }
}

fn entry(value: Value) -> Entry {
    serde_json::from_value(value).unwrap()
}

/// Answered 0 when clean, which is right; its representations point where no other sample's do.
fn sample(number: usize) -> Value {
    let vector = (0..16).map(|place| if place == number { 1f32 } else { 0.0 });
    let text = STANDARD.encode(vector.flat_map(f32::to_le_bytes).collect::<Vec<u8>>());
    json!({
        "entry": "sample", "sample": number, "id": format!("s{number}"), "source": { "kind": "scene", "seed": number },
        "canvas_px": 48, "image_id": format!("picture {number}"), "categories": ["colour"],
        "question": "<i>which?</i>", "options": ["red", "green"], "regime": "plain", "right": 0, "answer": 0,
        "log_likelihoods": [-0.1, -2.0], "token_counts": [1, 1], "dirichlet_energy": 1.0, "scale_free_energy": 1.0,
        "state": { "context": text, "answer": text, "vision": text },
    })
}

/// The first `wrong` of the pictures are answered wrongly.
fn predictions(number: usize, wrong: usize) -> Vec<Value> {
    let names = FAMILIES.iter().flat_map(|family| (1..=5).map(move |severity| (*family, severity)));
    let one = |(place, (family, severity)): (usize, (&str, i32))| {
        json!({
            "entry": "prediction", "sample": number, "family": family, "seed": 0,
            "instance": format!("{family}/severity {severity}"), "operation": {}, "answer": usize::from(place < wrong),
            "log_likelihoods": [-1.0, -1.0], "dirichlet_energy": 1.0, "scale_free_energy": 1.0,
            "drift": { "context_cosine": 0.0, "context_l2": 0.0, "answer_cosine": 0.0, "answer_l2": 0.0,
                       "vision_cosine": 0.0, "vision_l2": 0.0 },
        })
    };
    names.enumerate().map(one).collect()
}

fn write(manifest: &Manifest, entries: Vec<Value>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (mut open, _) = RunFolder::open(folder.path(), manifest).unwrap();
    open.append(&entries.into_iter().map(entry).collect::<Vec<_>>()).unwrap();
    folder
}

/// A run with so many wrong answers per sample.
fn run(model: &str, wrong: &[usize]) -> TempDir {
    let entries = wrong
        .iter()
        .enumerate()
        .flat_map(|(number, wrong)| std::iter::once(sample(number)).chain(predictions(number, *wrong)));
    write(&manifest(model), entries.collect())
}

fn paths(folders: &[&TempDir]) -> Vec<PathBuf> {
    folders.iter().map(|folder| folder.path().to_owned()).collect()
}

fn settings(size: usize) -> Settings {
    Settings {
        size,
        balance: Settings::BALANCE,
        corruptions: FAMILIES.map(str::to_owned).into(),
        random_sets: 40,
        resamples: 60,
        seed: 5,
    }
}

fn bench(selection: &[&TempDir], ranked: &[&TempDir], size: usize) -> Result<BenchC, BenchError> {
    let families = corruptions(&FAMILIES.map(str::to_owned))?;
    let read = |folders: &[&TempDir]| gather(&paths(folders), &families);
    build(&read(selection)?, &read(ranked)?, settings(size))
}

/// The steady model never flips. The shaky one flips all of sample 1, half of sample 3, a tenth of samples 0 and 2:
/// I = .5 .25 .05 .05, V = .25 .0625 .0025 .0025, so D = 1, .125, .001, .001.
#[test]
fn the_samples_that_tell_models_apart_come_first() {
    let (steady, shaky) = (run("aa", &[0, 0, 0, 0, 0]), run("bb", &[1, PICTURES, 1, 5, 0]));
    let found = bench(&[&steady, &shaky], &[], 3).unwrap();
    let told: Vec<(u64, f64)> = found.chosen().iter().map(|one| (one.sample, one.discrimination)).collect();
    assert_eq!(told.iter().map(|(sample, _)| *sample).collect::<Vec<_>>(), [1, 3, 0]);
    for ((_, score), expected) in told.iter().zip([1.0, 0.125, 0.001]) {
        assert!((score - expected).abs() < 1e-12, "{told:?}");
    }
    assert_eq!((found.samples.len(), found.samples[4].rank, found.samples[4].inconsistency), (5, None, 0.0));
    assert_eq!(found.chosen()[0].similarity, None);
    let hashes: Vec<&str> =
        found.selection_models.iter().map(|m| m.identity.weights_sha256.as_str()).collect();
    assert_eq!(hashes, ["aa".repeat(32), "bb".repeat(32)]);
    assert_eq!(found.selection_models[1].label, "<b>m</b> bbbbbbbb");
    assert!(found.ranked_chose);
    let again: BenchC = serde_json::from_slice(&serde_json::to_vec(&found).unwrap()).unwrap();
    assert_eq!(again, found);
    assert_eq!(bench(&[&steady, &shaky], &[], 3).unwrap(), found);
}

/// One sample in four is hard for the shaky models only, and for others of their kind that did not choose.
#[test]
fn the_chosen_set_puts_models_apart_that_did_not_choose() {
    let hard = |of_four: usize, other: usize| {
        (0..16).map(|number| if number % 4 == 0 { of_four } else { other }).collect::<Vec<_>>()
    };
    let choosing = [run("aa", &hard(0, 1)), run("bb", &hard(9, 1))];
    let ranked = [run("cc", &hard(1, 1)), run("dd", &hard(5, 1)), run("ee", &hard(10, 1))];
    let found = bench(&choosing.each_ref(), &ranked.each_ref(), 4).unwrap();
    let chosen: Vec<u64> =
        found.samples.iter().filter(|one| one.rank.is_some()).map(|one| one.sample).collect();
    assert_eq!(chosen, [0, 4, 8, 12]);
    assert!(!found.ranked_chose);
    let measure = |name: &str| found.comparison.measures.iter().find(|m| m.name == name).unwrap();
    for name in ["rank stability", "pairs apart", "agreement with all"] {
        assert!((measure(name).chosen - 1.0).abs() < 1e-12, "{:?}", measure(name));
    }
    // .9 .5 0 on the chosen ones.
    let spread = measure("spread");
    assert!((spread.chosen - 0.2033f64.sqrt()).abs() < 1e-3 && spread.advantage.value > 0.2, "{spread:?}");
    assert!(spread.p_value < 0.06 && spread.random.low <= spread.random.mean, "{spread:?}");
    let last = &found.comparison.models[2];
    assert!(last.chosen.value.abs() < 1e-12 && (last.whole.value - 0.675).abs() < 1e-12, "{last:?}");
}

#[test]
fn shards_of_a_model_are_one_run_and_unusable_samples_are_counted() {
    let shard = |number, samples: std::ops::Range<usize>| {
        let part = Manifest { shard: Shard { number, of: 2 }, ..manifest("bb") };
        let entries = samples.flat_map(|s| std::iter::once(sample(s)).chain(predictions(s, 4)));
        write(&part, entries.collect())
    };
    let parts = [shard(1, 0..2), shard(2, 2..4)];
    // The other model leaves one out, has no answer to another, and could corrupt none of a third's pictures.
    let mut entries: Vec<Value> =
        vec![json!({ "entry": "skipped", "sample": 0, "id": "s0", "reason": "too long" })];
    let mut unanswered = sample(1);
    unanswered["right"] = Value::Null;
    entries.extend([vec![unanswered], predictions(1, 0)].concat());
    entries.push(sample(2));
    entries.extend(predictions(2, 0).into_iter().map(|one| {
        json!({ "entry": "skipped", "sample": 2, "id": "s2", "instance": one["instance"], "reason": "small" })
    }));
    entries.extend([vec![sample(3)], predictions(3, 0)].concat());
    let other = write(&manifest("aa"), entries);
    let found = bench(&[&parts[0], &other, &parts[1]], &[], 1).unwrap();
    assert_eq!(found.selection_models.len(), 2);
    assert_eq!(found.samples.iter().map(|one| one.sample).collect::<Vec<_>>(), [3]);
    let left = found.left_out;
    assert_eq!((left.skipped, left.without_answer + left.impossible), (1, 2));
}

#[test]
fn runs_that_do_not_fit_are_refused_with_what_to_do() {
    let (first, second) = (run("aa", &[0, 0, 0]), run("bb", &[3, 0, 5]));
    let refused = |folders: &[&TempDir], size| bench(folders, &[], size).unwrap_err();
    let told = |error: &BenchError, words: &[&str]| {
        let text = error.to_string();
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
    };
    let error = refused(&[&first], 1);
    assert!(matches!(error, BenchError::OneModel { .. }), "{error}");
    let error = bench(&[&first, &second], &[&first], 1).unwrap_err();
    assert!(matches!(error, BenchError::OneModel { .. }), "{error}");

    let elsewhere = DataIdentity::World { scenes: 4, seed: 1, size_px: 48 };
    let error = refused(&[&first, &write(&Manifest { data: elsewhere, ..manifest("bb") }, vec![])], 1);
    assert!(matches!(error, BenchError::OtherSettings { field: "data set", .. }), "{error}");
    let error = refused(&[&first, &write(&Manifest { seed: 9, ..manifest("bb") }, vec![])], 1);
    told(&error, &["--seed", first.path().to_str().unwrap()]);
    let error =
        bench(&[&first, &second], &[&write(&Manifest { seed: 9, ..manifest("cc") }, vec![]), &second], 1);
    told(&error.unwrap_err(), &["--seed"]);

    let fog_alone = Manifest { families: vec!["fog".to_owned()], ..manifest("bb") };
    told(&refused(&[&first, &write(&fog_alone, vec![])], 1), &["contrast", "--families corruptions"]);
    let stopped = write(&manifest("bb"), [vec![sample(0)], predictions(0, 0)[..9].to_vec()].concat());
    told(&refused(&[&first, &stopped], 1), &["s0", "contrast/severity 5", "not finished"]);
    told(&refused(&[&first, &run("bb", &[1])], 1), &["s1", "not finished"]);
    let mut another = sample(0);
    another["question"] = json!("another");
    let another = write(&manifest("bb"), [vec![another], predictions(0, 1)].concat());
    let error = refused(&[&run("aa", &[0]), &another], 1);
    assert!(matches!(&error, BenchError::AnotherSample { id, .. } if id == "s0"), "{error}");

    told(&refused(&[&first, &second], 3), &["--size 3", "of 3 samples 2"]);
    let error = refused(&[&run("aa", &[4, 4]), &run("bb", &[4, 4])], 1);
    assert!(matches!(error, BenchError::AllAlike), "{error}");
    let error = refused(&[&write(&manifest("aa"), vec![]), &write(&manifest("bb"), vec![])], 1);
    assert!(matches!(error, BenchError::NoCandidates { samples: 0, .. }), "{error}");
    told(
        &corruptions(&["translation".to_owned()]).unwrap_err(),
        &["translation", "corruptions, gaussian_noise"],
    );
    assert_eq!(corruptions(&["fog".to_owned(), "corruptions".to_owned()]).unwrap().len(), 19);
}

#[test]
fn the_page_stands_alone_and_hostile_text_stays_text() {
    let (steady, shaky) = (run("aa", &[0, 0]), run("bb", &[4, 7]));
    let page = page(&bench(&[&steady, &shaky], &[], 2).unwrap(), "flipside bench-c <data>").unwrap();
    for loaded in ["<script", "<link", "src=\"http", "@import", "url(", "<i>which", "<b>m", "<data>"] {
        assert!(!page.contains(loaded), "{loaded}");
    }
    assert!(page.matches("<svg").count() == 3 && page.contains("our reconstruction"));
}
