//! What the tests write: pictures, tables, folders; and the shortest ways to read them.

use arrow_array::{Array, ArrayRef, BinaryArray, RecordBatch, StringArray, StructArray};
use arrow_schema::{DataType, Field};
use base64::Engine as _;
use flipside_dataset::{Dataset, DatasetError, Format, OnBadRow, ReadOptions, Sample};
use flipside_shared::image_file::{DecodeLimits, encode_png};
use flipside_shared::raster::Raster;
use parquet::arrow::ArrowWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// A folder that goes when the test does.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, and the folders on the way to it.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Writes a Parquet table in row groups of two rows.
    pub fn parquet(&self, name: &str, columns: Vec<(&str, ArrayRef)>) -> PathBuf {
        let path = self.path().join(name);
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, array)| (name, array, true)),
        )
        .unwrap();
        let mut writer =
            ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), None).unwrap();
        for first in (0..batch.num_rows()).step_by(2) {
            writer.write(&batch.slice(first, 2.min(batch.num_rows() - first))).unwrap();
            writer.flush().unwrap();
        }
        writer.close().unwrap();
        path
    }
}

/// A picture that is told by its shade.
pub fn png(shade: u8) -> Vec<u8> {
    encode_png(&Raster::filled(8, 8, [shade, 20, 30, 255]))
}

pub fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A picture as tables hold it.
pub fn picture(shade: u8) -> String {
    base64(&png(shade))
}

pub fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// An image of a hub's table: bytes and path.
pub type HubImage<'a> = (Option<Vec<u8>>, Option<&'a str>);

/// A column of images of a hub's table.
pub fn images(values: &[Option<HubImage<'_>>]) -> ArrayRef {
    let bytes: BinaryArray =
        values.iter().map(|value| value.as_ref().and_then(|(bytes, _)| bytes.clone())).collect();
    let paths: StringArray = values.iter().map(|value| value.as_ref().and_then(|(_, path)| *path)).collect();
    let valid = values.iter().map(Option::is_some).collect::<Vec<bool>>().into();
    let fields = vec![Field::new("bytes", DataType::Binary, true), Field::new("path", DataType::Utf8, true)];
    let columns: Vec<Arc<dyn Array>> = vec![Arc::new(bytes), Arc::new(paths)];
    Arc::new(StructArray::new(fields.into(), columns, Some(valid)))
}

pub fn try_read(path: &Path, options: &ReadOptions) -> Result<Vec<Sample>, DatasetError> {
    Dataset::open(path, options)?.collect()
}

/// Reads a whole file that has nothing wrong with it.
pub fn read(path: &Path) -> Vec<Sample> {
    try_read(path, &ReadOptions::default()).unwrap()
}

/// The first error of a file.
pub fn error(path: &Path) -> String {
    try_read(path, &ReadOptions::default()).unwrap_err().to_string()
}

pub fn skipping() -> ReadOptions {
    ReadOptions { on_bad_row: OnBadRow::Skip, ..ReadOptions::default() }
}

pub fn format_of(path: &Path) -> Format {
    Dataset::open(path, &ReadOptions::default()).unwrap().format().unwrap()
}

/// The shades of a sample's pictures.
pub fn shades(sample: &Sample) -> Vec<u8> {
    (0..sample.images.len())
        .map(|index| sample.decode_image(index, DecodeLimits::default()).unwrap().raster.rgba[0])
        .collect()
}

pub fn categories<'a>(sample: &'a Sample, kind: &str) -> Vec<&'a str> {
    sample.categories.get(kind).into_iter().flatten().map(String::as_str).collect()
}
