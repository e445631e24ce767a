//! Our JSON lines: a sample on each line, images in base64.

use super::Images;
use crate::base64_text;
use crate::format::own::Record;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

pub(super) struct JsonLinesWriter(BufWriter<File>);

impl JsonLinesWriter {
    pub fn create(path: &Path) -> Result<Self, String> {
        File::create(path).map(|file| Self(BufWriter::new(file))).map_err(|error| error.to_string())
    }

    pub fn write(&mut self, mut record: Record, images: &Images) -> Result<(), String> {
        for (image, bytes) in record.images.iter_mut().zip(images) {
            image.data = bytes.as_ref().map(|bytes| base64_text::encode(bytes));
        }
        serde_json::to_writer(&mut self.0, &record).map_err(|error| error.to_string())?;
        self.0.write_all(b"\n").map_err(|error| error.to_string())
    }

    pub fn finish(mut self) -> Result<(), String> {
        self.0.flush().and_then(|()| self.0.get_ref().sync_all()).map_err(|error| error.to_string())
    }
}
