//! The page's files on their way to disk: names that carry a content hash, links between them rewritten to
//! those names, compressed siblings for the server to choose from.
//!
//! A file links to another by its plain absolute path in quotes, `"/shell.js"`; files are added in the order
//! of their links, the linked one first. Knows nothing of what the files are.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// One file of the page, ready to be written.
struct Asset {
    plain_name: String,
    served_name: String,
    bytes: Vec<u8>,
}

/// The files of a page, in memory until [`Assets::write`].
#[derive(Default)]
pub struct Assets {
    files: Vec<Asset>,
}

/// Sizes of one file, bytes.
pub struct FileSize {
    /// The file's name before hashing.
    pub name: String,
    /// As it is.
    pub raw: usize,
    /// As brotli, quality 11; 0 when not compressed.
    pub brotli: usize,
}

impl Assets {
    /// Adds a file under a name that changes with its content, so that browsers may keep it for ever.
    pub fn add_hashed(&mut self, plain_name: &str, bytes: Vec<u8>) {
        let digest = Sha256::digest(&bytes);
        let tag: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let served_name = match plain_name.rsplit_once('.') {
            Some((stem, extension)) => format!("{stem}-{tag}.{extension}"),
            None => format!("{plain_name}-{tag}"),
        };
        self.files.push(Asset { plain_name: plain_name.to_owned(), served_name, bytes });
    }

    /// Adds a file under its own name.
    pub fn add_plain(&mut self, name: &str, bytes: Vec<u8>) {
        self.files.push(Asset { plain_name: name.to_owned(), served_name: name.to_owned(), bytes });
    }

    /// `text` with every link to a file added so far replaced by the name under which it is served.
    pub fn link(&self, text: &str) -> String {
        self.files.iter().fold(text.to_owned(), |text, file| {
            ['"', '\''].iter().fold(text, |text, quote| {
                text.replace(
                    &format!("{quote}/{}{quote}", file.plain_name),
                    &format!("{quote}/{}{quote}", file.served_name),
                )
            })
        })
    }

    /// Replaces the folder `dir` by these files, each with a `.br` sibling where that is worth it and
    /// `compress` is set.
    pub fn write(&self, dir: &Path, compress: bool) -> Result<Vec<FileSize>> {
        // Written aside and then renamed: a server that reads the folder never sees half a page.
        let fresh = dir.with_extension("fresh");
        if fresh.exists() {
            fs::remove_dir_all(&fresh)?;
        }
        fs::create_dir_all(&fresh)?;
        let mut sizes = Vec::new();
        for file in &self.files {
            let path = fresh.join(&file.served_name);
            fs::write(&path, &file.bytes).with_context(|| format!("cannot write {}", path.display()))?;
            let mut size = FileSize { name: file.plain_name.clone(), raw: file.bytes.len(), brotli: 0 };
            if compress {
                let packed = brotli_11(&file.bytes)?;
                size.brotli = packed.len();
                if packed.len() < file.bytes.len() {
                    fs::write(fresh.join(format!("{}.br", file.served_name)), packed)?;
                }
            }
            sizes.push(size);
        }
        if dir.exists() {
            fs::remove_dir_all(dir)?;
        }
        fs::rename(&fresh, dir).with_context(|| format!("cannot write {}", dir.display()))?;
        Ok(sizes)
    }
}

/// `bytes` compressed with brotli, quality 11, window 2^22.
pub fn brotli_11(bytes: &[u8]) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut packed = Vec::new();
    let mut input = bytes;
    brotli::BrotliCompress(&mut input, &mut packed, &params)?;
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_follow_the_hashed_name_and_only_that_file() {
        let mut assets = Assets::default();
        assets.add_hashed("shell.js", b"one".to_vec());
        let linked = assets.link(r#"import a from "/shell.js"; b('/shell.js'); c("/other-shell.js")"#);
        assert!(linked.contains("\"/shell-7692c3ad3540.js\""), "{linked}");
        assert!(linked.contains("'/shell-7692c3ad3540.js'"), "{linked}");
        assert!(linked.contains("\"/other-shell.js\""), "{linked}");
    }

    #[test]
    fn another_content_has_another_name() {
        let mut assets = Assets::default();
        assets.add_hashed("a.css", b"x".to_vec());
        assets.add_hashed("a.css", b"y".to_vec());
        assert_ne!(assets.files[0].served_name, assets.files[1].served_name);
    }

    #[test]
    fn brotli_shrinks_what_repeats() -> Result<()> {
        assert!(brotli_11(&[b'a'; 10_000])?.len() < 100);
        Ok(())
    }
}
