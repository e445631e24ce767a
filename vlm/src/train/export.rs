//! The finished model as a checkpoint folder in the published layout.

use super::files::Files;
use super::parameters::Parameters;
use crate::error::{Error, Result};
use candle_core::{DType, Tensor};
use candle_nn::VarMap;
use std::collections::HashMap;
use std::path::Path;

/// Writes weights in half precision under their published names, and all other files. The heads that only training
/// needs stay behind.
pub(super) fn export(map: &VarMap, files: &Files, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|source| Error::Io { path: folder.to_owned(), source })?;
    let published = Parameters::of(map, |name| name.starts_with("visual.") || name.starts_with("model."));
    let weights: HashMap<String, Tensor> = published
        .named()
        .map(|(name, tensor)| Ok((name.to_owned(), tensor.to_dtype(DType::F16)?)))
        .collect::<Result<_>>()?;
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    let path = folder.join("model.safetensors");
    safetensors::serialize_to_file(weights, Some(metadata), &path)
        .map_err(|e| Error::Training { reason: format!("cannot write {}: {e}", path.display()) })?;
    for (name, text) in files.all() {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|source| Error::Io { path, source })?;
    }
    Ok(())
}
