//! Bytes that must not change from one version to the next: pictures, scenes, questions, recipe hashes, charts.

use flipside_tests::source::root;

/// Set to write the file anew after a change that is meant.
const BLESS: &str = "FLIPSIDE_BLESS";

#[test]
fn every_case_has_the_bytes_of_the_golden_file() {
    let path = root().join("tests/golden/same_bytes.txt");
    let now = flipside_same_bytes::lines();
    if std::env::var_os(BLESS).is_some() {
        std::fs::write(&path, &now).expect("the golden file can be written");
        panic!("{} is written anew; look at the change, and run again without {BLESS}", path.display());
    }
    let golden = std::fs::read_to_string(&path).expect("the golden file is in the repository");
    let changed: Vec<&str> = now.lines().filter(|line| !golden.lines().any(|known| known == *line)).collect();
    assert!(
        golden == now,
        "these bytes have changed, and with them what old links show (set {BLESS} if that is meant): {changed:#?}"
    );
}
