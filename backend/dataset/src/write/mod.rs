//! Writes samples in our own formats: what is written here is what `format::own` reads.

mod json_lines;
mod parquet;

use crate::error::DatasetError;
use crate::format::own::{ImageRecord, Record, VERSION};
use crate::image::ImageSource;
use crate::sample::Sample;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A data set that is being written. Nothing is at its path before [`Writer::finish`].
pub struct Writer {
    path: PathBuf,
    partial: PathBuf,
    kind: Kind,
}

enum Kind {
    JsonLines(json_lines::JsonLinesWriter),
    Parquet(Box<parquet::ParquetWriter>),
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Writer {}", self.path.display())
    }
}

impl Writer {
    /// Begins a data set: Parquet when the path ends in `.parquet`, JSON lines otherwise.
    ///
    /// # Errors
    /// A path that cannot be written.
    pub fn create(path: &Path) -> Result<Self, DatasetError> {
        let mut partial = path.as_os_str().to_owned();
        partial.push(".part");
        let partial = PathBuf::from(partial);
        let kind = match path.extension().is_some_and(|ending| ending == "parquet") {
            true => parquet::ParquetWriter::create(&partial).map(|writer| Kind::Parquet(Box::new(writer))),
            false => json_lines::JsonLinesWriter::create(&partial).map(Kind::JsonLines),
        };
        let kind = kind.map_err(|reason| not_written(path, reason))?;
        Ok(Self { path: path.to_owned(), partial, kind })
    }

    /// Adds a sample, its images included; scenes are written as their seeds.
    ///
    /// # Errors
    /// An image that cannot be read, a disk that is full.
    pub fn write(&mut self, sample: &Sample) -> Result<(), DatasetError> {
        let (record, images) = record(sample)?;
        let written = match &mut self.kind {
            Kind::JsonLines(writer) => writer.write(record, &images),
            Kind::Parquet(writer) => writer.write(record, &images),
        };
        written.map_err(|reason| not_written(&self.path, reason))
    }

    /// Completes the data set and puts it at its path.
    ///
    /// # Errors
    /// A disk that is full, a path that cannot be written.
    pub fn finish(self) -> Result<(), DatasetError> {
        let finished = match self.kind {
            Kind::JsonLines(writer) => writer.finish(),
            Kind::Parquet(writer) => writer.finish(),
        };
        finished
            .and_then(|()| std::fs::rename(&self.partial, &self.path).map_err(|error| error.to_string()))
            .map_err(|reason| not_written(&self.path, reason))
    }
}

fn not_written(path: &Path, reason: String) -> DatasetError {
    DatasetError::NotWritten { file: path.to_owned(), reason }
}

/// The bytes of a sample's images; none for scenes, which are their seeds.
type Images = Vec<Option<Arc<Vec<u8>>>>;

/// The record of a sample, without the bytes of its images, and those.
fn record(sample: &Sample) -> Result<(Record, Images), DatasetError> {
    let mut bytes = Vec::with_capacity(sample.images.len());
    let mut images = Vec::with_capacity(sample.images.len());
    for image in &sample.images {
        let mut record =
            ImageRecord { key: image.stated_key.clone(), number: image.number, ..ImageRecord::default() };
        bytes.push(match &image.source {
            ImageSource::Scene(picture) => {
                record.scene = Some(*picture);
                None
            }
            ImageSource::File(_) => {
                // Otherwise its key would change from the file's name to its content.
                record.key = Some(image.key());
                Some(image.encoded(&sample.place)?)
            }
            ImageSource::Encoded(bytes) => Some(bytes.clone()),
        });
        images.push(record);
    }
    let record = Record {
        flipside: VERSION,
        id: sample.id.clone(),
        question: sample.question.clone(),
        hint: sample.hint.clone(),
        options: sample.options.clone(),
        answer: sample.answer.clone(),
        images,
        categories: sample.categories.clone(),
        boxes: sample.boxes.clone(),
        scoring: sample.scoring.clone(),
        split: sample.split.clone(),
        regime: sample.regime,
    };
    Ok((record, bytes))
}
