//! The source tree as text: what the laws of the house are checked on.

use std::fs;
use std::path::{Path, PathBuf};

/// The top folder of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// A file of the tree.
pub struct SourceFile {
    /// From the top folder, with forward slashes.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// One line of a file that breaks a law, or may.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// Counted from 1.
    pub number: usize,
    /// Without its comment.
    pub code: &'a str,
}

impl SourceFile {
    /// Whether the whole file is a test.
    pub fn is_test(&self) -> bool {
        let in_tests_folder = self.path.split('/').any(|part| part == "tests" || part == "benches");
        in_tests_folder || self.path.ends_with("/tests.rs")
    }

    /// The lines that the compiler sees outside tests: no comments, nothing after `#[cfg(test)] mod tests {`,
    /// which closes a file.
    pub fn product_lines(&self) -> impl Iterator<Item = Line<'_>> {
        let end = match self.text.find("\n#[cfg(test)]\nmod tests {") {
            _ if self.is_test() => 0,
            Some(at) => at,
            None => self.text.len(),
        };
        self.text[..end]
            .lines()
            .enumerate()
            .map(|(index, line)| Line { number: index + 1, code: without_comment(line) })
            .filter(|line| !line.code.trim().is_empty())
    }
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        return "";
    }
    line.split(" // ").next().unwrap_or(line)
}

/// The files below `folder` (from the top; a single file is allowed) whose names end in one of `extensions`,
/// ordered by path; without build outputs and hidden folders.
///
/// # Panics
/// When a file cannot be read.
pub fn files(folder: &str, extensions: &[&str]) -> Vec<SourceFile> {
    let mut found = Vec::new();
    collect(&root().join(folder), extensions, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(path: &Path, extensions: &[&str], found: &mut Vec<SourceFile>) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if path.is_dir() {
        if name.starts_with('.') || name == "target" {
            return;
        }
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            collect(&entry.path(), extensions, found);
        }
    } else if extensions.iter().any(|extension| name.ends_with(&format!(".{extension}"))) {
        let text = fs::read_to_string(path);
        let text = text.unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        let path = path.strip_prefix(root()).unwrap_or(path);
        found.push(SourceFile { path: path.to_string_lossy().replace('\\', "/"), text });
    }
}

/// Whether `word` stands in `code` as a whole identifier.
pub fn names(code: &str, word: &str) -> bool {
    let part_of_word = |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(word).any(|(at, _)| {
        !part_of_word(code[..at].chars().next_back()) && !part_of_word(code[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, names};

    #[test]
    fn a_word_is_found_whole() {
        assert!(names("use axum::Router;", "axum"));
        assert!(!names("use axumatic::Router;", "axum"));
        assert!(names("(axum)", "axum"));
    }

    #[test]
    fn comments_and_tests_are_not_product() {
        let text = "//! Doc.\nlet a = 1; // why\n#[cfg(test)]\nmod tests {\n bad();\n}\n".to_owned();
        let file = SourceFile { path: "shared/src/a.rs".to_owned(), text };
        let lines: Vec<&str> = file.product_lines().map(|line| line.code).collect();
        assert_eq!(lines, ["let a = 1;"]);
        let test = SourceFile { path: "shared/tests/a.rs".to_owned(), text: "bad();".to_owned() };
        assert_eq!(test.product_lines().count(), 0);
    }
}
