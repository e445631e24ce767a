//! The files of a checkpoint, from a folder or from memory, and its weights under their published names.
//!
//! Knows file names and the safetensors format; not what the weights mean.

use crate::chat::ChatTemplate;
use crate::error::{Error, Result};
use candle_core::{DType, Device, Tensor};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

const WEIGHTS: &str = "model.safetensors";
const INDEX: &str = "model.safetensors.index.json";

/// Where the files of a checkpoint are.
#[derive(Clone, Debug)]
pub enum Checkpoint<'a> {
    /// A folder as published.
    Folder(PathBuf),
    /// Names and contents.
    Memory(&'a [(&'a str, &'a [u8])]),
}

/// All weights of a checkpoint.
pub struct Weights {
    /// By the names their family knows them by.
    pub tensors: HashMap<String, Tensor>,
    /// SHA-256 over the weight files in the order of their names.
    pub sha256: String,
}

impl Checkpoint<'_> {
    /// The bytes of a file that must be there.
    ///
    /// # Errors
    /// [`Error::MissingFile`], [`Error::Io`].
    pub fn read(&self, name: &str) -> Result<Cow<'_, [u8]>> {
        self.read_if_any(name)?.ok_or_else(|| Error::MissingFile {
            name: name.to_owned(),
            folder: match self {
                Self::Folder(folder) => Some(folder.clone()),
                Self::Memory(_) => None,
            },
        })
    }

    /// The text of a file that must be there.
    ///
    /// # Errors
    /// As [`Checkpoint::read`], and [`Error::BadJson`] when it is not UTF-8.
    pub fn text(&self, name: &str) -> Result<String> {
        text(name, self.read(name)?)
    }

    fn read_if_any(&self, name: &str) -> Result<Option<Cow<'_, [u8]>>> {
        match self {
            Self::Folder(folder) => {
                let path = folder.join(name);
                match std::fs::read(&path) {
                    Ok(bytes) => Ok(Some(Cow::Owned(bytes))),
                    Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                    Err(source) => Err(Error::Io { path, source }),
                }
            }
            Self::Memory(files) => {
                Ok(files.iter().find(|(file, _)| *file == name).map(|(_, bytes)| Cow::Borrowed(*bytes)))
            }
        }
    }

    /// The chat template, from whichever of its three homes it lives in.
    ///
    /// # Errors
    /// [`Error::MissingFile`] when there is none, [`Error::ChatTemplate`] when it does not parse.
    pub fn chat_template(&self) -> Result<ChatTemplate> {
        if let Some(source) = self.read_if_any("chat_template.jinja")? {
            return ChatTemplate::new(&text("chat_template.jinja", source)?);
        }
        for file in ["chat_template.json", "tokenizer_config.json"] {
            let Some(json) = self.read_if_any(file)? else { continue };
            if let Some(source) = ChatTemplate::source_in_json(file, &text(file, json)?)? {
                return ChatTemplate::new(&source);
            }
        }
        self.read("chat_template.jinja").and_then(|_| self.chat_template())
    }

    /// All weights, in one file or in shards, as `dtype` on `device`, each under the name that `rename` makes of the one
    /// in the file.
    ///
    /// # Errors
    /// [`Error::MissingFile`], [`Error::BadJson`] for the index, [`Error::BadWeights`] when a file is cut short.
    pub fn weights(&self, dtype: DType, device: &Device, rename: fn(&str) -> String) -> Result<Weights> {
        let mut tensors = HashMap::new();
        let mut hash = Sha256::new();
        for file in self.weight_files()? {
            let bytes = self.read(&file)?;
            hash.update(&bytes);
            let shard = candle_core::safetensors::load_buffer(&bytes, device)
                .map_err(|e| Error::BadWeights { file: file.clone(), reason: e.to_string() })?;
            for (name, tensor) in shard {
                tensors.insert(rename(&name), tensor.to_dtype(dtype)?);
            }
        }
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Weights { tensors, sha256 })
    }

    fn weight_files(&self) -> Result<BTreeSet<String>> {
        #[derive(Deserialize)]
        struct Index {
            weight_map: HashMap<String, String>,
        }
        let Some(json) = self.read_if_any(INDEX)? else { return Ok([WEIGHTS.to_owned()].into()) };
        let index: Index = serde_json::from_slice(&json)
            .map_err(|e| Error::BadJson { file: INDEX.to_owned(), reason: e.to_string() })?;
        Ok(index.weight_map.into_values().collect())
    }
}

fn text(name: &str, bytes: Cow<[u8]>) -> Result<String> {
    String::from_utf8(bytes.into_owned())
        .map_err(|e| Error::BadJson { file: name.to_owned(), reason: format!("not UTF-8: {e}") })
}

/// Gives a failure to find a weight its own name.
pub fn name_weight_error(error: candle_core::Error) -> Error {
    match error {
        candle_core::Error::WithBacktrace { inner, .. } => name_weight_error(*inner),
        candle_core::Error::CannotFindTensor { path } => Error::MissingTensor { name: path },
        candle_core::Error::UnexpectedShape { msg, expected, got } => Error::ShapeMismatch {
            name: msg.rsplit(' ').next().unwrap_or_default().to_owned(),
            expected: expected.into_dims(),
            found: got.into_dims(),
        },
        other => Error::Compute(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_damaged_files_are_named() {
        let empty = Checkpoint::Memory(&[]);
        let message = empty.weights(DType::F32, &Device::Cpu, str::to_owned).err().unwrap().to_string();
        assert_eq!(message, "the model folder has no model.safetensors");
        assert!(matches!(empty.chat_template(), Err(Error::MissingFile { .. })));
        let cut: &[(&str, &[u8])] = &[("model.safetensors", &[9, 0, 0, 0, 0, 0, 0, 0, b'{'])];
        let message = Checkpoint::Memory(cut)
            .weights(DType::F32, &Device::Cpu, str::to_owned)
            .err()
            .unwrap()
            .to_string();
        assert!(message.starts_with("model.safetensors is damaged or cut short"), "{message}");
    }
}
