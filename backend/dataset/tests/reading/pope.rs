//! POPE as JSON lines and Parquet.

use crate::written::{Folder, categories, error, format_of, images, png, read, shades, texts};
use flipside_dataset::{Format, Regime, Scoring};

#[test]
fn json_lines() {
    let folder = Folder::new();
    folder.write("COCO_val2014_000000000042.jpg", png(42));
    folder.write("x.png", png(7));
    // The files are called .json and hold lines; an empty line means nothing.
    let path = folder.write(
        "coco_pope_adversarial.json",
        "{\"question_id\": 1, \"image\": \"x.png\", \"text\": \"Is there a dog?\", \"label\": \"no\"}\n\n\
         {\"question_id\": 2, \"image_id\": 42, \"text\": \"Is there a cat?\", \"label\": \"yes\"}\n",
    );
    assert_eq!(format_of(&path), Format::Pope);
    let [no, yes] = &read(&path)[..] else { panic!() };
    assert_eq!((no.id.as_str(), no.question.as_str()), ("1", "Is there a dog?"));
    assert_eq!((no.options.join("|").as_str(), no.right_option(), shades(no)), ("Yes|No", Some(1), vec![7]));
    assert_eq!((yes.right_option(), shades(yes)), (Some(0), vec![42]));
    assert_eq!(categories(yes, "category"), ["adversarial"]);
    assert_eq!((&yes.scoring, yes.regime), (&Scoring::YesNo, Regime::Pope));
    assert_eq!(yes.place.to_string(), format!("{}, line 3", path.display()));
}

#[test]
fn one_line_is_enough() {
    let folder = Folder::new();
    let path = folder.write("a.json", r#"{"question_id": 1, "image": "x.png", "text": "q", "label": "no"}"#);
    assert_eq!(format_of(&path), Format::Pope);
    assert_eq!(read(&path).len(), 1);
}

#[test]
fn parquet() {
    let folder = Folder::new();
    folder.write("COCO_2.jpg", png(2));
    let path = folder.parquet(
        "test.parquet",
        vec![
            ("id", texts(&[Some("0"), Some("3000"), Some("3001")])),
            ("question_id", texts(&[Some("1"), Some("1"), Some("2")])),
            ("question", texts(&[Some("Is there a dog?"); 3])),
            ("answer", texts(&[Some("no"), Some("yes"), Some("no")])),
            ("image_source", texts(&[Some("COCO_1"), Some("COCO_2"), Some("COCO_1")])),
            ("image", images(&[Some((Some(png(1)), None)), None, Some((Some(png(1)), Some("COCO_1.jpg")))])),
            ("category", texts(&[Some("adversarial"), Some("popular"), Some("popular, random")])),
        ],
    );
    assert_eq!(format_of(&path), Format::Pope);
    let [first, file, third] = &read(&path)[..] else { panic!() };
    assert_eq!((first.id.as_str(), first.right_option(), shades(first)), ("0", Some(1), vec![1]));
    assert_eq!((file.id.as_str(), file.right_option(), shades(file)), ("3000", Some(0), vec![2]));
    assert_eq!(categories(third, "category"), ["popular", "random"]);
    assert_eq!(first.image_cluster(), third.image_cluster());
    assert_eq!(third.place.to_string(), format!("{}, row group 1, row 0", path.display()));
}

#[test]
fn only_yes_and_no_are_answers() {
    let folder = Folder::new();
    let path =
        folder.write("a.jsonl", r#"{"question_id": 1, "image": "x.png", "text": "q", "label": "maybe"}"#);
    let error = error(&path);
    assert!(error.contains("a.jsonl, line 1, column label") && error.contains("\"maybe\""), "{error}");
}
