//! Reports and comparisons of runs whose numbers can be counted by hand.

use crate::counted_run::{Answers, write};
use flipside_backend::jobs::evaluate::{Prior, Run, SkippedEntry, SkippedRow, read};
use flipside_backend::report::{
    Settings,
    compare::{CompareError, compare},
    export,
    html::{PageFacts, Shown, page},
    links::Links,
    markdown::markdown,
    summarise,
    template::Style,
};
use flipside_shared::api::{Report, WorstKind};
use flipside_shared::lab::LabState;
use serde_json::{Value, json};

fn run(answers: Answers) -> Run {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), answers);
    read(&[folder.path().to_owned()]).unwrap()
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
    let run = run([[0, 1], [1, 1], [0, 0], [0, 1]]);
    let report = report(&run);
    let shown: Vec<Shown<'_>> =
        report.worst.iter().map(|example| Shown { example, pictures: None }).collect();
    let links = Links::Lab { url: "http://127.0.0.1:7878", run: &run };
    let facts = PageFacts { command: "flipside evaluate", links, style: Style::Inside, files: &[] };
    let page = page(&report, &shown, &facts).unwrap();
    assert!(page.contains("&lt;b&gt;m&lt;&#x2f;b&gt;") || page.contains("&lt;b&gt;m&lt;/b&gt;"), "{page}");
    for loaded in ["<script", "<link", "src=\"http", "@import", "url(", "<i>which", "<b>m"] {
        assert!(!page.contains(loaded), "{loaded}");
    }
    assert!(page.matches("<svg").count() >= 3 && page.contains("0.500 ["));
    // The family's name and its bars lead into the lab as well.
    let links = page.replace("&#x2f;", "/");
    assert!(links.matches("<a href=\"http://127.0.0.1:7878/#").count() > report.worst.len() + 2);
}

/// Margins are ln 3 where the answer is kept, -ln 3 where it flips, 0 on the blank picture: half of the way's ends are at
/// 0 and half at 2. Where the blank picture is as sure as the clean one there is no way.
#[test]
fn drift_to_the_prior_is_a_median_and_says_where_there_is_none() {
    let mut run = run([[0, 1], [1, 1], [0, 0], [0, 1]]);
    let summary = |run: &Run| report(run).families[0].prior.clone();
    assert_eq!(summary(&run), None);
    for sample in run.samples.values_mut() {
        sample.prior = Some(Prior { log_likelihoods: vec![-1.0, -1.0], state: sample.state.clone() });
    }
    for entry in run.predictions.values_mut() {
        entry.to_prior = Some(entry.drift);
    }
    let prior = summary(&run).unwrap();
    close(prior.margin.unwrap(), 1.0);
    // The blank picture's representation is the clean one's: no distance to be left.
    assert_eq!((prior.distances, prior.undefined), ([None; 3], 0));
    let sample = run.samples.get_mut(&1).unwrap();
    sample.prior.as_mut().unwrap().log_likelihoods.clone_from(&sample.log_likelihoods);
    let prior = summary(&run).unwrap();
    close(prior.margin.unwrap(), 0.0);
    assert_eq!(prior.undefined, 2);
    let told: Vec<String> =
        report(&run).families[0].correlations.iter().map(|one| one.with.clone()).collect();
    assert_eq!(told, ["context drift, L2", "log p of the clean answer"]);
}

#[test]
fn the_tables_for_a_paper_have_every_family_and_hostile_text_stays_in_its_cell() {
    let text = markdown(&report(&run([[0, 1], [1, 1], [0, 0], [0, 1]])));
    assert!(text.starts_with("\\<b\\>m\\</b\\> (weights `abababababab`"), "{text}");
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| translation")).collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].starts_with("| translation | 8 | 50.0 ["), "{}", rows[0]);
    assert!(rows[0].contains("| 30.0 ± "), "{}", rows[0]);
    assert!(rows[1].contains("| -0.125 ["), "{}", rows[1]);
    let columns = |line: &str| line.matches('|').count();
    let tables: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert!(tables.iter().all(|line| columns(line) == columns(tables[0])), "{text}");
}

#[test]
fn what_was_left_out_is_told_with_its_reason() {
    let mut run = run([[0, 1], [1, 1], [0, 0], [0, 1]]);
    let reason = "a.tsv, line 7: <u>cut off</u>".to_owned();
    run.skipped_rows.insert(SkippedRow { file: "a.tsv".to_owned(), line: Some(7), reason });
    let left_out = SkippedEntry { sample: 9, id: "s9".to_owned(), instance: None, reason: "GIF".to_owned() };
    run.skipped.insert((9, None), left_out);
    let report = report(&run);
    assert_eq!((report.run.skipped_rows, report.run.skipped_samples), (1, 1));
    assert_eq!(report.run.left_out[1], "sample s9: GIF");
    let links = Links::Lab { url: "http://127.0.0.1:7878", run: &run };
    let page =
        page(&report, &[], &PageFacts { command: "", links, style: Style::Inside, files: &[] }).unwrap();
    assert!(page.contains("a.tsv, line 7") && page.contains("s9: GIF") && !page.contains("<u>"));
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
    export::write_files(&run, folder.path()).unwrap();
    let rows: Vec<Value> = serde_json::from_slice(&std::fs::read(file("predictions.json")).unwrap()).unwrap();
    assert_eq!(rows.len(), 4 * 3);
    assert_eq!((&rows[0]["family"], &rows[0]["context_cosine"]), (&json!("clean"), &Value::Null));
    let flipped = rows.iter().filter(|row| row["flipped"] == true).count();
    assert_eq!(flipped, 4);
    let mut table = csv::Reader::from_path(file("predictions.csv")).unwrap();
    let columns = table.headers().unwrap().len();
    assert_eq!(table.records().count(), 12);
    let parquet = std::fs::File::open(file("predictions.parquet")).unwrap();
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(parquet).unwrap();
    assert_eq!(reader.schema().fields().len(), columns);
    assert_eq!(reader.build().unwrap().map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 12);
}
