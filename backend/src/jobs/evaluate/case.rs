//! A sample of a data set, made ready for the model: one picture, one checked question.

use crate::engine::{Picture, Question};
use flipside_shared::{
    image_file::{DecodeLimits, ImageFileError, decode},
    recipe::Source,
    scene::{Scene, render},
};
use std::sync::Arc;

/// One sample.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its place in the data set, from 0; the same in every shard.
    pub index: u64,
    /// Its name in the data set.
    pub id: String,
    /// Its categories in the data set, coarse first; empty where there are none.
    pub categories: Vec<String>,
    /// The picture.
    pub picture: CasePicture,
    /// The question.
    pub question: Question,
    /// The question as it is put to the model: with a hint before it or letters for answers, where the run wants those.
    pub put: Question,
    /// Index of the right option, where the data set tells it.
    pub right: Option<usize>,
    /// What only this data set's own score needs (cycles, figures, groups), as it came.
    pub marks: serde_json::Map<String, serde_json::Value>,
}

/// Where a sample's picture comes from.
#[derive(Clone, Debug)]
pub enum CasePicture {
    /// A scene of the small world.
    Scene {
        /// Its seed.
        seed: u64,
        /// Side of the square it is rendered on, pixels.
        size_px: u32,
    },
    /// A picture file.
    File(Arc<Vec<u8>>),
}

impl CasePicture {
    /// The picture, opaque; files are reduced to 1,024 px on the longer side, as published. Blocks.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn open(&self) -> Result<(Arc<Picture>, Source), ImageFileError> {
        match self {
            Self::Scene { seed, size_px } => {
                let picture = Picture::new(render(&Scene::from_seed(*seed), *size_px));
                Ok((picture, Source::Scene { seed: *seed }))
            }
            Self::File(bytes) => {
                let picture = Picture::new(decode(bytes, DecodeLimits::default())?.raster);
                let (width_px, height_px) = (picture.raster.width_px, picture.raster.height_px);
                let source = Source::Image { id: picture.id.clone(), width_px, height_px };
                Ok((picture, source))
            }
        }
    }
}
