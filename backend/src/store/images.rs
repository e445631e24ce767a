//! Pictures that visitors share: PNG files named by the content of their pixels.
//!
//! A file appears under its name only when it is complete on disk, so a crash leaves no half picture behind. All
//! calls block.

use flipside_shared::raster::{ImageId, Raster};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// Why a picture was not kept or found.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The quota is used up.
    #[error("the space for shared pictures ({quota_mib} MiB) is used up")]
    Full {
        /// The quota.
        quota_mib: u64,
    },
    /// The disk failed.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// The pictures' folder in a data folder.
const FOLDER: &str = "images";

/// A folder of pictures.
pub struct ImageStore {
    folder: PathBuf,
    quota_mib: u64,
    used_bytes: AtomicU64,
    next_temporary: AtomicU64,
}

impl ImageStore {
    /// Opens the store under `data_dir`, making its folder when it is not there and removing what an interrupted
    /// write left.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(data_dir: &Path, quota_mib: u64) -> Result<Self, StoreError> {
        let folder = data_dir.join(FOLDER);
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let mut used_bytes = 0;
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let entry = entry.map_err(at(&folder))?;
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "part") {
                fs::remove_file(&path).map_err(at(&path))?;
            } else {
                used_bytes += entry.metadata().map_err(at(&path))?.len();
            }
        }
        Ok(Self { folder, quota_mib, used_bytes: used_bytes.into(), next_temporary: AtomicU64::new(0) })
    }

    /// Keeps a picture; when this returns it is on disk.
    ///
    /// # Errors
    /// When the quota is used up or the disk fails.
    pub fn put(&self, raster: &Raster) -> Result<ImageId, StoreError> {
        let id = raster.id();
        let path = self.path(&id);
        if path.exists() {
            return Ok(id);
        }
        let png = flipside_shared::image_file::encode_png(raster);
        let size = png.len() as u64;
        if self.used_bytes.fetch_add(size, Ordering::Relaxed) + size > self.quota_mib << 20 {
            self.used_bytes.fetch_sub(size, Ordering::Relaxed);
            return Err(StoreError::Full { quota_mib: self.quota_mib });
        }
        self.write(&path, &png).inspect_err(|_| {
            self.used_bytes.fetch_sub(size, Ordering::Relaxed);
        })?;
        Ok(id)
    }

    /// The PNG file of a picture, or none.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn get(&self, id: &ImageId) -> Result<Option<Vec<u8>>, StoreError> {
        if !is_id(id) {
            return Ok(None);
        }
        let path = self.path(id);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StoreError::Io { path, source }),
        }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let number = self.next_temporary.fetch_add(1, Ordering::Relaxed);
        let part = self.folder.join(format!("{}-{number}.part", std::process::id()));
        let written = (|| {
            let mut file = File::create(&part)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&part, path)?;
            // The name is on disk only when its folder is.
            File::open(&self.folder)?.sync_all()
        })();
        written.map_err(|source| {
            // What is left of a failed write goes with the next start at the latest.
            let _ = fs::remove_file(&part);
            StoreError::Io { path: path.to_owned(), source }
        })
    }

    fn path(&self, id: &ImageId) -> PathBuf {
        self.folder.join(format!("{}.png", id.0))
    }
}

/// The PNG file of a picture that was kept under `data_dir`, without opening a store; none where there is none.
pub fn kept_picture(data_dir: &Path, id: &ImageId) -> Option<Vec<u8>> {
    is_id(id).then(|| fs::read(data_dir.join(FOLDER).join(format!("{}.png", id.0))).ok()).flatten()
}

/// Whether this can be a name of ours; anything else must not reach the file system.
fn is_id(id: &ImageId) -> bool {
    id.0.len() == 64 && id.0.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(shade: u8) -> Raster {
        Raster::filled(5, 3, [shade, 0, 0, 255])
    }

    #[test]
    fn a_kept_picture_survives_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let id = ImageStore::open(folder.path(), 1).unwrap().put(&picture(7)).unwrap();
        let reopened = ImageStore::open(folder.path(), 1).unwrap();
        assert!(reopened.get(&id).unwrap().is_some());
        assert_eq!(kept_picture(folder.path(), &id), reopened.get(&id).unwrap());
        assert_eq!(kept_picture(folder.path(), &ImageId("../../etc/passwd".to_owned())), None);
        assert!(reopened.used_bytes.load(Ordering::Relaxed) > 0);
    }

    #[test]
    fn the_quota_refuses_new_pictures_and_keeps_old_ones() {
        let folder = tempfile::tempdir().unwrap();
        let id = ImageStore::open(folder.path(), 1).unwrap().put(&picture(7)).unwrap();
        let full = ImageStore::open(folder.path(), 0).unwrap();
        assert!(matches!(full.put(&picture(8)), Err(StoreError::Full { .. })));
        assert_eq!(full.put(&picture(7)).unwrap(), id, "what is there already costs nothing");
    }

    #[test]
    fn half_written_files_are_swept_and_foreign_names_find_nothing() {
        let folder = tempfile::tempdir().unwrap();
        drop(ImageStore::open(folder.path(), 1).unwrap());
        let part = folder.path().join("images/1-0.part");
        fs::write(&part, b"half").unwrap();
        let store = ImageStore::open(folder.path(), 1).unwrap();
        assert!(!part.exists());
        for name in ["../../etc/passwd", "", &"g".repeat(64)] {
            assert!(store.get(&ImageId(name.to_owned())).unwrap().is_none(), "{name}");
        }
    }
}
