//! What a run's numbers depend on, written beside them. A folder is only gone on with under the same manifest.

use super::plan::Scoring;
use flipside_shared::{api::RegimeName, shard::Shard};
use flipside_vlm::ModelInfo;
use serde::{Deserialize, Serialize};

/// The manifest, `run.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the folder's format.
    pub format: u32,
    /// Version of the program.
    pub flipside: String,
    /// The model.
    pub model: ModelIdentity,
    /// The data set.
    pub data: DataIdentity,
    /// The first samples that are used; all when absent.
    pub limit: Option<u64>,
    /// How many samples are drawn; all when absent.
    pub sample: Option<u64>,
    /// Which part of the samples this folder is about.
    pub shard: Shard,
    /// Names of the perturbations, in their order.
    pub families: Vec<String>,
    /// How questions are put; as the data set says when absent.
    pub regime: Option<RegimeName>,
    /// How options are scored.
    pub scoring: Scoring,
    /// Seed of everything that is drawn.
    pub seed: u64,
    /// Whether changed frequencies are logged.
    #[serde(default)]
    pub spectrum: bool,
}

/// The model that answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelIdentity {
    /// Its name.
    pub name: String,
    /// Its architecture.
    pub family: String,
    /// SHA-256 of its weights.
    pub weights_sha256: String,
    /// Weights.
    pub parameter_count: usize,
    /// Number format.
    pub dtype: String,
    /// Where it computed.
    pub device: String,
    /// Pixels to which pictures are brought, least and most.
    pub pixels: (usize, usize),
}

/// The data set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DataIdentity {
    /// Scenes drawn from seeds.
    World {
        /// Number of scenes.
        scenes: u32,
        /// Which world.
        seed: u64,
        /// Side at which they are rendered, pixels.
        size_px: u32,
    },
    /// A file or folder.
    File {
        /// Its name.
        name: String,
        /// Its format.
        format: String,
        /// SHA-256 of the file, or of its folder's names and sizes.
        sha256: String,
    },
}

impl Manifest {
    /// The format that this build writes: 2 since hints and a blank picture are put to the model.
    pub const FORMAT: u32 = 2;

    /// The first setting in which two manifests differ.
    pub fn difference(&self, other: &Self) -> Option<&'static str> {
        (self.shard != other.shard).then_some("shard").or_else(|| self.difference_but_shard(other))
    }

    /// The same for the parts of one run.
    pub fn difference_but_shard(&self, other: &Self) -> Option<&'static str> {
        let own = [
            ("version of flipside", self.flipside == other.flipside),
            ("model", self.model == other.model),
            ("list of perturbations", self.families == other.families),
            ("--spectrum", self.spectrum == other.spectrum),
        ];
        first_different(&own).or_else(|| self.difference_but_model(other))
    }

    /// The same for runs of different models that are held side by side: what they were asked, not by which build, nor
    /// under which other perturbations.
    pub fn difference_but_model(&self, other: &Self) -> Option<&'static str> {
        first_different(&[
            ("format", self.format == other.format),
            ("data set", self.data == other.data),
            ("--limit", self.limit == other.limit),
            ("--sample", self.sample == other.sample),
            ("--regime", self.regime == other.regime),
            ("--scoring", self.scoring == other.scoring),
            ("--seed", self.seed == other.seed),
        ])
    }
}

fn first_different(settings: &[(&'static str, bool)]) -> Option<&'static str> {
    settings.iter().find_map(|(name, same)| (!same).then_some(*name))
}

impl DataIdentity {
    /// The flags that name it to `flipside evaluate`, but for `--seed`.
    pub fn arguments(&self) -> String {
        match self {
            Self::World { scenes, size_px, .. } => format!("--world {scenes} --size {size_px}"),
            Self::File { name, .. } => format!("--data {name}"),
        }
    }
}

impl From<&ModelInfo> for ModelIdentity {
    fn from(info: &ModelInfo) -> Self {
        Self {
            name: info.name.clone(),
            family: info.family.to_owned(),
            weights_sha256: info.weights_sha256.clone(),
            parameter_count: info.parameter_count,
            dtype: info.dtype.clone(),
            device: info.device.clone(),
            pixels: (info.inputs.min_pixels, info.inputs.max_pixels),
        }
    }
}
