//! `SEED-Bench.json`.

use crate::written::{Folder, categories, format_of, png, read, shades};
use flipside_dataset::{Dataset, Format, ReadOptions};
use serde_json::json;

#[test]
fn images_are_asked_about_and_videos_left_out() {
    let folder = Folder::new();
    // The images have no ending in some copies and one in others.
    folder.write("images/454213_29", png(1));
    folder.write("images/454214_30.png", png(2));
    let question = |id: &str, data: &str, kind: &str, answer: &str| {
        json!({
            "answer": answer, "choice_a": "One", "choice_b": "None", "choice_c": "3", "choice_d": "4",
            "data_id": data, "data_type": kind, "question": "How many?", "question_id": id,
            "question_type_id": 5, "segment": [0, 1],
        })
    };
    let document = json!({
        "question_type": { "Scene Understanding": 1, "Instances Counting": 5 },
        "questions": [
            question("101", "454213_29", "image", "B"),
            question("102", "clip.mp4", "video", "A"),
            question("103", "454214_30", "image", "D"),
        ],
    });
    for text in [document.to_string(), serde_json::to_string_pretty(&document).unwrap()] {
        let path = folder.write("SEED-Bench.json", text);
        assert_eq!(format_of(&path), Format::SeedBench);
        let root = folder.path().join("images");
        let options = ReadOptions { image_root: Some(root), ..ReadOptions::default() };
        let mut set = Dataset::open(&path, &options).unwrap();
        let samples: Vec<_> = set.by_ref().collect::<Result<_, _>>().unwrap();
        assert_eq!(set.report().set_aside, Some(("questions about videos", 1)));
        let [first, second] = &samples[..] else { panic!() };
        assert_eq!((first.id.as_str(), first.right_option(), shades(first)), ("101", Some(1), vec![1]));
        assert_eq!(first.options, ["One", "None", "3", "4"]);
        assert_eq!(categories(first, "category"), ["Instances Counting"]);
        assert_eq!((second.right_option(), shades(second)), (Some(3), vec![2]));
        assert_eq!(second.place.to_string(), format!("{}, entry 3", path.display()));
    }
    assert_eq!(read(&folder.path().join("SEED-Bench.json")).len(), 2);
}
