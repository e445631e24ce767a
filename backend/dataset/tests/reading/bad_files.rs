//! Files that cannot be used: what is said about them, and what is skipped.

use crate::written::{Folder, error, picture, png, read, skipping, try_read};
use flipside_dataset::{Dataset, DatasetError, Format, ReadOptions};
use flipside_shared::image_file::DecodeLimits;

#[test]
fn nothing_to_read() {
    let folder = Folder::new();
    let absent = error(&folder.path().join("absent.tsv"));
    assert!(absent.contains("absent.tsv") && absent.contains("check the path"), "{absent}");
    for (name, text) in [
        ("a.tsv", ""),
        ("b.tsv", "index\timage\tquestion\n"),
        ("c.jsonl", "\n\n"),
        ("d.json", "[]"),
        ("e.json", "{\"questions\": []}"),
        ("f.json", " "),
    ] {
        let path = folder.write(name, text);
        let error = try_read(&path, &ReadOptions::default()).unwrap_err();
        let nothing = matches!(error, DatasetError::Empty { .. });
        assert!(nothing && error.to_string().contains(name), "{name}: {error}");
    }
}

#[test]
fn an_unknown_format_can_be_named() {
    let folder = Folder::new();
    for (name, text, seen) in [
        ("a.csv", "index,image\n1,2\n", "neither TSV, JSON nor Parquet"),
        ("a.tsv", "number\tpicture\n1\t2\n", "[number, picture]"),
        ("a.jsonl", "{\"x\": 1}\n", "[x]"),
    ] {
        let error = error(&folder.write(name, text));
        assert!(error.contains(name) && error.contains(seen) && error.contains("--format"), "{error}");
        assert!(error.contains("seed-bench"), "{error}");
    }
    // Named, it is read as such: the file has another ending here, and columns that fit two formats.
    let path = folder.write("b.tsv", format!("index\timage\tquestion\tanswer\n1\t{}\tq\tyes\n", picture(1)));
    let options = ReadOptions { format: Some(Format::RealWorldQa), ..ReadOptions::default() };
    assert_eq!(Dataset::open(&path, &options).unwrap().format(), Some(Format::RealWorldQa));
    let options = ReadOptions { format: Some(Format::Mmmu), ..ReadOptions::default() };
    let error = try_read(&path, &options).unwrap_err().to_string();
    assert!(error.contains("no column id, options, image_1, which mmmu needs"), "{error}");
    assert!("coco".parse::<Format>().unwrap_err().to_string().contains("vlmevalkit"));
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(format));
    }
}

#[test]
fn bad_rows_are_named_and_skipped_when_told_so() {
    let folder = Folder::new();
    let image = picture(1);
    let mut table = format!("index\timage\tquestion\tA\tB\tanswer\n1\t{image}\tgood\tx\ty\tA\n").into_bytes();
    let bad: [(&str, &str); 6] = [
        (
            "2\t1\tno such answer\tx\ty\tC\n",
            "line 3, column answer: the answer \"C\" is none of the options A. x; B. y",
        ),
        ("1\t1\ttwice\tx\ty\tA\n", "line 4: the index 1 was already used"),
        ("3\t1\ttoo\tfew\n", "line 5: the row has 4 fields where the header has 6"),
        ("4\t77\tdangling\tx\ty\tA\n", "line 6, column image: \"77\""),
        ("\t1\tno index\tx\ty\tA\n", "line 7, column index"),
        (
            "6\t@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\tq\tx\ty\tA\n",
            "line 8, column image",
        ),
    ];
    bad.iter().for_each(|(row, _)| table.extend(row.as_bytes()));
    table.extend(b"7\t1\tnot \xff UTF-8\tx\ty\tA\n8\t1\tgood\tx\ty\tB\n");
    let path = folder.write("a.tsv", &table);
    let first = error(&path);
    assert!(first.contains(bad[0].1) && first.contains("skip bad rows"), "{first}");

    let mut set = Dataset::open(&path, &skipping()).unwrap();
    let ids: Vec<String> = set.by_ref().map(|sample| sample.unwrap().id).collect();
    assert_eq!(ids, ["1", "8"]);
    let report = set.report();
    assert_eq!((report.samples, report.skipped.len()), (2, 7));
    let named = bad.map(|(_, named)| named).into_iter().chain(["line 9, column question: this is not UTF-8"]);
    for (skipped, named) in report.skipped.iter().zip(named) {
        assert!(skipped.reason.contains(named), "{} lacks {named}", skipped.reason);
    }
}

#[test]
fn a_file_of_bad_rows_alone_is_an_error_even_when_skipping() {
    let folder = Folder::new();
    let path = folder.write("a.jsonl", "{\"image\": \"a\", \"question\": \"q\"}\nx\ny\n");
    let options = ReadOptions { format: Some(Format::Pope), ..skipping() };
    let error = try_read(&path, &options).unwrap_err().to_string();
    assert!(error.contains("no column"), "{error}");
    let path = folder.write("b.jsonl", "x\ny\n");
    let error = try_read(&path, &options).unwrap_err();
    assert!(matches!(error, DatasetError::NothingUsable { skipped: 2, .. }), "{error}");
}

#[test]
fn images_are_checked_when_they_are_decoded() {
    let folder = Folder::new();
    let damaged = crate::written::base64(&png(1)[..png(1).len() - 20]);
    let path = folder.write(
        "a.tsv",
        format!("index\timage\timage_path\tquestion\n1\t{damaged}\t\tq\n2\t\tabsent.png\tq\n"),
    );
    let samples = read(&path);
    let error = |index: usize| samples[index].decode_image(0, DecodeLimits::default()).unwrap_err();
    let cut = error(0).to_string();
    assert!(cut.contains("a.tsv, line 2: image 1 does not decode: the PNG file is cut short"), "{cut}");
    let absent = error(1).to_string();
    assert!(absent.contains("line 3") && absent.contains("absent.png"), "{absent}");
    assert!(error(0).is_of_one_row() && error(1).is_of_one_row());
    assert!(
        samples[0].decode_image(1, DecodeLimits::default()).unwrap_err().to_string().contains("no image 2")
    );
}

#[test]
fn damaged_documents_and_tables() {
    let folder = Folder::new();
    let open_quote = folder.write("a.tsv", "index\timage\tquestion\n1\t\tq\n2\t\t\"never closed\n3\t\tq\n");
    let found = error(&open_quote);
    assert!(found.contains("a.tsv, line 3: the file ends in the middle of this row"), "{found}");
    // HR-Bench has its images last.
    let image = &picture(1)[..101];
    for (end, said) in
        [("", "line 3: the file ends in the middle"), ("\n", "line 3, column image: the image is not base64")]
    {
        let table = format!("index\tquestion\timage\n1\tq\t{}\n2\tq\t{image}{end}", picture(1));
        let found = error(&folder.write("b.tsv", table));
        assert!(found.contains(said), "{found}");
    }
    let json = folder.write("a.json", "[{\"gt_answer\": 1,\n");
    let found = error(&json);
    assert!(found.contains("a.json, line 2: the file ends in the middle"), "{found}");
    let parquet = folder.write("a.parquet", "PAR1 but no more");
    let found = error(&parquet);
    assert!(found.contains("a.parquet: the Parquet file cannot be read"), "{found}");
}
