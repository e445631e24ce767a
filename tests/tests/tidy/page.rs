//! The page: served whole from one origin, and never reading a canvas back.

use flipside_tests::source::{SourceFile, files, names};

fn sources_of_the_page(extensions: &[&str]) -> Vec<SourceFile> {
    let mut sources = files("frontend", extensions);
    sources.extend(files("index.html", extensions));
    sources
}

#[test]
fn the_document_and_its_styles_load_nothing_from_elsewhere() {
    let sources = sources_of_the_page(&["html", "css", "js", "svg"]);
    assert!(sources.iter().any(|file| file.path == "index.html"));
    for file in sources {
        // A namespace is a name, not an address.
        let text = file.text.replace("http://www.w3.org/", "");
        for remote in ["http://", "https://", "@import", "\"//", "'//", "url(//"] {
            assert!(!text.contains(remote), "{} refers to {remote}", file.path);
        }
    }
}

#[test]
fn the_document_has_no_inline_script_or_style() {
    for file in files("index.html", &["html"]) {
        assert!(!file.text.contains("<style"), "styles belong to frontend/styles");
        assert!(!file.text.contains(" style="), "styles belong to frontend/styles");
        for tag in file.text.split("<script").skip(1) {
            let opening = tag.split('>').next().unwrap_or(tag);
            assert!(opening.contains("src=\"/"), "scripts belong to frontend/boot: <script{opening}>");
        }
    }
}

#[test]
fn no_canvas_is_read_back() {
    for file in sources_of_the_page(&["rs", "js", "toml"]) {
        for reading in ["getImageData", "get_image_data", "toDataURL", "to_data_url", "toBlob", "to_blob"] {
            assert!(!file.text.contains(reading), "{}: {reading}; a browser may add noise to it", file.path);
        }
    }
}

#[test]
fn markup_from_text_is_made_in_one_file() {
    let raw = ["from_html_unchecked", "set_inner_html", "insert_adjacent_html", "set_outer_html"];
    let making: Vec<String> = sources_of_the_page(&["rs"])
        .into_iter()
        .filter(|file| file.product_lines().any(|line| raw.iter().any(|call| names(line.code, call))))
        .map(|file| file.path)
        .collect();
    assert!(making.len() <= 1, "untrusted text is escaped in one place, not in {making:?}");
}
