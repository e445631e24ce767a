//! What a run leaves on disk, whatever happens to the process.

use crate::stand_in::{FAIL, stand_in};
use flipside_backend::config::{EngineConfig, LimitsConfig};
use flipside_backend::engine::{Engine, Question};
use flipside_backend::jobs::evaluate::{
    Case, CasePicture, DataIdentity, Manifest, OnBadCase, Plan, Run, RunError, RunFolder, Runner, Scoring,
    SkippedRow, Tally, read,
};
use flipside_backend::store::{ImageStore, kept_picture};
use flipside_shared::api::{QuestionBody, RegimeName};
use flipside_shared::image_file::encode_png;
use flipside_shared::raster::{ImageId, Raster};
use flipside_shared::shard::Shard;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::sync::Arc;

const SAMPLES: u64 = 5;
/// Perturbations of a sample: two shifts of the eight, one scale, two turns.
const PERTURBATIONS: u64 = 8 + 1 + 2;
const LOG: &str = "predictions.jsonl";

fn question(text: &str) -> Question {
    let options = ["red", "green", "blue"].map(str::to_owned).into();
    let body = QuestionBody { text: text.to_owned(), options, regime: RegimeName::Plain };
    Question::check(&body, &LimitsConfig::default()).unwrap()
}

fn case(index: u64) -> Case {
    Case {
        index,
        id: format!("sample-{index}"),
        categories: vec!["colour".to_owned()],
        picture: CasePicture::Scene { seed: index, size_px: 48 },
        question: question("which?"),
        put: question("which?"),
        right: Some(0),
        marks: serde_json::Map::new(),
    }
}

fn cases(shard: Shard) -> impl Iterator<Item = Result<Case, RunError>> {
    (0..SAMPLES).filter(move |index| index % shard.of + 1 == shard.number).map(|index| Ok(case(index)))
}

async fn runner(on_bad_case: OnBadCase) -> Runner {
    let engine = Engine::start(stand_in(false).0, &EngineConfig::default()).await.unwrap();
    let names = ["translation", "scale", "rotation"].map(str::to_owned);
    let plan = Plan::parse(&names, Scoring::Sum, 3).unwrap();
    Runner { engine: Arc::new(engine), plan, on_bad_case, pictures: None }
}

fn manifest(runner: &Runner, shard: Shard) -> Manifest {
    Manifest {
        format: Manifest::FORMAT,
        flipside: "test".to_owned(),
        model: runner.engine.info().into(),
        data: DataIdentity::World { scenes: SAMPLES as u32, seed: 0, size_px: 48 },
        limit: None,
        sample: None,
        shard,
        families: runner.plan.names(),
        regime: None,
        scoring: Scoring::Sum,
        seed: 3,
        spectrum: false,
    }
}

async fn evaluate(folder: &Path, shard: Shard) -> Result<Tally, RunError> {
    let runner = runner(OnBadCase::Stop).await;
    let opened = RunFolder::open(folder, &manifest(&runner, shard))?;
    runner.run(cases(shard), opened, &|_| {}).await
}

fn lines(folder: &Path) -> usize {
    fs::read_to_string(folder.join(LOG)).unwrap().lines().count()
}

fn run_of(folder: &Path) -> Run {
    read(&[folder.to_owned()]).unwrap()
}

#[tokio::test]
async fn a_run_holds_every_prediction_once_and_is_not_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let tally = evaluate(folder.path(), Shard::WHOLE).await.unwrap();
    assert_eq!(tally, Tally { samples: SAMPLES, predictions: SAMPLES * (1 + PERTURBATIONS), skipped: 0 });
    let run = run_of(folder.path());
    assert_eq!(run.samples.len() as u64, SAMPLES);
    assert_eq!(run.predictions.len() as u64, SAMPLES * PERTURBATIONS);
    assert_eq!(lines(folder.path()) as u64, SAMPLES * (1 + PERTURBATIONS));
    assert!(run.predictions.values().any(|entry| entry.drift.context_cosine > 0.0));
    // The prior is another picture's, and no prediction of the run.
    assert!(
        run.samples.values().all(|sample| sample.prior.as_ref().is_some_and(|p| p.state != sample.state))
    );
    assert!(run.predictions.values().all(|entry| entry.to_prior.is_some() && entry.spectrum.is_none()));
    let again = evaluate(folder.path(), Shard::WHOLE).await.unwrap();
    assert_eq!((again.predictions, lines(folder.path()) as u64), (0, SAMPLES * (1 + PERTURBATIONS)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn a_run_cut_off_at_any_byte_goes_on_without_a_repeat_or_a_loss(cut in 0.0..1.0f64) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            evaluate(folder.path(), Shard::WHOLE).await.unwrap();
            let whole = run_of(folder.path());
            let log = folder.path().join(LOG);
            let bytes = fs::read(&log).unwrap();
            let kept = (bytes.len() as f64 * cut) as usize;
            fs::write(&log, &bytes[..kept]).unwrap();
            let kept_lines = bytes[..kept].iter().filter(|byte| **byte == b'\n').count() as u64;
            let tally = evaluate(folder.path(), Shard::WHOLE).await.unwrap();
            assert_eq!(tally.predictions, SAMPLES * (1 + PERTURBATIONS) - kept_lines);
            assert_eq!(lines(folder.path()) as u64, SAMPLES * (1 + PERTURBATIONS));
            assert_eq!(run_of(folder.path()), whole);
        });
    }
}

