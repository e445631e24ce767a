//! Our own files: what is written is what is read.

use crate::written::{Folder, error, format_of, png, read, shades};
use flipside_dataset::{
    Answer, Format, ImageSource, Place, Regime, RowNumber, Sample, SampleImage, ScenePicture, Scoring,
    TargetBox, World, Writer,
};
use proptest::prelude::*;
use std::path::Path;
use std::sync::Arc;

fn write(path: &Path, samples: &[Sample]) {
    let mut writer = Writer::create(path).unwrap();
    for sample in samples {
        writer.write(sample).unwrap();
    }
    assert!(!path.exists(), "nothing is there before it is whole");
    writer.finish().unwrap();
}

fn image() -> impl Strategy<Value = SampleImage> {
    let source = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..60).prop_map(|bytes| ImageSource::Encoded(Arc::new(bytes))),
        (any::<u64>(), 1u32..64)
            .prop_map(|(seed, size_px)| ImageSource::Scene(ScenePicture { seed, size_px })),
    ];
    (source, proptest::option::of(".{0,8}"), proptest::option::of(any::<u32>()))
        .prop_map(|(source, stated_key, number)| SampleImage { source, stated_key, number })
}

fn scoring() -> impl Strategy<Value = Scoring> {
    prop_oneof![
        Just(Scoring::Accuracy),
        Just(Scoring::YesNo),
        ".*".prop_map(|cycle| Scoring::Cycles { cycle }),
        (".*", ".*", any::<[u32; 4]>()).prop_map(|(category, subcategory, [a, b, c, d])| Scoring::Figures {
            category,
            subcategory,
            visual_input: a,
            set_id: b,
            figure_id: c,
            question_id: d
        }),
    ]
}

prop_compose! {
    fn target_box()(object in ".*", sides: [i64; 4], scale in 1e-9f64..1e9) -> TargetBox {
        let [x_px, y_px, width_px, height_px] = sides.map(|side| side as f64 * scale);
        TargetBox { object, x_px, y_px, width_px, height_px }
    }
}

prop_compose! {
    fn sample()(
        texts in (".*", ".*", proptest::option::of(".*"), proptest::option::of(".*")),
        options in proptest::collection::vec(".*", 0..5),
        answer in prop_oneof![
            Just(None),
            (0usize..5).prop_map(|index| Some(Answer::Option(index))),
            proptest::collection::vec(".*", 0..3).prop_map(|texts| Some(Answer::Open(texts))),
        ],
        images in proptest::collection::vec(image(), 0..3),
        categories in proptest::collection::btree_map(".{0,6}", proptest::collection::vec(".{0,6}", 0..3), 0..3),
        boxes in proptest::collection::vec(target_box(), 0..3),
        scoring in scoring(),
        regime in prop_oneof![Just(Regime::Mcq), Just(Regime::Pope), Just(Regime::Plain)],
    ) -> Sample {
        let (id, question, hint, split) = texts;
        let answer = answer.filter(|answer| !matches!(answer, Answer::Option(index) if *index >= options.len()));
        let place = Place { file: Path::new("").into(), row: RowNumber::Whole };
        Sample { id, place, images, question, hint, options, answer, categories, boxes, scoring, split, regime }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_written_is_read(mut samples in proptest::collection::vec(sample(), 1..12)) {
        let folder = Folder::new();
        for (number, sample) in samples.iter_mut().enumerate() {
            sample.id = format!("{number}{}", sample.id);
        }
        for name in ["a.jsonl", "a.parquet"] {
            let path = folder.path().join(name);
            write(&path, &samples);
            prop_assert_eq!(format_of(&path), Format::Flipside);
            let mut found = read(&path);
            for sample in &mut found {
                sample.place = samples[0].place.clone();
            }
            prop_assert_eq!(&found, &samples);
        }
    }
}

#[test]
fn files_go_in_whole_and_keep_their_key() {
    let folder = Folder::new();
    folder.write("pics/a.png", png(6));
    let hand = folder.write(
        "hand.jsonl",
        r#"{"flipside": 1, "id": "x", "question": "q", "options": ["a", "b"], "answer": 1, "images": [{"path": "pics/a.png"}]}"#,
    );
    let samples = read(&hand);
    assert_eq!((samples[0].right_option(), samples[0].regime), (Some(1), Regime::Mcq));
    for name in ["out/b.parquet", "out/b.jsonl"] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, &samples);
        let found = read(&path);
        assert_eq!(shades(&found[0]), [6]);
        assert_eq!(found[0].image_cluster().as_deref(), Some("file:pics/a.png"));
    }
}

#[test]
fn scenes_are_written_as_seeds() {
    let folder = Folder::new();
    let path = folder.path().join("world.jsonl");
    let world = World { count: 2, seed: 5, size_px: 64 };
    let samples: Vec<Sample> =
        flipside_dataset::Dataset::world(world, Default::default()).map(Result::unwrap).collect();
    write(&path, &samples);
    let found = read(&path);
    assert_eq!(found.len(), samples.len());
    assert_eq!(found[0].scene_seed(), samples[0].scene_seed());
    assert_eq!(shades(&found[0]), shades(&samples[0]));
    assert!(std::fs::metadata(&path).unwrap().len() < 10_000);
}

#[test]
fn a_later_version_and_unknown_fields_are_refused() {
    let line = |more: &str| format!(r#"{{"id": "x", "question": "q", "images": [], {more}}}"#);
    for (more, named) in [
        (r#""flipside": 2"#, "version 2"),
        (r#""flipside": 1, "colour": 3"#, "colour"),
        (r#""flipside": 1, "options": ["a"], "answer": 1"#, "none of the options"),
        (r#""flipside": 1, "images": [{}]"#, "neither data, path nor scene"),
    ] {
        let folder = Folder::new();
        let path = folder.write("a.jsonl", line(more));
        let error = error(&path);
        assert!(error.contains("a.jsonl, line 1") && error.contains(named), "{error}");
    }
}

#[test]
fn lines_longer_than_what_tells_the_kind_of_a_file() {
    let folder = Folder::new();
    let image = crate::written::base64(&vec![7; 100_000]);
    let line = |id: u32| {
        format!(r#"{{"flipside": 1, "id": "{id}", "question": "q", "images": [{{"data": "{image}"}}]}}"#)
    };
    for (name, text) in [("one.json", line(1)), ("two.json", format!("{}\n{}\n", line(1), line(2)))] {
        let path = folder.write(name, text);
        assert_eq!(format_of(&path), Format::Flipside);
        assert!(
            matches!(&read(&path)[0].images[0].source, ImageSource::Encoded(bytes) if bytes.len() == 100_000)
        );
    }
}
