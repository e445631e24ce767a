//! The page: files embedded in the binary, or a folder while it is being developed.
//!
//! The document is looked up anew each time; every other file has its content's hash in its name and is kept for
//! ever. A file `NAME.br` beside `NAME` is its brotli form.

use super::services::Services;
use crate::error::Error;
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{
    borrow::Cow,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

const DOCUMENT: &str = "index.html";
const NOT_BUILT: &str = "The page is not built into this binary. `cargo xtask serve` builds both; the API is described at /api/docs.\n";

#[derive(rust_embed::RustEmbed)]
#[folder = "../target/page"]
#[allow_missing = true]
struct Embedded;

/// Where the page's files come from.
#[derive(Clone)]
pub enum Page {
    /// The binary.
    Embedded,
    /// A folder, read anew for each request and never cached by browsers.
    Folder(Arc<Path>),
}

struct File {
    bytes: Cow<'static, [u8]>,
    brotli: bool,
}

impl Page {
    /// From the folder, or embedded when there is none.
    pub fn new(folder: Option<PathBuf>) -> Self {
        folder.map_or(Self::Embedded, |folder| Self::Folder(folder.into()))
    }

    fn read(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        match self {
            Self::Embedded => Embedded::get(name).map(|file| file.data),
            Self::Folder(folder) => {
                let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
                let bytes = plain.then(|| std::fs::read(folder.join(name)).ok()).flatten();
                bytes.map(Cow::Owned)
            }
        }
    }

    fn file(&self, name: &str, takes_brotli: bool) -> Option<File> {
        let packed = || takes_brotli.then(|| self.read(&format!("{name}.br"))).flatten();
        let packed = packed().map(|bytes| File { bytes, brotli: true });
        packed.or_else(|| self.read(name).map(|bytes| File { bytes, brotli: false }))
    }
}

/// Everything outside the API: a file of the page, or the document for paths that look like its pages.
pub async fn serve(State(services): State<Services>, request: Request) -> Result<Response, Error> {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Err(Error::NotFound);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Error::MethodNotAllowed { method: request.method().to_string() });
    }
    let name = path.trim_start_matches('/');
    let is_file = name.rsplit('/').next().is_some_and(|last| last.contains('.'));
    let name = if is_file { name } else { DOCUMENT };
    let takes_brotli = accepts_brotli(request.headers());
    match services.page.file(name, takes_brotli) {
        Some(file) => Ok(response(&services.page, name, file, request.headers())),
        None if name == DOCUMENT => Ok((StatusCode::NOT_FOUND, NOT_BUILT).into_response()),
        None => Err(Error::NotFound),
    }
}

fn response(page: &Page, name: &str, file: File, request: &HeaderMap) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let cache = match page {
        Page::Folder(_) => "no-store",
        Page::Embedded if has_hash(name) => "public, max-age=31536000, immutable",
        Page::Embedded => "no-cache",
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    let tag = etag(&file);
    if let Ok(value) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, value);
    }
    let known = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    if known.flat_map(|tags| tags.split(',')).any(|known| known.trim() == tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    if file.brotli {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    let body = match file.bytes {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    (headers, body).into_response()
}

fn etag(file: &File) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    // Compared only with tags of this same binary's, so any stable hash will do.
    let mut hash = DefaultHasher::new();
    file.bytes.hash(&mut hash);
    format!("\"{:016x}\"", hash.finish())
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next() == Some("br")
            && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// `NAME-0123456789ab.EXT`: the build puts the content's hash there.
fn has_hash(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let hash = stem.rsplit_once('-').map(|(_, hash)| hash);
    hash.is_some_and(|hash| hash.len() == 12 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("json" | "webmanifest") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(has_hash("shell-7692c3ad3540.js"));
        assert!(!has_hash("index.html") && !has_hash("boot-worker.js") && !has_hash("a-7692c3ad354.js"));
    }

    #[test]
    fn brotli_is_sent_only_to_those_who_take_it() {
        let headers =
            |value| HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]);
        assert!(accepts_brotli(&headers("gzip, deflate, br;q=0.8")));
        assert!(!accepts_brotli(&headers("gzip, br;q=0")));
        assert!(!accepts_brotli(&headers("brotli")));
    }

    #[test]
    fn a_folder_gives_no_files_from_outside() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret.txt"), "s").unwrap();
        let inner = folder.path().join("page");
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(inner.join("index.html"), "p").unwrap();
        let page = Page::new(Some(inner));
        assert!(page.read("index.html").is_some());
        assert!(page.read("../secret.txt").is_none());
        assert!(page.read("/etc/passwd").is_none());
    }
}
