//! Files cut off after every byte: never a panic, and no row before the cut is lost or changed.

use crate::written::{Folder, images, picture, png, skipping, texts, try_read};
use flipside_dataset::{ReadOptions, Sample};
use flipside_shared::image_file::DecodeLimits;
use serde_json::json;
use std::path::Path;

/// Reads every beginning of a file; `whole_rows` at least have to come back when rows stand on their own.
fn cut_everywhere(path: &Path, stands_alone: bool) {
    let bytes = std::fs::read(path).unwrap();
    let all = try_read(path, &ReadOptions::default()).unwrap();
    for length in 0..bytes.len() {
        std::fs::write(path, &bytes[..length]).unwrap();
        let strict = try_read(path, &ReadOptions::default());
        let lenient = try_read(path, &skipping());
        if !stands_alone {
            // Cut before its end, such a file is nothing; white space at its end does not matter.
            let whole = bytes[length..].iter().all(u8::is_ascii_whitespace);
            assert_eq!(strict.is_ok(), whole, "{length}");
            continue;
        }
        let Ok(samples) = lenient else { continue };
        let known = samples.len().saturating_sub(1);
        assert_eq!(samples[..known], all[..known], "{length}");
        samples.iter().for_each(look);
    }
    std::fs::write(path, &bytes).unwrap();
}

/// Decodes what there is; whether that works is not the question.
fn look(sample: &Sample) {
    for index in 0..sample.images.len() {
        let decoded = sample.decode_image(index, DecodeLimits::default());
        assert!(decoded.is_ok() || decoded.is_err_and(|error| error.is_of_one_row()));
    }
}

#[test]
fn tables() {
    let (folder, image) = (Folder::new(), picture(1));
    let table = format!(
        "index\tquestion\tA\tB\tanswer\tcycle_category\timage\n1\t\"q \"\"1\"\"\nmore\"\tä\ty\tA\t0\t{image}\n\
         2\tq\tx\ty\tB\t1\t3\n3\tq\tx\ty\tB\t1\t['{image}', '{image}']\n"
    );
    cut_everywhere(&folder.write("a.tsv", table), true);
}

#[test]
fn lines() {
    let folder = Folder::new();
    let line = |id: u32| {
        format!("{}\n", json!({ "question_id": id, "image": "ä.png", "text": "q", "label": "yes" }))
    };
    cut_everywhere(&folder.write("a.jsonl", line(1) + &line(2)), true);
    cut_everywhere(&folder.write("a.json", line(1) + &line(2)), true);
    let own = |id: &str| {
        let image = picture(1);
        format!("{}\n", json!({ "flipside": 1, "id": id, "question": "q", "images": [{ "data": image }] }))
    };
    cut_everywhere(&folder.write("own.jsonl", own("a") + &own("b")), true);
}

#[test]
fn documents() {
    let folder = Folder::new();
    let entry = json!({
        "category": "VD", "subcategory": "ocr", "visual_input": "0", "set_id": "1", "figure_id": "0",
        "question_id": "0", "question": "q", "gt_answer": "1", "filename": null,
    });
    cut_everywhere(&folder.write("HallusionBench.json", format!("{}\n", json!([entry]))), false);
}

#[test]
fn parquet_tables() {
    let folder = Folder::new();
    let path = folder.parquet(
        "a.parquet",
        vec![
            ("image", images(&[Some((Some(png(1)), None)), Some((Some(png(2)), None))])),
            ("question", texts(&[Some("q"), Some("r")])),
            ("answer", texts(&[Some("yes"), Some("no")])),
        ],
    );
    cut_everywhere(&path, false);
}
