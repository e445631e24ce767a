//! Parts of files: the first, a sample, shards.

use crate::written::{Folder, error, picture, skipping, try_read};
use flipside_dataset::{Dataset, ReadOptions, SeededSample, Selection, World};

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
    let whole = Selection { limit: Some(15), sample, ..Selection::default() };
    let drawn = ids(&path, whole);
    assert_eq!(drawn.len(), 7);
    assert!(drawn.is_sorted() && drawn.iter().all(|id| *id < 15));
    let mut merged: Vec<u32> = ["1/3", "2/3", "3/3"]
        .iter()
        .flat_map(|shard| ids(&path, Selection { shard: shard.parse().unwrap(), ..whole }))
        .collect();
    merged.sort_unstable();
    assert_eq!(merged, drawn);
    assert_eq!(ids(&path, Selection { limit: Some(3), ..Selection::default() }), [0, 1, 2]);
}

/// What is left to do can be told before everything is read.
#[test]
fn how_many_there_will_be_is_judged_by_what_is_read() {
    let folder = Folder::new();
    let path = table(&folder);
    let open =
        |selection| Dataset::open(&path, &ReadOptions { selection, ..ReadOptions::default() }).unwrap();
    let mut set = open(Selection::default());
    assert_eq!(set.expected(), None);
    set.nth(17).unwrap().unwrap();
    assert!(set.expected().unwrap().abs_diff(20) <= 2, "{:?}", set.expected());
    set.by_ref().for_each(drop);
    assert_eq!(set.expected(), Some(20));
    let drawn = Selection { sample: Some(SeededSample { count: 7, seed: 4 }), ..Selection::default() };
    assert_eq!(open(drawn).expected(), Some(7));

    let line = |id: u32| {
        format!("{{\"question_id\": {id}, \"image\": \"a.png\", \"text\": \"q\", \"label\": \"yes\"}}\n")
    };
    let lines = folder.write("a.jsonl", (0..20).map(line).collect::<String>());
    let mut set = Dataset::open(&lines, &ReadOptions::default()).unwrap();
    set.nth(9).unwrap().unwrap();
    assert!(set.expected().unwrap().abs_diff(20) <= 2, "{:?}", set.expected());

    let mut world = Dataset::world(World { count: 12, seed: 1, size_px: 32 }, Selection::default());
    world.next().unwrap().unwrap();
    let early = world.expected().unwrap();
    let whole = world.by_ref().count() as u64 + 1;
    assert!(early.abs_diff(whole) < whole / 2, "{early} of {whole}");
    assert_eq!(world.expected(), Some(whole));
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
