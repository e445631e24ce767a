//! RealWorldQA as JSON lines, Parquet and TSV.

use crate::written::{Folder, format_of, images, picture, png, read, shades, texts};
use flipside_dataset::{Answer, Format, Regime, Sample};
use serde_json::json;

const CHOICE: &str = "Which way?\n\nA. Left\nB. None\nC. Right\nPlease answer directly with only the letter of the correct option and nothing else.";
const WORD: &str = "Is it red? Really?\nPlease answer directly with a single word or number.";
const NUMBER: &str = "How many cars?\nPlease answer directly with a single word or number.";

fn check(samples: &[Sample]) {
    let [choice, word, number] = samples else { panic!("{} samples", samples.len()) };
    assert_eq!((choice.question.as_str(), choice.right_option()), ("Which way?", Some(1)));
    assert_eq!((choice.options.join("|").as_str(), choice.regime), ("Left|None|Right", Regime::Mcq));
    assert_eq!((word.question.as_str(), word.right_option()), ("Is it red? Really?", Some(1)));
    assert_eq!((word.options.join("|").as_str(), word.regime), ("Yes|No", Regime::Pope));
    assert_eq!(number.answer, Some(Answer::Open(vec!["3".to_owned()])));
    assert_eq!((number.question.as_str(), number.regime), ("How many cars?", Regime::Plain));
    assert_eq!(samples.iter().flat_map(shades).collect::<Vec<u8>>(), [1, 2, 3]);
}

#[test]
fn json_lines() {
    let folder = Folder::new();
    let mut lines = String::new();
    for (shade, (question, answer)) in (1..).zip([(CHOICE, "B"), (WORD, "No"), (NUMBER, "3")]) {
        folder.write(&format!("{shade}.webp"), png(shade));
        let line = json!({ "image": format!("{shade}.webp"), "question": question, "answer": answer });
        lines += &format!("{line}\n");
    }
    let path = folder.write("annotations.jsonl", lines);
    assert_eq!(format_of(&path), Format::RealWorldQa);
    check(&read(&path));
}

#[test]
fn parquet() {
    let folder = Folder::new();
    let path = folder.parquet(
        "test.parquet",
        vec![
            ("image", images(&[1, 2, 3].map(|shade| Some((Some(png(shade)), None))))),
            ("question", texts(&[CHOICE, WORD, NUMBER].map(Some))),
            ("answer", texts(&["B", "No", "3"].map(Some))),
        ],
    );
    assert_eq!(format_of(&path), Format::RealWorldQa);
    check(&read(&path));
}

#[test]
fn tsv() {
    let folder = Folder::new();
    let rows = [(CHOICE, "B"), (WORD, "No"), (NUMBER, "3")];
    let rows = (1..)
        .zip(rows)
        .map(|(n, (question, answer))| format!("{n}\t{}\t\"{question}\"\t{answer}\n", picture(n)));
    let path = folder
        .write("RealWorldQA.tsv", format!("index\timage\tquestion\tanswer\n{}", rows.collect::<String>()));
    check(&read(&path));
}
