//! What the model computed before, by content: vision tokens by picture, results by picture and question. One
//! cache per model, so the model is no part of the key.

use super::{pass::Pass, question::Question};
use crate::{config::EngineConfig, telemetry::CACHE_LOOKUPS};
use flipside_shared::raster::ImageId;
use flipside_vlm::VisionTokens;
use moka::sync::Cache;
use std::sync::Arc;

/// A picture under a question.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PassKey {
    /// The picture.
    pub picture: ImageId,
    /// The question.
    pub question: Question,
}

/// The caches of one model; a copy is the same caches.
#[derive(Clone)]
pub struct Caches {
    vision: Cache<ImageId, Arc<VisionTokens>>,
    passes: Cache<PassKey, Arc<Pass>>,
}

impl Caches {
    /// Empty caches of the configured sizes.
    pub fn new(config: &EngineConfig) -> Self {
        let token_bytes = |_: &ImageId, tokens: &Arc<VisionTokens>| {
            let numbers = tokens.tokens.len() + tokens.detail.numbers().len();
            u32::try_from(4 * numbers + 128).unwrap_or(u32::MAX)
        };
        let vision =
            Cache::builder().weigher(token_bytes).max_capacity(config.vision_cache_mib << 20).build();
        let passes = Cache::builder()
            .weigher(|_, pass: &Arc<Pass>| pass.weight_bytes())
            .max_capacity(config.result_cache_mib << 20)
            .build();
        Self { vision, passes }
    }

    /// The result for a picture and a question.
    pub fn pass(&self, key: &PassKey) -> Option<Arc<Pass>> {
        counted("result", self.passes.get(key))
    }

    /// Keeps a result.
    pub fn keep_pass(&self, key: PassKey, pass: &Arc<Pass>) {
        self.passes.insert(key, Arc::clone(pass));
    }

    /// The vision tokens of a picture.
    pub fn vision(&self, picture: &ImageId) -> Option<Arc<VisionTokens>> {
        counted("vision", self.vision.get(picture))
    }

    /// Keeps vision tokens.
    pub fn keep_vision(&self, picture: ImageId, tokens: &Arc<VisionTokens>) {
        self.vision.insert(picture, Arc::clone(tokens));
    }
}

fn counted<T>(cache: &'static str, found: Option<T>) -> Option<T> {
    let outcome = if found.is_some() { "hit" } else { "miss" };
    metrics::counter!(CACHE_LOOKUPS, "cache" => cache, "outcome" => outcome).increment(1);
    found
}
