//! Reading a VLMEvalKit table: bytes of the file per second, with and without decoding its images from base64.
//!
//! `cargo bench -p flipside-dataset`; the size in megabytes is in `TSV_MB`, 100 by default.
#![allow(missing_docs, clippy::expect_used)]

use base64::Engine as _;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use flipside_dataset::{Dataset, ReadOptions, Selection};
use flipside_shared::{rng::Rng, shard::Shard};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Bytes of an image: about that of a photograph in MMBench or SEED-Bench.
const IMAGE_BYTES: usize = 120_000;

fn main() {
    divan::main();
}

fn megabytes() -> u64 {
    std::env::var("TSV_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

/// Writes a table of about this size, every fourth row of which refers to the one before it.
fn write_table(path: &Path, megabytes: u64) -> std::io::Result<u64> {
    let mut rng = Rng::new(1, 0);
    let image: Vec<u8> = (0..IMAGE_BYTES).map(|_| rng.u32() as u8).collect();
    let image = base64::engine::general_purpose::STANDARD.encode(image);
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    writeln!(out, "index\timage\tquestion\tA\tB\tC\tD\tanswer\tcategory")?;
    for row in 0..megabytes * 1_000_000 / image.len() as u64 * 4 / 3 {
        let reference = (row - row.min(1)).to_string();
        let field = if row % 4 == 3 { &reference } else { &image };
        writeln!(out, "{row}\t{field}\t\"What is\nit?\"\tcat\tNone\tdog\tcow\tB\tanimals")?;
    }
    out.flush()?;
    Ok(std::fs::metadata(path)?.len())
}

fn with_table(bencher: Bencher, mut read: impl FnMut(&Path) -> u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("table.tsv");
    let length = write_table(&path, megabytes()).expect("space for the table");
    bencher.counter(BytesCount::new(length)).bench_local(|| black_box(read(&path)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn samples(bencher: Bencher) {
    with_table(bencher, |path| {
        let set = Dataset::open(path, &ReadOptions::default()).expect("a table");
        set.map(|sample| sample.expect("a good row").options.len() as u64).sum()
    });
}

/// What it takes to pass over rows: all but the first are in other shards.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn pass(bencher: Bencher) {
    with_table(bencher, |path| {
        let selection = Selection { shard: Shard { number: 1, of: u64::MAX }, ..Selection::default() };
        let options = ReadOptions { selection, ..ReadOptions::default() };
        Dataset::open(path, &options).expect("a table").count() as u64
    });
}
