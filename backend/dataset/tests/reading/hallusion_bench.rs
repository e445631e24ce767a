//! `HallusionBench.json`.

use crate::written::{Folder, categories, error, format_of, png, read, shades};
use flipside_dataset::{Format, Regime, Scoring};
use serde_json::{Value, json};

fn entry(visual_input: &str, figure_id: &str, answer: &str, filename: Value) -> Value {
    json!({
        "category": "VS", "subcategory": "chart", "visual_input": visual_input, "set_id": "3",
        "figure_id": figure_id, "sample_note": "", "question_id": "1", "question": "Is it?",
        "gt_answer_details": "", "gt_answer": answer, "filename": filename,
    })
}

#[test]
fn figures_with_and_without_pictures() {
    let folder = Folder::new();
    folder.write("VS/chart/3_1.png", png(31));
    let list = json!([entry("0", "0", "1", Value::Null), entry("1", "1", "0", "./VS/chart/3_1.png".into())]);
    let path = folder.write("HallusionBench.json", list.to_string());
    assert_eq!(format_of(&path), Format::HallusionBench);
    let [unseen, seen] = &read(&path)[..] else { panic!() };
    assert_eq!((unseen.images.len(), unseen.right_option()), (0, Some(0)));
    assert_eq!(unseen.id, "VS_chart_0_3_0_1");
    assert_eq!((shades(seen), seen.right_option(), seen.regime), (vec![31], Some(1), Regime::Pope));
    assert_eq!(categories(seen, "subcategory"), ["chart"]);
    let scoring = Scoring::Figures {
        category: "VS".to_owned(),
        subcategory: "chart".to_owned(),
        visual_input: 1,
        set_id: 3,
        figure_id: 1,
        question_id: 1,
    };
    assert_eq!(seen.scoring, scoring);
}

#[test]
fn what_is_wrong_is_named() {
    for (entry, named) in [
        (entry("1", "0", "1", Value::Null), "column filename"),
        (entry("1", "0", "2", "a.png".into()), "column gt_answer"),
        (entry("1", "x", "1", "a.png".into()), "column figure_id: \"x\" is not a whole number"),
        (entry("1", "0", "1", "../../etc/a.png".into()), "leads out of"),
    ] {
        let folder = Folder::new();
        let path = folder.write("HallusionBench.json", json!([entry]).to_string());
        let error = error(&path);
        assert!(error.contains("entry 1") && error.contains(named), "{error}");
    }
}
