//! A data set as a stream of samples: opens, chooses, reads, and deals with bad rows.

use crate::container::{Container, Rows};
use crate::error::{DatasetError, Place, RowNumber};
use crate::format::{Format, Surroundings, detect};
use crate::image::ImageRoot;
use crate::sample::Sample;
use crate::select::{Choice, Selection};
use crate::world::{World, WorldSamples};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to do about a row that cannot be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnBadRow {
    /// Say what is wrong with it and read no further.
    #[default]
    Stop,
    /// Note it in [`ReadReport::skipped`] and go on.
    Skip,
}

/// How a data set is read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The format; found out from the file when absent.
    pub format: Option<Format>,
    /// Where relative image paths begin; the file's folder when absent.
    pub image_root: Option<PathBuf>,
    /// What to do about bad rows.
    pub on_bad_row: OnBadRow,
    /// Which samples are wanted.
    pub selection: Selection,
}

/// A row that was skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedRow {
    /// Where it is.
    pub place: Place,
    /// What is wrong with it, in words that name the place.
    pub reason: String,
}

/// What has been read so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadReport {
    /// Samples handed out.
    pub samples: u64,
    /// Rows that could not be used.
    pub skipped: Vec<SkippedRow>,
    /// What was left out because it asks nothing about pictures, and how much of it.
    pub set_aside: Option<(&'static str, u64)>,
}

enum Source {
    File { rows: Box<dyn Rows>, format: Format, surroundings: Surroundings },
    World(WorldSamples),
}

impl Source {
    fn next(&mut self) -> Option<Result<Sample, DatasetError>> {
        match self {
            Self::File { rows, format, surroundings } => {
                Some(rows.next_row()?.and_then(|row| format.sample(row, surroundings)))
            }
            Self::World(samples) => samples.next().map(Ok),
        }
    }

    fn skip(&mut self) -> Option<Result<(), DatasetError>> {
        match self {
            Self::File { rows, .. } => rows.skip_row(),
            Self::World(samples) => samples.next().map(|_| Ok(())),
        }
    }

    fn total(&self) -> Option<u64> {
        match self {
            Self::File { rows, .. } => rows.total(),
            Self::World(_) => None,
        }
    }
}

/// The chosen samples of a data set, in the order of the file.
///
/// An error ends the stream: a row's fault under [`OnBadRow::Stop`], the file's always.
pub struct Dataset {
    file: Arc<Path>,
    format: Option<Format>,
    source: Source,
    choice: Choice,
    on_bad_row: OnBadRow,
    position: u64,
    seen: HashMap<String, RowNumber>,
    report: ReadReport,
    is_over: bool,
}

impl std::fmt::Debug for Dataset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dataset {} ({:?}) at {}", self.file.display(), self.format, self.position)
    }
}

