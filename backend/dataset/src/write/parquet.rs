//! Our Parquet tables: id, question, options and images in columns that any tool reads, the rest as JSON in `details`.

use super::Images;
use crate::format::own::Record;
use arrow_array::builder::{BinaryBuilder, ListBuilder, StringBuilder, StructBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Fields};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Rows and bytes of images that wait in memory before they are encoded.
const BATCH_ROWS: usize = 256;
const BATCH_BYTES: usize = 16 << 20;
/// Encoded bytes after which a row group is closed.
const GROUP_BYTES: usize = 64 << 20;

pub(super) struct ParquetWriter {
    file: File,
    writer: Option<ArrowWriter<File>>,
    columns: Columns,
}

struct Columns {
    rows: usize,
    bytes: usize,
    id: StringBuilder,
    question: StringBuilder,
    options: ListBuilder<StringBuilder>,
    images: ListBuilder<StructBuilder>,
    details: StringBuilder,
}

impl Columns {
    fn new() -> Self {
        let fields = Fields::from(vec![
            Field::new("bytes", DataType::Binary, true),
            Field::new("path", DataType::Utf8, true),
        ]);
        let image =
            StructBuilder::new(fields, vec![Box::new(BinaryBuilder::new()), Box::new(StringBuilder::new())]);
        Self {
            rows: 0,
            bytes: 0,
            id: StringBuilder::new(),
            question: StringBuilder::new(),
            options: ListBuilder::new(StringBuilder::new()),
            images: ListBuilder::new(image),
            details: StringBuilder::new(),
        }
    }

    fn push(&mut self, record: Record, images: &Images) -> Result<(), String> {
        for bytes in images {
            let image = self.images.values();
            let mismatch = || "the image columns are not as declared".to_owned();
            image
                .field_builder::<BinaryBuilder>(0)
                .ok_or_else(mismatch)?
                .append_option(bytes.as_ref().map(|b| b.as_slice()));
            image.field_builder::<StringBuilder>(1).ok_or_else(mismatch)?.append_null();
            image.append(true);
            self.bytes += bytes.as_ref().map_or(0, |bytes| bytes.len());
        }
        self.images.append(true);
        self.id.append_value(&record.id);
        self.question.append_value(&record.question);
        self.options.append_value(record.options.iter().map(Some));
        let mut details = serde_json::to_value(record).map_err(|error| error.to_string())?;
        if let Some(details) = details.as_object_mut() {
            details.retain(|name, _| !matches!(name.as_str(), "id" | "question" | "options"));
        }
        self.details.append_value(details.to_string());
        self.rows += 1;
        Ok(())
    }

    fn batch(&mut self) -> Result<RecordBatch, String> {
        let columns: [(&str, ArrayRef); 5] = [
            ("id", Arc::new(self.id.finish())),
            ("question", Arc::new(self.question.finish())),
            ("options", Arc::new(self.options.finish())),
            ("images", Arc::new(self.images.finish())),
            ("details", Arc::new(self.details.finish())),
        ];
        (self.rows, self.bytes) = (0, 0);
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, false)))
            .map_err(|error| error.to_string())
    }
}

impl ParquetWriter {
    pub fn create(path: &Path) -> Result<Self, String> {
        let file = File::create(path).map_err(|error| error.to_string())?;
        let mut columns = Columns::new();
        // The schema is that of an empty batch.
        let schema = columns.batch()?.schema();
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let target = file.try_clone().map_err(|error| error.to_string())?;
        let writer =
            ArrowWriter::try_new(target, schema, Some(properties)).map_err(|error| error.to_string())?;
        Ok(Self { file, writer: Some(writer), columns })
    }

    pub fn write(&mut self, record: Record, images: &Images) -> Result<(), String> {
        self.columns.push(record, images)?;
        if self.columns.rows >= BATCH_ROWS || self.columns.bytes >= BATCH_BYTES {
            self.encode()?;
        }
        Ok(())
    }

    fn encode(&mut self) -> Result<(), String> {
        let batch = self.columns.batch()?;
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.write(&batch).map_err(|error| error.to_string())?;
        if writer.in_progress_size() >= GROUP_BYTES {
            writer.flush().map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<(), String> {
        if self.columns.rows > 0 {
            self.encode()?;
        }
        if let Some(writer) = self.writer.take() {
            writer.close().map_err(|error| error.to_string())?;
        }
        self.file.sync_all().map_err(|error| error.to_string())
    }
}
