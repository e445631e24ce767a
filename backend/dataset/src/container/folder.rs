//! Folders of V*: beside each image a JSON file of the same name that asks about it.

use super::{Rows, io, json_document, place};
use crate::error::{DatasetError, RowNumber};
use crate::row::{Cell, Row};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folders of V*, in the order in which the benchmark reports them; others follow by name.
const ORDER: [&str; 4] = ["direct_attributes", "relative_position", "OCR", "GPT4V-hard"];
/// The endings of images.
const IMAGE_ENDINGS: [&str; 4] = ["jpg", "png", "jpeg", "webp"];

/// The questions of a folder and of the folders in it.
pub(super) struct FolderRows {
    root: PathBuf,
    columns: Vec<Arc<str>>,
    total: u64,
    files: std::vec::IntoIter<PathBuf>,
}

impl FolderRows {
    pub fn open(root: &Path) -> Result<Self, DatasetError> {
        let mut folders = children(root)?;
        folders.retain(|path| path.is_dir());
        let rank = |path: &PathBuf| ORDER.iter().position(|name| path.ends_with(name)).unwrap_or(ORDER.len());
        folders.sort_by_key(rank);
        let mut files = questions(root)?;
        for folder in folders {
            files.extend(questions(&folder)?);
        }
        let columns = files.first().and_then(|file| read(root, file).ok());
        let columns = columns.into_iter().flat_map(|row| row.cells).map(|(name, _)| name).collect();
        Ok(Self { root: root.to_owned(), columns, total: files.len() as u64, files: files.into_iter() })
    }
}

/// What is in a folder, by name.
fn children(folder: &Path) -> Result<Vec<PathBuf>, DatasetError> {
    let entries = std::fs::read_dir(folder).map_err(|source| io(folder, source))?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(|source| io(folder, source))?;
    paths.sort();
    Ok(paths)
}

fn questions(folder: &Path) -> Result<Vec<PathBuf>, DatasetError> {
    let mut files = children(folder)?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json") && path.is_file());
    Ok(files)
}

/// The object in a file, with the folder (`category`) and the image (`image`, from the root) that it belongs to.
fn read(root: &Path, file: &Path) -> Result<Row, DatasetError> {
    let place = place(&file.into(), RowNumber::Whole);
    let bad = |reason: String| DatasetError::BadRow { place: place.clone(), reason };
    let text = std::fs::read(file).map_err(|error| bad(error.to_string()))?;
    let value = json_document::parse(file, &text).map_err(|error| bad(error.to_string()))?;
    let Value::Object(fields) = value else { return Err(bad("this is not a JSON object".to_owned())) };
    let mut cells: Vec<(Arc<str>, Cell)> =
        fields.into_iter().map(|(name, value)| (name.into(), Cell::from(value))).collect();
    let image = IMAGE_ENDINGS.iter().map(|ending| file.with_extension(ending)).find(|path| path.is_file());
    let image = image.ok_or_else(|| bad("there is no image of the same name beside this file".to_owned()))?;
    let relative = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
    let folder = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    cells.push(("id".into(), Cell::Text(relative(&file.with_extension("")))));
    cells.push(("category".into(), Cell::Text(folder)));
    cells.push(("image".into(), Cell::Text(relative(&image))));
    Ok(Row { place, cells })
}

impl Rows for FolderRows {
    fn columns(&self) -> &[Arc<str>] {
        &self.columns
    }

    fn next_row(&mut self) -> Option<Result<Row, DatasetError>> {
        Some(read(&self.root, &self.files.next()?))
    }

    fn skip_row(&mut self) -> Option<Result<(), DatasetError>> {
        self.files.next().map(|_| Ok(()))
    }

    fn total(&self) -> Option<u64> {
        Some(self.total)
    }
}