#[tokio::test]
async fn changed_frequencies_are_logged_where_they_are_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let mut runner = runner(OnBadCase::Stop).await;
    runner.plan.spectrum = true;
    let opened = RunFolder::open(folder.path(), &manifest(&runner, Shard::WHOLE)).unwrap();
    runner.run([Ok(case(0))].into_iter(), opened, &|_| {}).await.unwrap();
    let run = run_of(folder.path());
    let spectrum = |instance: &str| run.predictions[&(0, instance.to_owned())].spectrum.unwrap();
    // A cyclic shift moves phases alone.
    let shifted = spectrum("translation/+8");
    assert!(shifted.energy_change.iter().all(|change| change.unwrap().abs() < 1e-9), "{shifted:?}");
    assert!(shifted.coherence_loss[2].unwrap() > 0.5, "{shifted:?}");
    assert!(spectrum("rotation/+30").energy_change[2].unwrap().abs() > 1e-3);
}

#[tokio::test]
async fn shards_together_are_the_whole() {
    let whole = tempfile::tempdir().unwrap();
    evaluate(whole.path(), Shard::WHOLE).await.unwrap();
    let parts = [1, 2, 3].map(|number| (tempfile::tempdir().unwrap(), Shard { number, of: 3 }));
    for (folder, shard) in &parts {
        evaluate(folder.path(), *shard).await.unwrap();
    }
    let folders: Vec<_> = parts.iter().map(|(folder, _)| folder.path().to_owned()).collect();
    let mut merged = read(&folders).unwrap();
    merged.manifest.shard = Shard::WHOLE;
    assert_eq!(merged, run_of(whole.path()));
}

#[tokio::test]
async fn a_folder_is_not_gone_on_with_under_other_settings_or_by_two_processes() {
    let folder = tempfile::tempdir().unwrap();
    evaluate(folder.path(), Shard::WHOLE).await.unwrap();
    let runner = runner(OnBadCase::Stop).await;
    let other = Manifest { seed: 4, ..manifest(&runner, Shard::WHOLE) };
    let error = RunFolder::open(folder.path(), &other).unwrap_err();
    assert!(matches!(error, RunError::OtherRun { field: "--seed", .. }), "{error}");
    let held = RunFolder::open(folder.path(), &manifest(&runner, Shard::WHOLE)).unwrap();
    let error = RunFolder::open(folder.path(), &manifest(&runner, Shard::WHOLE)).unwrap_err();
    assert!(matches!(error, RunError::Busy { .. }), "{error}");
    drop(held);
    fs::write(folder.path().join(LOG), "{\"entry\":\"sample\"}\n").unwrap();
    let error = RunFolder::open(folder.path(), &manifest(&runner, Shard::WHOLE)).unwrap_err();
    assert!(matches!(error, RunError::Damaged { line: 1, .. }), "{error}");
    let error = read(&[folder.path().join("elsewhere")]).unwrap_err();
    assert!(matches!(error, RunError::NotARun { .. }), "{error}");
}

#[tokio::test]
async fn a_bad_sample_stops_the_run_or_is_noted_and_left_out() {
    let broken = |index| {
        let whole = case(index);
        Ok(if index == 2 {
            Case { picture: CasePicture::File(b"GIF89a".to_vec().into()), ..whole }
        } else {
            whole
        })
    };
    let folder = tempfile::tempdir().unwrap();
    for (on_bad_case, samples) in [(OnBadCase::Stop, 0), (OnBadCase::Skip, SAMPLES - 1)] {
        let runner = runner(on_bad_case).await;
        let opened = RunFolder::open(folder.path(), &manifest(&runner, Shard::WHOLE)).unwrap();
        match runner.run((0..SAMPLES).map(broken), opened, &|_| {}).await {
            Ok(tally) => assert_eq!((tally.samples, tally.skipped), (samples, 1)),
            Err(error) => {
                assert!(matches!(&error, RunError::BadCase { sample: 2, .. }), "{error}");
                assert!(error.to_string().contains("sample-2") && on_bad_case == OnBadCase::Stop, "{error}");
            }
        }
    }
    let run = run_of(folder.path());
    assert_eq!(run.skipped.values().map(|entry| entry.id.as_str()).collect::<Vec<_>>(), ["sample-2"]);
    assert_eq!(run.samples.len() as u64, SAMPLES - 1);
}

