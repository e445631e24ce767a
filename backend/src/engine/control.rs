//! The yardstick of a drift: other pictures under the same question (arXiv 2602.06652: 25 random other clean
//! samples). Ours are scenes from fixed seeds, the same in every process.

use super::{pass::Pass, picture::Picture};
use flipside_shared::{
    metrics::drift::{DriftSummary, cosine_distance},
    recipe::DEFAULT_CANVAS_PX,
    scene::{Scene, render},
};
use std::sync::{Arc, OnceLock};

/// First seed of the control scenes; far from the gallery and from what a visitor types.
const FIRST_SEED: u64 = 0x000C_0117_2013_0000;

/// The control pictures, rendered on first use.
pub struct ControlPictures {
    count: u32,
    pictures: OnceLock<Vec<Arc<Picture>>>,
}

impl ControlPictures {
    /// `count` pictures, not rendered yet.
    pub fn new(count: u32) -> Self {
        Self { count, pictures: OnceLock::new() }
    }

    /// All of them; the first call blocks for about a second.
    pub fn all(&self) -> &[Arc<Picture>] {
        self.pictures.get_or_init(|| {
            let seeds = (FIRST_SEED..).take(self.count as usize);
            seeds.map(|seed| Picture::new(render(&Scene::from_seed(seed), DEFAULT_CANVAS_PX))).collect()
        })
    }
}

/// C(x): cosine distances of the context channel from the clean picture to each control picture.
pub fn control_drift(clean: &Pass, controls: &[Arc<Pass>]) -> DriftSummary {
    let distances: Vec<f64> = controls
        .iter()
        .map(|control| cosine_distance(&clean.context_state, &control.context_state))
        .collect();
    DriftSummary::of(&distances)
}
