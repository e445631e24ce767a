//! Parts of files: the first, a sample, shards.

use crate::written::{Folder, error, picture, skipping, try_read};
use flipside_dataset::{Dataset, ReadOptions, SeededSample, Selection};

fn table(folder: &Folder) -> std::path::PathBuf {
    let rows: String = (0..20)
        .map(|row| format!("{row}\t{}\tq\n", if row == 0 { picture(1) } else { "0".into() }))
        .collect();
    folder.write("a.tsv", format!("index\timage\tquestion\n{rows}"))
}

fn ids(path: &std::path::Path, selection: Selection) -> Vec<u32> {
    let samples = try_read(path, &ReadOptions { selection, ..ReadOptions::default() }).unwrap();
    samples.iter().map(|sample| sample.id.parse().unwrap()).collect()
}

#[test]
fn shards_of_a_sample_merge_to_it() {
    let folder = Folder::new();
    let path = table(&folder);
    let sample = Some(SeededSample { count: 7, seed: 4 });
    let whole = Selection { limit: Some(15), sample, shard: None };
    let drawn = ids(&path, whole);
    assert_eq!(drawn.len(), 7);
    assert!(drawn.is_sorted() && drawn.iter().all(|id| *id < 15));
    let mut merged: Vec<u32> = ["1/3", "2/3", "3/3"]
        .iter()
        .flat_map(|shard| ids(&path, Selection { shard: Some(shard.parse().unwrap()), ..whole }))
        .collect();
    merged.sort_unstable();
    assert_eq!(merged, drawn);
    assert_eq!(ids(&path, Selection { limit: Some(3), ..Selection::default() }), [0, 1, 2]);
    assert_eq!(Dataset::count(&path, &ReadOptions::default()).unwrap(), 20);
}

#[test]
fn rows_that_nobody_wants_are_not_judged() {
    let folder = Folder::new();
    let path = folder.write(
        "a.jsonl",
        "{\"id\": 1, \"question\": \"q\", \"answer\": \"a\", \"image\": \"a.png\"}\nnot json\n",
    );
    assert_eq!(ids(&path, Selection { limit: Some(1), ..Selection::default() }), [1]);
    assert!(error(&path).contains("line 2"));
    let mut set = Dataset::open(&path, &skipping()).unwrap();
    assert_eq!(set.by_ref().filter_map(Result::ok).count(), 1);
    assert_eq!(set.report().skipped.len(), 1);
    // A part without any rows is no fault.
    assert_eq!(ids(&path, Selection { limit: Some(0), ..Selection::default() }), [0; 0]);
}
