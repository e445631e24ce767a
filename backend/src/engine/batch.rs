//! One batch: jobs from any number of requests go through the model together. Runs on the model thread; knows
//! neither queue nor clients.

use super::{
    EngineError,
    cache::{Caches, PassKey},
    pass::Pass,
    picture::Picture,
    question::Question,
};
use flipside_shared::{
    api::RegimeName,
    raster::{ImageId, Raster},
};
use flipside_vlm::{PromptRegime, ScoreRequest, VisionTokens, Vlm};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// One picture to look at under one question.
#[derive(Clone, Debug)]
pub struct Look {
    /// The picture.
    pub picture: Arc<Picture>,
    /// The question.
    pub question: Question,
}

impl Look {
    /// Under which its result is cached.
    pub fn key(&self) -> PassKey {
        PassKey { picture: self.picture.id.clone(), question: self.question.clone() }
    }
}

/// Runs what the caches do not hold, each distinct picture and look once, in chunks of `max_batch`, and returns
/// the results in the order of `looks`.
pub fn run(
    model: &dyn Vlm,
    caches: &Caches,
    max_batch: usize,
    looks: &[&Look],
) -> Result<Vec<Arc<Pass>>, EngineError> {
    let keys: Vec<PassKey> = looks.iter().map(|look| look.key()).collect();
    let mut passes: HashMap<&PassKey, Arc<Pass>> = HashMap::new();
    let mut queued = HashSet::new();
    let mut missing = Vec::new();
    for (look, key) in looks.iter().zip(&keys) {
        if !queued.insert(key) {
            continue;
        }
        match caches.pass(key) {
            Some(pass) => drop(passes.insert(key, pass)),
            None => missing.push((*look, key)),
        }
    }
    for chunk in missing.chunks(max_batch) {
        let pictures: Vec<&Picture> = chunk.iter().map(|(look, _)| &*look.picture).collect();
        let tokens = encode(model, caches, &pictures)?;
        let requests: Vec<ScoreRequest<'_>> = chunk
            .iter()
            .zip(&tokens)
            .map(|((look, _), vision)| ScoreRequest {
                vision,
                question: &look.question.text,
                options: &look.question.options,
                regime: regime(look.question.regime),
            })
            .collect();
        let scores = model.score(&requests).map_err(|error| match error {
            flipside_vlm::Error::BadRequest { reason } => EngineError::QuestionRefused { reason },
            other => EngineError::ModelFailed { reason: other.to_string() },
        })?;
        for (((_, key), vision), scores) in chunk.iter().zip(&tokens).zip(scores) {
            let pass = Arc::new(Pass::new(scores, vision));
            if !pass.is_finite() {
                return Err(EngineError::ModelFailed { reason: "a score is not a number".to_owned() });
            }
            caches.keep_pass((*key).clone(), &pass);
            passes.insert(key, pass);
        }
    }
    let short = || EngineError::ModelFailed { reason: "the model returned too few results".to_owned() };
    keys.iter().map(|key| passes.get(key).cloned().ok_or_else(short)).collect()
}

/// The vision tokens of each picture, in order; computed for those that the cache does not hold.
pub fn encode(
    model: &dyn Vlm,
    caches: &Caches,
    pictures: &[&Picture],
) -> Result<Vec<Arc<VisionTokens>>, EngineError> {
    let mut found: HashMap<&ImageId, Arc<VisionTokens>> = HashMap::new();
    let mut queued = HashSet::new();
    let mut missing: Vec<&Picture> = Vec::new();
    for picture in pictures {
        if !queued.insert(&picture.id) {
            continue;
        }
        match caches.vision(&picture.id) {
            Some(tokens) => drop(found.insert(&picture.id, tokens)),
            None => missing.push(picture),
        }
    }
    if !missing.is_empty() {
        let rasters: Vec<&Raster> = missing.iter().map(|picture| &picture.raster).collect();
        let encoded = model.encode(&rasters).map_err(|error| match error {
            flipside_vlm::Error::BadRequest { reason } => EngineError::PictureRefused { reason },
            other => EngineError::ModelFailed { reason: other.to_string() },
        })?;
        for (picture, tokens) in missing.iter().zip(encoded) {
            let tokens = Arc::new(tokens);
            caches.keep_vision(picture.id.clone(), &tokens);
            found.insert(&picture.id, tokens);
        }
    }
    let short = || EngineError::ModelFailed { reason: "the model encoded too few pictures".to_owned() };
    pictures.iter().map(|picture| found.get(&picture.id).cloned().ok_or_else(short)).collect()
}

/// The regime as the model knows it.
pub fn regime(name: RegimeName) -> PromptRegime {
    match name {
        RegimeName::Plain => PromptRegime::Plain,
        RegimeName::Open => PromptRegime::Open,
        RegimeName::Mcq => PromptRegime::Mcq,
        RegimeName::OpenWithOptions => PromptRegime::OpenWithOptions,
        RegimeName::Pope => PromptRegime::Pope,
    }
}
