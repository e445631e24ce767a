//! Where models come from: the one inside the binary, or a folder.

use crate::engine::Loader;
use flipside_vlm::{Error, Placement, Vlm};
use rust_embed::RustEmbed;
use std::{borrow::Cow, path::Path};

/// The name of the model inside the binary.
pub const EMBEDDED_NAME: &str = "embedded";

/// The embedded checkpoint: in the binary of a release build, read from the repository by a debug build.
#[derive(RustEmbed)]
#[folder = "../vlm/models/embedded"]
#[allow_missing = true]
struct Checkpoint;

/// Loads the model in `folder`, or the embedded one, to where it is to compute.
///
/// # Errors
/// What is wrong with the checkpoint.
pub fn load(folder: Option<&Path>, placement: &Placement) -> Result<Box<dyn Vlm + Send>, Error> {
    match folder {
        Some(folder) => Ok(flipside_vlm::load(folder, placement)?),
        None => embedded(placement),
    }
}

/// The same as something that can be done again, after the model's thread has panicked.
pub fn loader(folder: Option<&Path>, placement: &Placement) -> Loader {
    let (folder, placement) = (folder.map(Path::to_owned), placement.clone());
    Box::new(move || load(folder.as_deref(), &placement))
}

fn embedded(placement: &Placement) -> Result<Box<dyn Vlm + Send>, Error> {
    let files: Vec<(Cow<'static, str>, Cow<'static, [u8]>)> =
        Checkpoint::iter().filter_map(|name| Checkpoint::get(&name).map(|file| (name, file.data))).collect();
    if files.is_empty() {
        let reason = "this build carries no model (vlm/models/embedded was empty): name one with --model DIR";
        return Err(Error::BadRequest { reason: reason.to_owned() });
    }
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
    Ok(flipside_vlm::from_bytes(&files, EMBEDDED_NAME, placement)?)
}