impl Dataset {
    /// Opens a file, or a folder of V*.
    ///
    /// # Errors
    /// A file that cannot be read, is in no known format, lacks columns, or is damaged.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self, DatasetError> {
        let (source, format) = open_file(path, options)?;
        let total = match (options.selection.needs_total(), source.total()) {
            (false, _) => 0,
            (true, Some(total)) => total,
            (true, None) => count(open_file(path, options)?.0)?,
        };
        Ok(Self::new(path.into(), Some(format), source, options.selection.choose(total), options.on_bad_row))
    }

    /// Draws the scene world.
    pub fn world(world: World, selection: Selection) -> Self {
        let total = if selection.needs_total() { world.samples().count() as u64 } else { 0 };
        let source = Source::World(world.samples());
        Self::new(Path::new(World::NAME).into(), None, source, selection.choose(total), OnBadRow::Stop)
    }

    fn new(
        file: Arc<Path>,
        format: Option<Format>,
        source: Source,
        choice: Choice,
        on_bad_row: OnBadRow,
    ) -> Self {
        let (seen, report) = (HashMap::new(), ReadReport::default());
        Self { file, format, source, choice, on_bad_row, position: 0, seen, report, is_over: false }
    }

    /// The format of the file; none for the scene world.
    pub fn format(&self) -> Option<Format> {
        self.format
    }

    /// How many samples are handed out in all, bad rows included: exact where the file says so, else judged by what is
    /// read so far; none before that.
    pub fn expected(&self) -> Option<u64> {
        let total = match &self.source {
            Source::World(samples) => samples.expected(),
            Source::File { rows, .. } => rows.total().or_else(|| {
                let share = rows.share_read().filter(|share| *share > 0.0 && self.position > 0)?;
                Some((self.position as f64 / share).round() as u64)
            }),
        };
        self.choice.count(total)
    }

    /// The rows that could not be used so far.
    pub fn skipped(&self) -> &[SkippedRow] {
        &self.report.skipped
    }

    /// The position in the data set, from 0, at which reading goes on: one beyond the sample handed out last.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// What has been read so far.
    pub fn report(&self) -> ReadReport {
        let set_aside = match &self.source {
            Source::File { rows, .. } => rows.set_aside(),
            Source::World(_) => None,
        };
        ReadReport { set_aside, ..self.report.clone() }
    }

    /// Refuses an identifier that was used before.
    fn check_id(&mut self, sample: &Sample) -> Result<(), DatasetError> {
        match self.seen.insert(sample.id.clone(), sample.place.row) {
            None => Ok(()),
            Some(first) => {
                self.seen.insert(sample.id.clone(), first);
                let first = Place { file: sample.place.file.clone(), row: first };
                Err(DatasetError::DuplicateId { place: sample.place.clone(), id: sample.id.clone(), first })
            }
        }
    }

    /// The end of the file is an error when nothing came before it.
    fn end(&self) -> Option<DatasetError> {
        let file = || self.file.to_path_buf();
        match (self.position, self.report.samples, self.report.skipped.len()) {
            (0, ..) => Some(DatasetError::Empty { file: file() }),
            (_, 0, skipped) if skipped > 0 => Some(DatasetError::NothingUsable { file: file(), skipped }),
            _ => None,
        }
    }

    fn step(&mut self) -> Option<Result<Sample, DatasetError>> {
        loop {
            if self.position > 0 && self.choice.is_over(self.position) {
                return None;
            }
            if !self.choice.admits(self.position) {
                match self.source.skip() {
                    None => return self.end().map(Err),
                    Some(Err(error)) => return Some(Err(error)),
                    Some(Ok(())) => self.position += 1,
                }
                continue;
            }
            let Some(read) = self.source.next() else { return self.end().map(Err) };
            self.position += 1;
            match read.and_then(|sample| self.check_id(&sample).map(|()| sample)) {
                Ok(sample) => {
                    self.report.samples += 1;
                    return Some(Ok(sample));
                }
                Err(error) => match error.place() {
                    Some(place) if self.on_bad_row == OnBadRow::Skip => {
                        let skipped = SkippedRow { place: place.clone(), reason: error.to_string() };
                        self.report.skipped.push(skipped);
                    }
                    _ => return Some(Err(error)),
                },
            }
        }
    }
}

impl Iterator for Dataset {
    type Item = Result<Sample, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let item = self.step();
        self.is_over = !matches!(item, Some(Ok(_)));
        item
    }
}

fn open_file(path: &Path, options: &ReadOptions) -> Result<(Source, Format), DatasetError> {
    let unknown = |reason: String| DatasetError::UnknownFormat {
        file: path.to_owned(),
        reason,
        known: Format::names(),
    };
    let metadata = std::fs::metadata(path);
    let metadata = metadata.map_err(|source| DatasetError::Io { file: path.to_owned(), source })?;
    if metadata.is_file() && metadata.len() == 0 {
        return Err(DatasetError::Empty { file: path.to_owned() });
    }
    let container = Container::of(path)?.ok_or_else(|| {
        unknown("this is neither TSV, JSON nor Parquet by its ending or its first bytes".to_owned())
    })?;
    let mut rows = container.open(path)?;
    let format = match options.format.or_else(|| detect(container, rows.columns())) {
        Some(format) => format,
        // A first row that is missing or bad says more than that nothing is known.
        None => {
            let columns = rows.columns().join(", ");
            return Err(match rows.next_row() {
                None => DatasetError::Empty { file: path.to_owned() },
                Some(Err(error)) => error,
                Some(Ok(_)) => unknown(format!("no known format has the columns [{columns}]")),
            });
        }
    };
    format.check_columns(path, rows.columns())?;
    let folder = match metadata.is_dir() {
        true => path,
        false => path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new(".")),
    };
    let root = ImageRoot(options.image_root.clone().unwrap_or_else(|| folder.to_owned()));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok((Source::File { rows, format, surroundings: Surroundings { root, stem } }, format))
}

fn count(mut source: Source) -> Result<u64, DatasetError> {
    let mut total = 0;
    while let Some(skipped) = source.skip() {
        skipped?;
        total += 1;
    }
    Ok(total)
}
