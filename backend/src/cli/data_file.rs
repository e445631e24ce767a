//! What a data file is to a run: its name, its format and the hash of its bytes.

use crate::jobs::evaluate::DataIdentity;
use anyhow::{Context, Result};
use flipside_dataset::Format;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

/// The identity of a file or folder.
///
/// # Errors
/// When it cannot be read.
pub fn identity(path: &Path, format: Option<Format>) -> Result<DataIdentity> {
    let sha256 = hash(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(DataIdentity::File {
        name: path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
        format: format.map(|format| format.name().to_owned()).unwrap_or_default(),
        sha256,
    })
}

/// SHA-256 of a file, or of the names and sizes of the files in a folder.
fn hash(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    if path.is_dir() {
        let mut names = Vec::new();
        list(path, &mut names)?;
        names.sort();
        names.iter().for_each(|name| hash.update(name));
    } else {
        let mut file = File::open(path)?;
        let mut block = vec![0; 1 << 20];
        loop {
            match file.read(&mut block)? {
                0 => break,
                read => hash.update(&block[..read]),
            }
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn list(folder: &Path, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let (path, metadata) = entry.map(|entry| (entry.path(), entry.metadata()))?;
        if path.is_dir() {
            list(&path, names)?;
        } else {
            names.push(format!("{}\0{}\0", path.display(), metadata?.len()));
        }
    }
    Ok(())
}
