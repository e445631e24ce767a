//! A sample's image: bytes, a file or a scene, opened only when it is looked at.

use crate::base64_text;
use crate::error::{DatasetError, Place};
use crate::literal;
use crate::row::{Cell, Row};
use flipside_shared::image_file::{DecodeLimits, DecodedFile, decode, encode_png};
use flipside_shared::scene::{Scene, render};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Where an image comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ImageSource {
    /// The bytes of an image file, shared by the samples that show it.
    Encoded(Arc<Vec<u8>>),
    /// A file.
    File(PathBuf),
    /// A picture of the scene world.
    Scene(ScenePicture),
}

/// A picture that is made again from its seed whenever it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenePicture {
    /// For `Scene::from_seed`.
    pub seed: u64,
    /// Side of the picture, pixels.
    pub size_px: u32,
}

/// An image of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleImage {
    /// Where it comes from.
    pub source: ImageSource,
    /// Identity stated by the data set; see [`SampleImage::key`].
    pub stated_key: Option<String>,
    /// The number n under which the text names it, as `<image n>`.
    pub number: Option<u32>,
}

impl SampleImage {
    /// An image of this source.
    pub fn new(source: ImageSource) -> Self {
        Self { source, stated_key: None, number: None }
    }

    /// What tells this image from others of its data set: `file:` and the path, `sha256:` and the hash of the encoded
    /// bytes, or `scene:` and the seed, unless the data set states another.
    pub fn key(&self) -> String {
        match (&self.stated_key, &self.source) {
            (Some(key), _) => key.clone(),
            (None, ImageSource::File(path)) => format!("file:{}", path.display()),
            (None, ImageSource::Scene(scene)) => format!("scene:{}", scene.seed),
            (None, ImageSource::Encoded(bytes)) => {
                let hash = Sha256::digest(bytes.as_slice());
                let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("sha256:{digits}")
            }
        }
    }

    /// The image as a file: as stored, or PNG for a scene.
    ///
    /// # Errors
    /// A file that cannot be read; `place` is the row to name.
    pub fn encoded(&self, place: &Place) -> Result<Arc<Vec<u8>>, DatasetError> {
        match &self.source {
            ImageSource::Encoded(bytes) => Ok(bytes.clone()),
            ImageSource::Scene(picture) => {
                Ok(Arc::new(encode_png(&render(&Scene::from_seed(picture.seed), picture.size_px))))
            }
            ImageSource::File(path) => read(path).map(Arc::new).map_err(|source| {
                DatasetError::ImageUnreadable { place: place.clone(), path: path.clone(), source }
            }),
        }
    }

    /// The image's pixels; `number` counts the images of the row from 1.
    ///
    /// # Errors
    /// A file that cannot be read, bytes that are no picture.
    pub(crate) fn decoded(
        &self,
        place: &Place,
        number: usize,
        limits: DecodeLimits,
    ) -> Result<DecodedFile, DatasetError> {
        if let ImageSource::Scene(picture) = &self.source {
            let raster = render(&Scene::from_seed(picture.seed), picture.size_px);
            let original_size_px = (raster.width_px, raster.height_px);
            return Ok(DecodedFile { raster, original_size_px });
        }
        decode(&self.encoded(place)?, limits).map_err(|source| DatasetError::ImageDamaged {
            place: place.clone(),
            number,
            source,
        })
    }
}

/// Reads a file; one named without an ending, as SEED-Bench names its images, is looked for with the usual ones.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let plain = std::fs::read(path);
    let missing = matches!(&plain, Err(error) if error.kind() == std::io::ErrorKind::NotFound);
    if !missing {
        return plain;
    }
    let ended = ["jpg", "png", "jpeg", "webp"].map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(".");
        name.push(ending);
        PathBuf::from(name)
    });
    ended.iter().find(|path| path.is_file()).map_or(plain, std::fs::read)
}

/// The folder that the images of a data set lie in.
#[derive(Clone, Debug)]
pub(crate) struct ImageRoot(pub PathBuf);

impl ImageRoot {
    /// The file of a relative path. What the path names may be a link to elsewhere; what it spells may not.
    pub fn file(&self, place: &Place, column: &str, path: &str) -> Result<SampleImage, DatasetError> {
        let mut inside: Vec<&std::ffi::OsStr> = Vec::new();
        // Some sets were written on Windows.
        let spelt = path.replace('\\', "/");
        for component in Path::new(&spelt).components() {
            let stays = match component {
                Component::Normal(name) => {
                    inside.push(name);
                    true
                }
                Component::CurDir => true,
                Component::ParentDir => inside.pop().is_some(),
                Component::RootDir | Component::Prefix(_) => false,
            };
            if !stays {
                let (place, column, root) = (place.clone(), column.to_owned(), self.0.clone());
                return Err(DatasetError::OutsideRoot { place, column, path: path.to_owned(), root });
            }
        }
        let relative: PathBuf = inside.iter().collect();
        // The key is the path within the data set: the same wherever the set lies.
        let stated_key = Some(format!("file:{}", relative.display()));
        Ok(SampleImage { source: ImageSource::File(self.0.join(relative)), stated_key, number: None })
    }

