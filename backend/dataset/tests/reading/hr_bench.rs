//! HR-Bench as TSV and Parquet.

use crate::written::{Folder, categories, error, format_of, picture, read, shades, texts};
use arrow_array::Int64Array;
use flipside_dataset::{Format, Scoring};
use std::sync::Arc;

#[test]
fn cycles_of_one_question() {
    let (folder, image) = (Folder::new(), picture(8));
    let table = format!(
        "index\tquestion\tanswer\tcategory\tA\tB\tC\tD\tcycle_category\timage\n\
         0\tWhere?\tA\tsingle\tup\tdown\tNone\there\t0\t{image}\n\
         1\tWhere?\tB\tsingle\there\tup\tdown\tNone\t1\t0\n"
    );
    let tsv = folder.write("hr_bench_4k.tsv", table);
    let column = |values: [&str; 2]| texts(&values.map(Some));
    let parquet = folder.parquet(
        "hr_bench_4k.parquet",
        vec![
            ("index", Arc::new(Int64Array::from(vec![0, 1]))),
            ("question", column(["Where?"; 2])),
            ("answer", column(["A", "B"])),
            ("category", column(["single"; 2])),
            ("A", column(["up", "here"])),
            ("B", column(["down", "up"])),
            ("C", column(["None", "down"])),
            ("D", column(["here", "None"])),
            ("cycle_category", column(["0", "1"])),
            ("image", column([&image, &image])),
        ],
    );
    for path in [tsv, parquet] {
        assert_eq!(format_of(&path), Format::HrBench);
        let [first, second] = &read(&path)[..] else { panic!() };
        assert_eq!((first.id.as_str(), second.id.as_str()), ("0", "1"));
        assert_eq!((first.right_option(), second.right_option()), (Some(0), Some(1)));
        assert_eq!(second.options, ["here", "up", "down", "None"]);
        assert_eq!(second.scoring, Scoring::Cycles { cycle: "1".to_owned() });
        assert_eq!(categories(second, "category"), ["single"]);
        assert_eq!((shades(second), first.image_cluster()), (vec![8], second.image_cluster()));
    }
}

#[test]
fn a_column_of_the_format_is_missed() {
    let folder = Folder::new();
    let path = folder.write("a.tsv", "index\tquestion\tA\tcycle_category\n0\tq\tx\t0\n");
    let error = error(&path);
    assert!(error.contains("no column image, which hr-bench needs"), "{error}");
}
