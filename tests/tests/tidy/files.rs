//! What every file looks like.

use flipside_tests::source::{SourceFile, files};

/// Longer than this needs a reason in [`LONG`].
const LONGEST: usize = 400;

/// Files that may be longer, and why.
const LONG: [(&str, &str); 0] = [];

/// Files with a panic that no visitor can reach, and why.
const PANICS: [(&str, &str); 1] =
    [("frontend/src/page.rs", "a component outside its provider never runs at all")];

fn all_rust() -> Vec<SourceFile> {
    ["shared", "vlm", "backend", "frontend", "tests", "xtask"]
        .iter()
        .flat_map(|folder| files(folder, &["rs"]))
        .collect()
}

#[test]
fn every_file_opens_by_saying_what_lives_in_it() {
    let silent: Vec<String> =
        all_rust().into_iter().filter(|file| !file.text.starts_with("//!")).map(|file| file.path).collect();
    assert!(silent.is_empty(), "no `//!` at the top of {silent:#?}");
}

#[test]
fn no_file_is_long() {
    let long: Vec<String> = all_rust()
        .into_iter()
        .filter(|file| !LONG.iter().any(|(path, _)| *path == file.path))
        .map(|file| (file.text.lines().count(), file.path))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "one subject per file, at most {LONGEST} lines: {long:#?}");
}

#[test]
fn no_file_is_a_drawer() {
    let drawers = ["common", "helper", "helpers", "manager", "misc", "util", "utils"];
    for file in all_rust() {
        let drawer = file.path.split(['/', '.']).find(|part| drawers.contains(part));
        assert_eq!(drawer, None, "name {} after what is in it", file.path);
    }
}

#[test]
fn no_product_code_opts_out_of_the_panic_lints() {
    let excused = |file: &SourceFile| PANICS.iter().any(|(path, _)| *path == file.path);
    for file in all_rust().into_iter().filter(|file| !excused(file)) {
        for line in file.product_lines().filter(|line| line.code.contains("allow(")) {
            let opts_out = ["unwrap_used", "expect_used", "todo", "dbg_macro", "missing_docs", "clippy::all"]
                .into_iter()
                .find(|lint| line.code.contains(lint));
            assert_eq!(opts_out, None, "{}:{}", file.path, line.number);
        }
    }
}

#[test]
fn no_test_is_put_aside() {
    // Spelt in two parts, or this file would be its own finding.
    let ignored = format!("#[{}", "ignore");
    for file in all_rust() {
        assert!(!file.text.contains(&ignored), "{} ignores a test", file.path);
    }
}