    /// The images of a row: those in `column`, or else those that `image_path` names.
    pub fn images(&self, row: &mut Row, column: &str) -> Result<Vec<SampleImage>, DatasetError> {
        let cell = match row.take(column) {
            cell if cell.is_absent() => row.take("image_path"),
            cell => cell,
        };
        let mut images = Vec::new();
        self.collect(row, column, cell, &mut images)?;
        Ok(images)
    }

    fn collect(
        &self,
        row: &Row,
        column: &str,
        cell: Cell,
        images: &mut Vec<SampleImage>,
    ) -> Result<(), DatasetError> {
        if cell.is_absent() {
            return Ok(());
        }
        match cell {
            Cell::Bytes(bytes) => images.push(SampleImage::new(ImageSource::Encoded(bytes))),
            Cell::List(cells) => {
                for cell in cells {
                    self.collect(row, column, cell, images)?;
                }
            }
            // An image of the hubs: bytes, or else a path.
            Cell::Fields(mut fields) => {
                let mut take = |name: &str| {
                    let found = fields.iter().position(|(field, _)| **field == *name);
                    found.map_or(Cell::Absent, |at| fields.swap_remove(at).1)
                };
                match take("bytes") {
                    cell if cell.is_absent() => self.collect(row, column, take("path"), images)?,
                    bytes => self.collect(row, column, bytes, images)?,
                }
            }
            Cell::Text(text) => match text.starts_with('[').then(|| literal::list(&text)).flatten() {
                Some(listed) => {
                    for text in listed {
                        self.collect(row, column, Cell::Text(text), images)?;
                    }
                }
                None if is_path(&text) => images.push(self.file(&row.place, column, &text)?),
                None => {
                    let bytes =
                        base64_text::decode(text.as_bytes()).map_err(|reason| row.bad(column, reason))?;
                    images.push(SampleImage::new(ImageSource::Encoded(Arc::new(bytes))));
                }
            },
            Cell::Absent | Cell::Number(_) | Cell::Flag(_) => return Err(row.bad(column, "this is no image")),
        }
        Ok(())
    }
}

/// Whether a text is the path of an image, and not the image in base64, which has no dots and is longer.
fn is_path(text: &str) -> bool {
    text.len() <= 64 || (text.len() <= 255 && text.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::RowNumber;

    fn place() -> Place {
        Place { file: Path::new("a.tsv").into(), row: RowNumber::Line(2) }
    }

    #[test]
    fn paths_stay_inside_the_root() {
        let root = ImageRoot(PathBuf::from("/data/images"));
        for (path, file) in [
            ("a.jpg", "/data/images/a.jpg"),
            ("./VS/chart/0_1.png", "/data/images/VS/chart/0_1.png"),
            ("x/../a.jpg", "/data/images/a.jpg"),
            ("x\\a.jpg", "/data/images/x/a.jpg"),
        ] {
            let image = root.file(&place(), "image", path).unwrap();
            assert_eq!(image.source, ImageSource::File(file.into()), "{path}");
        }
        for path in ["/etc/passwd", "../a.jpg", "x/../../a.jpg", "..\\a.jpg"] {
            let error = root.file(&place(), "image", path).unwrap_err();
            assert!(matches!(error, DatasetError::OutsideRoot { .. }), "{path}: {error}");
            assert!(error.to_string().contains("a.tsv, line 2"), "{error}");
        }
    }

    #[test]
    fn a_key_tells_images_apart_by_content_file_or_scene() {
        let encoded = |bytes: &[u8]| SampleImage::new(ImageSource::Encoded(Arc::new(bytes.to_vec()))).key();
        assert_eq!(encoded(b"a"), encoded(b"a"));
        assert_ne!(encoded(b"a"), encoded(b"b"));
        let scene = SampleImage::new(ImageSource::Scene(ScenePicture { seed: 7, size_px: 64 }));
        assert_eq!(scene.key(), "scene:7");
        let root = ImageRoot(PathBuf::from("/data/images"));
        assert_eq!(root.file(&place(), "image", "./x/a.jpg").unwrap().key(), "file:x/a.jpg");
    }
}
