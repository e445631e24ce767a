//! The runs in a folder, for those who browse them: what there is, and each one's report, made when first asked for.
//! All calls block.

use super::{Settings, summarise, summary::data_words};
use crate::jobs::evaluate::{Run, RunError, manifest_of, read};
use flipside_shared::api::{Report, RunCard};
use flipside_shared::raster::ImageId;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

/// Why a run cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// There is none of that name.
    #[error("there is no run of this name")]
    NotFound,
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(Arc<RunError>),
}

/// A run and its report.
pub struct OpenRun {
    /// Its name: its folder's.
    pub name: String,
    /// Its folders: itself, or its shards.
    pub folders: Vec<PathBuf>,
    /// What it says.
    pub run: Run,
    /// What that comes to.
    pub report: Report,
}

/// A folder of runs.
pub struct Library {
    folder: PathBuf,
    open: moka::sync::Cache<(String, Stamp), Arc<OpenRun>>,
}

/// What changes when a run grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Stamp {
    log_bytes: u64,
    changed_unix_s: u64,
}

impl Library {
    /// The runs in `folder`, which need not be there yet; the reports of `most_open` are kept in memory.
    pub fn new(folder: PathBuf, most_open: u64) -> Self {
        Self { folder, open: moka::sync::Cache::new(most_open) }
    }

    /// Where the runs lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All runs, the one that changed last first. What is no run is passed over.
    pub fn list(&self) -> Vec<RunCard> {
        let mut cards: Vec<RunCard> = self.names().filter_map(|name| self.card(name)).collect();
        cards.sort_by(|a, b| (b.changed_unix_s, &a.name).cmp(&(a.changed_unix_s, &b.name)));
        cards
    }

    fn names(&self) -> impl Iterator<Item = String> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten();
        entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok())
    }

    fn card(&self, name: String) -> Option<RunCard> {
        let folders = self.folders(&name)?;
        let manifest = manifest_of(&folders[0]).ok()?;
        let Stamp { log_bytes, changed_unix_s } = stamp(&folders);
        Some(RunCard {
            name,
            model: manifest.model.name.clone(),
            weights_sha256: manifest.model.weights_sha256.clone(),
            data: data_words(&manifest.data),
            families: manifest.families,
            shards: folders.len() as u32,
            log_bytes,
            changed_unix_s,
        })
    }

    /// The run called `name` with its report, as it is now.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn open(&self, name: &str) -> Result<Arc<OpenRun>, LibraryError> {
        let folders = self.folders(name).ok_or(LibraryError::NotFound)?;
        // Two who ask at once wait for one summary.
        self.open
            .try_get_with((name.to_owned(), stamp(&folders)), || {
                let run = read(&folders)?;
                let report = summarise(&run, Settings::default());
                Ok(Arc::new(OpenRun { name: name.to_owned(), folders, run, report }))
            })
            .map_err(LibraryError::Unreadable)
    }

    /// A picture that one of the runs kept.
    pub fn picture(&self, id: &ImageId) -> Option<Vec<u8>> {
        self.names()
            .filter_map(|name| self.folders(&name))
            .find_map(|folders: Vec<PathBuf>| kept(&folders, id))
    }

    /// A run's folders: itself, or the shards in it.
    fn folders(&self, name: &str) -> Option<Vec<PathBuf>> {
        let plain = Path::new(name).components().count() == 1
            && !name.starts_with('.')
            && !name.contains(['/', '\\', '\0']);
        let folder = plain.then(|| self.folder.join(name))?;
        if is_run(&folder) {
            return Some(vec![folder]);
        }
        let inner = fs::read_dir(&folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
        let mut shards: Vec<PathBuf> = inner.filter(|path| is_run(path)).collect();
        shards.sort();
        (!shards.is_empty()).then_some(shards)
    }
}

impl OpenRun {
    /// A clean picture that the run kept.
    pub fn picture(&self, id: &ImageId) -> Option<Vec<u8>> {
        kept(&self.folders, id)
    }
}

fn kept(folders: &[PathBuf], id: &ImageId) -> Option<Vec<u8>> {
    folders.iter().find_map(|folder| crate::store::kept_picture(folder, id))
}

fn is_run(folder: &Path) -> bool {
    folder.join("run.json").is_file()
}

fn stamp(folders: &[PathBuf]) -> Stamp {
    let logs = folders.iter().filter_map(|folder| fs::metadata(folder.join("predictions.jsonl")).ok());
    logs.fold(Stamp::default(), |stamp, log| {
        let changed = log.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        let changed_unix_s = changed.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Stamp {
            log_bytes: stamp.log_bytes + log.len(),
            changed_unix_s: stamp.changed_unix_s.max(changed_unix_s),
        }
    })
}
