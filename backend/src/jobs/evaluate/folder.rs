//! A run on disk: `run.json`, what its numbers depend on, `predictions.jsonl`, one line per result, appended as results
//! come, and `skipped.jsonl`, one line per row of the data file that could not be read.

use super::{
    entry::{Entry, PredictionEntry, SampleEntry, SkippedEntry, SkippedRow},
    error::RunError,
    log::{Log, at, read_lines},
    manifest::Manifest,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

const MANIFEST: &str = "run.json";
const LOG: &str = "predictions.jsonl";
const ROWS: &str = "skipped.jsonl";
const LOCK: &str = "run.lock";

/// What a run's folder says, in the order of the data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What the numbers depend on.
    pub manifest: Manifest,
    /// Samples by their place in the data set.
    pub samples: BTreeMap<u64, SampleEntry>,
    /// Predictions by sample and instance.
    pub predictions: BTreeMap<(u64, String), PredictionEntry>,
    /// What was left out, by sample and, where it was one perturbation only, instance.
    pub skipped: BTreeMap<(u64, Option<String>), SkippedEntry>,
    /// Rows of the data file that could not be read.
    pub skipped_rows: BTreeSet<SkippedRow>,
}

/// A run's folder, held by this process until it is dropped.
#[derive(Debug)]
pub struct RunFolder {
    log: Log<File>,
    rows: Log<File>,
    noted: BTreeSet<SkippedRow>,
    // Held for its lock.
    _lock: File,
}

impl RunFolder {
    /// Opens the folder of a run, making it when there is none, and gives what was done before.
    ///
    /// # Errors
    /// When another process holds it, when it holds a run with another manifest, or when the disk fails.
    pub fn open(folder: &Path, manifest: &Manifest) -> Result<(Self, Run), RunError> {
        fs::create_dir_all(folder).map_err(at(folder))?;
        let lock_path = folder.join(LOCK);
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(at(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(RunError::Busy { folder: folder.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(RunError::Io { path: lock_path, source }),
        }
        let manifest_path = folder.join(MANIFEST);
        if manifest_path.exists() {
            if let Some(field) = manifest.difference(&manifest_of(folder)?) {
                return Err(RunError::OtherRun { folder: folder.to_owned(), field });
            }
        } else {
            write_whole(&manifest_path, &serde_json::to_vec_pretty(manifest).unwrap_or_default())?;
        }
        let mut run = Run::empty(manifest.clone());
        let log = Log::open(folder.join(LOG), |entry| run.take_in(entry))?;
        let mut noted = BTreeSet::new();
        let rows = Log::open(folder.join(ROWS), |row| {
            noted.insert(row);
        })?;
        run.skipped_rows.clone_from(&noted);
        Ok((Self { log, rows, noted, _lock: lock }, run))
    }

    /// Appends entries; when this returns they survive the end of the process.
    ///
    /// # Errors
    /// When the disk fails or is full.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), RunError> {
        self.log.append(entries)
    }

    /// Notes a row that could not be read, once however often the data file is read.
    ///
    /// # Errors
    /// When the disk fails or is full.
    pub fn note_row(&mut self, row: SkippedRow) -> Result<(), RunError> {
        if !self.noted.contains(&row) {
            self.rows.append(std::slice::from_ref(&row))?;
            self.noted.insert(row);
        }
        Ok(())
    }
}

/// Reads the folders of one run: one, or all of its shards.
///
/// # Errors
/// When one is no run, is damaged, or they are not parts of the same run.
pub fn read(folders: &[PathBuf]) -> Result<Run, RunError> {
    let mut whole: Option<Run> = None;
    for folder in folders {
        let manifest = manifest_of(folder)?;
        let run = whole.get_or_insert_with(|| Run::empty(manifest.clone()));
        if let Some(field) = run.manifest.difference_but_shard(&manifest) {
            return Err(RunError::OtherRun { folder: folder.clone(), field });
        }
        let path = folder.join(LOG);
        let log = File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => RunError::NotARun { folder: folder.clone(), file: LOG },
            _ => RunError::Io { path: path.clone(), source: error },
        })?;
        read_lines(&path, &log, |entry| run.take_in(entry))?;
        let path = folder.join(ROWS);
        match File::open(&path) {
            Ok(rows) => {
                read_lines(&path, &rows, |row| {
                    run.skipped_rows.insert(row);
                })?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(at(&path)(error)),
        }
    }
    whole.ok_or(RunError::NotARun { folder: PathBuf::new(), file: MANIFEST })
}

impl Run {
    fn empty(manifest: Manifest) -> Self {
        Self {
            manifest,
            samples: BTreeMap::new(),
            predictions: BTreeMap::new(),
            skipped: BTreeMap::new(),
            skipped_rows: BTreeSet::new(),
        }
    }

    /// The instances of a sample that need not be tried again.
    pub fn done(&self, sample: u64) -> BTreeSet<String> {
        let made = self.predictions.range((sample, String::new())..);
        let made = made.take_while(|((number, _), _)| *number == sample).map(|((_, name), _)| name.clone());
        let impossible =
            self.skipped.range((sample, None)..).take_while(|((number, _), _)| *number == sample);
        made.chain(impossible.filter_map(|((_, name), _)| name.clone())).collect()
    }

    /// Whether a sample is left out as a whole.
    pub fn is_skipped(&self, sample: u64) -> bool {
        self.skipped.contains_key(&(sample, None))
    }

    fn take_in(&mut self, entry: Entry) {
        match entry {
            Entry::Sample(entry) => drop(self.samples.insert(entry.sample, *entry)),
            Entry::Prediction(entry) => {
                drop(self.predictions.insert((entry.sample, entry.instance.clone()), *entry));
            }
            Entry::Skipped(entry) => {
                drop(self.skipped.insert((entry.sample, entry.instance.clone()), entry));
            }
        }
    }
}

/// Reads what the numbers of a run's folder depend on.
///
/// # Errors
/// When it is no run or is damaged.
pub fn manifest_of(folder: &Path) -> Result<Manifest, RunError> {
    let path = folder.join(MANIFEST);
    let bytes = fs::read(&path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => RunError::NotARun { folder: folder.to_owned(), file: MANIFEST },
        _ => RunError::Io { path: path.clone(), source },
    })?;
    serde_json::from_slice(&bytes).map_err(|error| RunError::Damaged {
        file: path,
        line: error.line() as u64,
        reason: error.to_string(),
    })
}

/// Writes a file that is there whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    let part = path.with_extension("part");
    let write = || {
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)
    };
    let written = write();
    if written.is_err() {
        // Whoever makes room on a full disk should not have to find this.
        let _ = fs::remove_file(&part);
    }
    written.map_err(at(path))
}
