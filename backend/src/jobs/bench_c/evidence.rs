//! What one model's run says of every sample under corruption: a few numbers and two vectors out of a whole log.

use super::error::BenchError;
use crate::jobs::evaluate::{Manifest, Run, SampleEntry, manifest_of, read};
use flipside_shared::{
    family::{Asked, Family},
    metrics::bench_c::discrimination::UnderCorruption,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// One model's run, reduced.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// What the numbers depend on.
    pub manifest: Manifest,
    /// The run's folder, or the first of its shards.
    pub folder: PathBuf,
    /// Samples by their place in the data set.
    pub samples: BTreeMap<u64, Observed>,
    /// Samples that the run left out.
    pub skipped: BTreeSet<u64>,
}

/// A sample under corruption.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The sample.
    pub sample: SampleEntry,
    /// Shares over the corruptions; none where no corruption was possible or no answer is known.
    pub under_corruption: Option<UnderCorruption>,
}

/// The corruptions of these names; `corruptions` stands for all 19.
///
/// # Errors
/// At the first name that is no corruption's.
pub fn corruptions(names: &[String]) -> Result<Vec<Family>, BenchError> {
    const ALL: &str = "corruptions";
    let mut families: Vec<Family> = Vec::new();
    for name in names {
        let named: Vec<Family> =
            Family::corruptions().filter(|family| name == ALL || name == family.name()).collect();
        if named.is_empty() {
            let known: Vec<&str> =
                std::iter::once(ALL).chain(Family::corruptions().map(Family::name)).collect();
            return Err(BenchError::NotACorruption { name: name.clone(), known: known.join(", ") });
        }
        families.extend(named);
    }
    let mut seen = Vec::new();
    families.retain(|family| {
        let new = !seen.contains(family);
        seen.push(*family);
        new
    });
    Ok(families)
}

/// Reads the folders of several models' runs, in the order in which models first appear; folders of one model are the
/// shards of its run. One run is in memory at a time.
///
/// # Errors
/// When a folder is no finished run, lacks a corruption, or was made with other settings than the first.
pub fn gather(folders: &[PathBuf], families: &[Family]) -> Result<Vec<Evidence>, BenchError> {
    let mut runs: Vec<(Manifest, Vec<PathBuf>)> = Vec::new();
    for folder in folders {
        let manifest = manifest_of(folder)?;
        if let Some((first, paths)) = runs.first()
            && let Some(field) = first.difference_but_model(&manifest)
        {
            return Err(BenchError::OtherSettings { folder: folder.clone(), first: paths[0].clone(), field });
        }
        let lacks = |family: &&Family| !manifest.families.iter().any(|name| name == family.name());
        let missing: Vec<&str> = families.iter().filter(lacks).map(|family| family.name()).collect();
        if !missing.is_empty() {
            return Err(BenchError::MissingCorruptions {
                folder: folder.clone(),
                missing: missing.join(", "),
            });
        }
        match runs.iter_mut().find(|(known, _)| known.model == manifest.model) {
            Some((_, paths)) => paths.push(folder.clone()),
            None => runs.push((manifest, vec![folder.clone()])),
        }
    }
    runs.into_iter().map(|(_, folders)| Evidence::of(read(&folders)?, folders[0].clone(), families)).collect()
}

impl Evidence {
    fn of(run: Run, folder: PathBuf, families: &[Family]) -> Result<Self, BenchError> {
        let mut samples = BTreeMap::new();
        for (number, sample) in run.samples {
            let asked = Asked { options: sample.options.len(), clean_answer: sample.answer };
            let (mut pictures, mut flips, mut rights) = (0.0, 0.0, 0.0);
            for instance in families.iter().flat_map(|family| family.instances(asked)) {
                let key = (number, instance.name);
                match run.predictions.get(&key) {
                    Some(entry) => {
                        pictures += 1.0;
                        flips += f64::from(u8::from(entry.answer != sample.answer));
                        rights += f64::from(u8::from(Some(entry.answer) == sample.right));
                    }
                    None if run.skipped.contains_key(&(number, Some(key.1.clone()))) => {}
                    None => {
                        let (id, what) = (sample.id, key.1);
                        return Err(BenchError::Unfinished { folder, id, what });
                    }
                }
            }
            let known = pictures > 0.0 && sample.right.is_some();
            let under_corruption =
                known.then(|| UnderCorruption { flip_rate: flips / pictures, accuracy: rights / pictures });
            samples.insert(number, Observed { sample, under_corruption });
        }
        let skipped = run.skipped.into_keys().filter(|(_, instance)| instance.is_none());
        Ok(Self {
            manifest: run.manifest,
            folder,
            samples,
            skipped: skipped.map(|(number, _)| number).collect(),
        })
    }
}
