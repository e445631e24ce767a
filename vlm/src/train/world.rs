//! Training scenes: rendered once, kept with what the renderer knows about them.

use crate::error::Result;
use crate::preprocess::{self, PreprocessorConfig};
use candle_core::Tensor;
use flipside_shared::raster::Raster;
use flipside_shared::scene::{Scene, View, Visibility, render};

/// Side of the picture the model looks at, px.
pub(super) const SIDE_PX: u32 = 112;
/// Patches along a side, and merged tokens.
const PATCHES: usize = 14;
pub(super) const TOKENS: usize = 7;
/// Stands for "no object".
pub(super) const NOTHING: u8 = 255;

/// A scene with its picture and labels.
pub(super) struct Sample {
    pub(super) scene: Scene,
    /// RGB, 112 x 112.
    pixels: Vec<u8>,
    /// Per patch, in merge-block order, the object with most of its pixels, or [`NOTHING`].
    pub(super) patch_objects: Vec<u8>,
    /// Per merged token, in raster order, the clearly visible object whose centroid lies in it, or [`NOTHING`].
    pub(super) token_objects: Vec<u8>,
    /// What is to be known about each object.
    pub(super) facts: Vec<Facts>,
}

/// The labels of one object.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    /// Shape, colour, material, size as class numbers.
    pub(super) classes: [u32; 4],
    /// Column and row of the visible centroid and depth, each within about -1..1.
    pub(super) place: [f32; 3],
}

impl Sample {
    /// Renders the scene of a seed. One in eight is rendered larger and reduced by the model's own preprocessing, as
    /// pictures from elsewhere are.
    pub(super) fn new(seed: u64, preprocessor: &PreprocessorConfig) -> Result<Self> {
        let scene = Scene::from_seed(seed);
        let picture = if seed.is_multiple_of(8) {
            preprocess::reduced(&render(&scene, 2 * SIDE_PX), preprocessor)?
        } else {
            render(&scene, SIDE_PX)
        };
        let pixels = picture.rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        let (patch_objects, token_objects, facts) = labels(&scene);
        Ok(Self { scene, pixels, patch_objects, token_objects, facts })
    }

    /// The picture.
    pub(super) fn raster(&self) -> Raster {
        let rgba = self.pixels.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect();
        Raster { width_px: SIDE_PX, height_px: SIDE_PX, rgba }
    }
}

/// The patches of some pictures, one picture after the other.
pub(super) fn patches(samples: &[&Sample], preprocessor: &PreprocessorConfig) -> Result<Tensor> {
    let parts = samples
        .iter()
        .map(|sample| Ok(preprocess::patches(&sample.raster(), preprocessor)?.0))
        .collect::<Result<Vec<_>>>()?;
    Ok(Tensor::cat(&parts, 0)?)
}

fn labels(scene: &Scene) -> (Vec<u8>, Vec<u8>, Vec<Facts>) {
    let view = View::new(scene);
    let count = scene.objects.len();
    let side = SIDE_PX as usize;
    let per_patch = side / PATCHES;
    let mut votes = vec![[0u16; 256]; PATCHES * PATCHES];
    let mut sums = vec![(0f32, 0f32, 0f32); count];
    for (at, id) in view.map.ids.iter().enumerate() {
        let (row, column) = (at / side, at % side);
        votes[row / per_patch * PATCHES + column / per_patch][usize::from(*id)] += 1;
        if let Some(sum) = sums.get_mut(usize::from(*id)) {
            *sum = (sum.0 + column as f32 + 0.5, sum.1 + row as f32 + 0.5, sum.2 + 1.0);
        }
    }
    let majority = |votes: &[u16; 256]| {
        let best = (0..count).max_by_key(|i| votes[*i]).unwrap_or(0);
        if u32::from(votes[best]) * 2 >= (per_patch * per_patch) as u32 { best as u8 } else { NOTHING }
    };
    let mut patch_objects = Vec::with_capacity(votes.len());
    for block in 0..TOKENS * TOKENS {
        for inside in 0..4 {
            let (row, column) = (block / TOKENS * 2 + inside / 2, block % TOKENS * 2 + inside % 2);
            patch_objects.push(majority(&votes[row * PATCHES + column]));
        }
    }

    let (azimuth, elevation) =
        (scene.camera.azimuth_deg.to_radians(), scene.camera.elevation_deg.to_radians());
    let mut token_objects = vec![NOTHING; TOKENS * TOKENS];
    let mut facts = Vec::with_capacity(count);
    for (index, object) in scene.objects.iter().enumerate() {
        let (x, y, n) = sums[index];
        let (x, y) = (x / n.max(1.0) / side as f32, y / n.max(1.0) / side as f32);
        let height = object.size.radius() * object.scale + object.lift;
        let depth = elevation.cos() * (object.y * azimuth.cos() - object.x * azimuth.sin())
            - height * elevation.sin();
        facts.push(Facts {
            classes: [
                object.shape.index(),
                object.colour.index(),
                object.material.index(),
                object.size.index(),
            ]
            .map(|class| class as u32),
            place: [2.0 * x - 1.0, 2.0 * y - 1.0, depth / 4.0],
        });
        if view.visibility(index) == Visibility::Clear {
            let cell = |at: f32| ((at * TOKENS as f32) as usize).min(TOKENS - 1);
            let slot = &mut token_objects[cell(y) * TOKENS + cell(x)];
            let nearer = |other: u8| facts[usize::from(other)].place[2] > depth / 4.0;
            if *slot == NOTHING || nearer(*slot) {
                *slot = index as u8;
            }
        }
    }
    (patch_objects, token_objects, facts)
}
