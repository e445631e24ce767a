//! The folders of V*.

use crate::written::{Folder, categories, error, format_of, png, read, shades};
use flipside_dataset::{Format, Regime};

const QUESTION: &str = r#"{"target_object": ["dog", "cat"], "bbox": [[1, 2, 30.5, 4], [5, 6, 7, 8]],
    "question": "What color?", "options": ["red", "None"]}"#;

#[test]
fn questions_lie_beside_their_images() {
    let folder = Folder::new();
    for (name, shade) in
        [("relative_position/a", 3), ("direct_attributes/sa_2", 2), ("direct_attributes/sa_1", 1)]
    {
        folder.write(&format!("{name}.json"), QUESTION);
        folder.write(&format!("{name}.jpg"), png(shade));
    }
    folder.write("OCR/0.json", r#"{"question": "What is written?", "options": ["a", "b", "c"]}"#);
    folder.write("OCR/0.png", png(4));
    folder.write("README.md", "not a question");
    assert_eq!(format_of(folder.path()), Format::VStar);
    let samples = read(folder.path());
    let ids: Vec<&str> = samples.iter().map(|sample| sample.id.as_str()).collect();
    assert_eq!(ids, ["direct_attributes/sa_1", "direct_attributes/sa_2", "relative_position/a", "OCR/0"]);
    let first = &samples[0];
    assert_eq!((shades(first), first.right_option(), first.regime), (vec![1], Some(0), Regime::Plain));
    assert_eq!(categories(first, "category"), ["direct_attributes"]);
    assert_eq!((first.boxes.len(), first.boxes[0].object.as_str()), (2, "dog"));
    let dog = &first.boxes[0];
    assert_eq!((dog.x_px, dog.y_px, dog.width_px, dog.height_px), (1.0, 2.0, 30.5, 4.0));
    assert_eq!((samples[3].boxes.len(), samples[3].options.len()), (0, 3));
    // One of the folders is a data set too.
    assert_eq!(read(&folder.path().join("direct_attributes")).len(), 2);
}

#[test]
fn boxes_and_images_must_be_there() {
    for (json, image, named) in [
        (QUESTION, "b.jpg", "no image of the same name"),
        (
            r#"{"target_object": ["dog"], "bbox": [[1, 2, 3]], "question": "q", "options": ["a", "b"]}"#,
            "a.jpg",
            "bbox",
        ),
        (
            r#"{"target_object": [], "bbox": [[1, 2, 3, 4]], "question": "q", "options": ["a", "b"]}"#,
            "a.jpg",
            "bbox",
        ),
        (r#"{"question": "q", "options": ["a"]}"#, "a.jpg", "column options"),
        (r#"{"question": "q", "#, "a.jpg", "middle"),
    ] {
        let folder = Folder::new();
        folder.write("OCR/a.json", json);
        folder.write(&format!("OCR/{image}"), png(1));
        let error = error(folder.path());
        assert!(error.contains("OCR/a.json") && error.contains(named), "{error}");
    }
}