#[tokio::test]
async fn a_model_that_fails_stops_the_run_and_what_was_done_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let runner = runner(OnBadCase::Skip).await;
    let opened = RunFolder::open(folder.path(), &manifest(&runner, Shard::WHOLE)).unwrap();
    let failing = |index| {
        let whole = case(index);
        Ok(if index == SAMPLES - 1 { Case { put: question(&format!("{FAIL} now")), ..whole } } else { whole })
    };
    let error = runner.run((0..SAMPLES).map(failing), opened, &|_| {}).await.unwrap_err();
    assert!(matches!(error, RunError::Engine(_)), "{error}");
    let kept = lines(folder.path()) as u64;
    let tally = evaluate(folder.path(), Shard::WHOLE).await.unwrap();
    assert_eq!(tally.predictions + kept, SAMPLES * (1 + PERTURBATIONS));
}

#[tokio::test]
async fn a_sample_that_cannot_be_made_ready_is_left_out_once_like_any_other() {
    let unready = |index| {
        let bad =
            RunError::BadCase { sample: index, id: "two pictures".to_owned(), reason: "two".to_owned() };
        if index == 1 { Err(bad) } else { Ok(case(index)) }
    };
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let runner = runner(OnBadCase::Skip).await;
        let opened = RunFolder::open(folder.path(), &manifest(&runner, Shard::WHOLE)).unwrap();
        let tally = runner.run((0..SAMPLES).map(unready), opened, &|_| {}).await.unwrap();
        assert_eq!((tally.samples, tally.skipped), (SAMPLES - 1, 1));
    }
    assert_eq!(lines(folder.path()) as u64, (SAMPLES - 1) * (1 + PERTURBATIONS) + 1);
    let runner = runner(OnBadCase::Stop).await;
    let other = tempfile::tempdir().unwrap();
    let opened = RunFolder::open(other.path(), &manifest(&runner, Shard::WHOLE)).unwrap();
    let error = runner.run((0..SAMPLES).map(unready), opened, &|_| {}).await.unwrap_err();
    assert!(matches!(error, RunError::BadCase { sample: 1, .. }), "{error}");
}

#[tokio::test]
async fn pictures_are_kept_while_there_is_room_and_a_run_does_without_the_rest() {
    let png = |shade: u8| encode_png(&Raster::filled(40, 30, [shade, 0, 0, 255]));
    let pictured =
        |index: u64| Case { picture: CasePicture::File(Arc::new(png(index as u8))), ..case(index) };
    for (quota_mib, kept) in [(1, SAMPLES), (0, 0)] {
        let folder = tempfile::tempdir().unwrap();
        let mut runner = runner(OnBadCase::Stop).await;
        runner.pictures = Some(Arc::new(ImageStore::open(folder.path(), quota_mib).unwrap()));
        let opened = RunFolder::open(folder.path(), &manifest(&runner, Shard::WHOLE)).unwrap();
        let tally = runner.run((0..SAMPLES).map(|index| Ok(pictured(index))), opened, &|_| {}).await.unwrap();
        assert_eq!(tally.samples, SAMPLES);
        let run = run_of(folder.path());
        let found = run
            .samples
            .values()
            .filter(|sample| kept_picture(folder.path(), &ImageId(sample.image_id.clone())).is_some());
        assert_eq!(found.count() as u64, kept);
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_noted_once_however_often_it_is_met() {
    let row =
        |line| SkippedRow { file: "a.tsv".to_owned(), line: Some(line), reason: format!("line {line}: bad") };
    let rows = || vec![Err(RunError::BadRow(row(9))), Ok(case(0)), Err(RunError::BadRow(row(3)))].into_iter();
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let runner = runner(OnBadCase::Skip).await;
        let opened = RunFolder::open(folder.path(), &manifest(&runner, Shard::WHOLE)).unwrap();
        let tally = runner.run(rows(), opened, &|_| {}).await.unwrap();
        assert_eq!((tally.samples, tally.skipped), (1, 2));
    }
    assert_eq!(fs::read_to_string(folder.path().join("skipped.jsonl")).unwrap().lines().count(), 2);
    let run = run_of(folder.path());
    assert_eq!(run.skipped_rows.into_iter().collect::<Vec<_>>(), [row(3), row(9)]);
}
