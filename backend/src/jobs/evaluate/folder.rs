//! A run on disk: `run.json`, what its numbers depend on, and `predictions.jsonl`, one line per result, appended as
//! results come. A process that dies at any moment leaves at most one unfinished line, which the next one removes.

use super::{
    entry::{Entry, PredictionEntry, SampleEntry, SkippedEntry},
    error::RunError,
    manifest::Manifest,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

const MANIFEST: &str = "run.json";
const LOG: &str = "predictions.jsonl";
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
}

/// A run's folder, held by this process until it is dropped.
#[derive(Debug)]
pub struct RunFolder {
    log: File,
    path: PathBuf,
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
        let path = folder.join(LOG);
        let mut log = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(at(&path))?;
        let mut run = Run::empty(manifest.clone());
        let whole = run.take_in(&path, &log)?;
        log.set_len(whole).map_err(at(&path))?;
        log.seek(SeekFrom::End(0)).map_err(at(&path))?;
        Ok((Self { log, path, _lock: lock }, run))
    }

    /// Appends entries; when this returns they survive the end of the process.
    ///
    /// # Errors
    /// When the disk fails or is full.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), RunError> {
        let mut lines = Vec::new();
        for entry in entries {
            serde_json::to_writer(&mut lines, entry).map_err(io::Error::from).map_err(at(&self.path))?;
            lines.push(b'\n');
        }
        self.log.write_all(&lines).map_err(at(&self.path))
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
        run.take_in(&path, &log)?;
    }
    whole.ok_or(RunError::NotARun { folder: PathBuf::new(), file: MANIFEST })
}

impl Run {
    fn empty(manifest: Manifest) -> Self {
        Self { manifest, samples: BTreeMap::new(), predictions: BTreeMap::new(), skipped: BTreeMap::new() }
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

    /// Takes in a log; gives the bytes up to the end of its last whole line.
    fn take_in(&mut self, path: &Path, log: &File) -> Result<u64, RunError> {
        let mut reader = BufReader::with_capacity(1 << 20, log);
        let (mut whole, mut number, mut line) = (0, 0, Vec::new());
        loop {
            line.clear();
            let bytes = reader.read_until(b'\n', &mut line).map_err(at(path))?;
            // Only the last line can lack its end: a process died while writing it.
            if !line.ends_with(b"\n") {
                return Ok(whole);
            }
            number += 1;
            whole += bytes as u64;
            match serde_json::from_slice(&line) {
                Ok(Entry::Sample(entry)) => drop(self.samples.insert(entry.sample, *entry)),
                Ok(Entry::Prediction(entry)) => {
                    drop(self.predictions.insert((entry.sample, entry.instance.clone()), entry));
                }
                Ok(Entry::Skipped(entry)) => {
                    drop(self.skipped.insert((entry.sample, entry.instance.clone()), entry));
                }
                Err(error) => {
                    let reason = error.to_string();
                    return Err(RunError::Damaged { file: path.to_owned(), line: number, reason });
                }
            }
        }
    }
}

/// What the run in a folder depends on.
///
/// # Errors
/// When it is no run or cannot be read.
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
    write().map_err(at(path))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> RunError {
    let path = path.to_owned();
    move |source| RunError::Io { path, source }
}
