//! The vision tower: patches of frames of one grid in, merged tokens and inner features out.
//!
//! Patches stay in merge-block order (the four patches of one merged token follow each other) from beginning to end.

use super::config::VisionConfig;
use crate::encoder::{Block, Stack};
use crate::layers::{LayerNorm, Linear, initial};
use crate::nn::{self, Rotation, Scope};
use crate::qwen2_5_vl::GridThw;
use candle_core::{Device, Result, Tensor};
use candle_nn::VarBuilder;

const EPS: f64 = 1e-6;
/// Base of the rotary frequencies.
const THETA: f32 = 10_000.0;

/// Patch embedding, positions, blocks and mergers.
#[derive(Clone, Debug)]
pub struct VisionTower {
    patch_embed: Linear,
    positions: Tensor,
    blocks: Vec<Block>,
    merger: Merger,
    /// After which block, and how.
    inner: Vec<(usize, Merger)>,
    config: VisionConfig,
}

/// What the tower makes of frames of one grid.
#[derive(Clone, Debug)]
pub struct Seen {
    /// `(frames, tokens, out_hidden)`, each frame in raster order.
    pub tokens: Tensor,
    /// The same from inner blocks, for the decoder's first layers in order.
    pub inner: Vec<Tensor>,
}

impl VisionTower {
    /// Takes `patch_embed.*`, `pos_embed.*`, `blocks.*`, `merger.*` and `deepstack_merger_list.*`.
    ///
    /// # Errors
    /// When a weight is absent or misshapen.
    pub fn new(config: &VisionConfig, weights: VarBuilder) -> Result<Self> {
        let hidden = config.hidden_size;
        let (side, frames) = (config.patch_size, config.temporal_patch_size);
        let kernel = (hidden, config.in_channels, frames, side, side);
        let embed = weights.pp("patch_embed.proj");
        let kernel = embed.get_with_hints(kernel, "weight", initial())?;
        let bias = embed.get_with_hints(hidden, "bias", initial())?;
        let positions = (config.num_position_embeddings, hidden);
        let inner = weights.pp("deepstack_merger_list");
        let mut taps: Vec<(usize, usize)> = config
            .deepstack_visual_indexes
            .iter()
            .enumerate()
            .map(|(merger, &block)| (block, merger))
            .collect();
        taps.sort_unstable();
        Ok(Self {
            // The kernel's stride is its size, so the convolution is a product with the flattened kernel.
            patch_embed: Linear::from_parts(kernel.flatten_from(1)?, bias),
            positions: weights.get_with_hints(positions, "pos_embed.weight", initial())?,
            blocks: (0..config.depth)
                .map(|index| block(&config.stack(), weights.pp("blocks").pp(index)))
                .collect::<Result<_>>()?,
            merger: Merger::new(config, false, weights.pp("merger"))?,
            inner: taps
                .into_iter()
                .map(|(block, merger)| Ok((block, Merger::new(config, true, inner.pp(merger))?)))
                .collect::<Result<_>>()?,
            config: config.clone(),
        })
    }

    /// `patches (frames, h * w, channels * repeats * side * side)` of frames of one grid, in merge-block order.
    ///
    /// # Errors
    /// When the patches do not fit the grid or the grid cannot be merged.
    pub fn forward(&self, patches: &Tensor, grid: GridThw) -> Result<Seen> {
        let places = places(grid, self.config.spatial_merge_size)?;
        let x = self.patch_embed.forward(patches)?.broadcast_add(&self.stretched(&places, grid)?)?;
        let (cos, sin) = self.angles(&places, patches.device())?;
        let rotation = Rotation { cos: &cos, sin: &sin };
        let scope = Scope::Runs(vec![places.len()]);
        let mut inner = Vec::with_capacity(self.inner.len());
        let mut x = x;
        for (index, block) in self.blocks.iter().enumerate() {
            x = block.forward(&x, Some(rotation), &scope)?;
            for (_, merger) in self.inner.iter().filter(|(after, _)| *after == index) {
                inner.push(merger.forward(&x)?);
            }
        }
        Ok(Seen { tokens: self.merger.forward(&x)?, inner })
    }

    /// The learnt positions, stretched over the grid so that its corners are theirs, between them linear:
    /// `(h * w, hidden)`.
    fn stretched(&self, places: &[(usize, usize)], grid: GridThw) -> Result<Tensor> {
        let side = self.config.position_side();
        let mut taps = [(); 4].map(|()| (Vec::new(), Vec::new()));
        for &(row, column) in places {
            let (down, across) = (between(row, grid.h, side), between(column, grid.w, side));
            let pairs = down.iter().flat_map(|d| across.iter().map(move |a| (d.0 * side + a.0, d.1 * a.1)));
            for ((indices, weights), (index, weight)) in taps.iter_mut().zip(pairs) {
                indices.push(index as u32);
                weights.push(weight);
            }
        }
        let device = self.positions.device();
        let part = |(indices, weights): &(Vec<u32>, Vec<f32>)| {
            let weights = Tensor::from_slice(weights, (weights.len(), 1), device)?;
            let rows = self.positions.index_select(&Tensor::new(indices.as_slice(), device)?, 0)?;
            rows.broadcast_mul(&weights.to_dtype(rows.dtype())?)
        };
        let [a, b, c, d] = &taps;
        ((part(a)? + part(b)?)? + part(c)?)? + part(d)?
    }

    /// Cosines and sines in f32, `(h * w, head_dim / 2)`: the first half of the frequencies turns with the row, the second with
    /// the column.
    fn angles(&self, places: &[(usize, usize)], device: &Device) -> Result<(Tensor, Tensor)> {
        let quarter = self.config.head_dim() / 4;
        let frequencies: Vec<f32> = (0..quarter).map(|i| THETA.powf(-(i as f32) / quarter as f32)).collect();
        let mut angles = Vec::with_capacity(places.len() * quarter * 2);
        for &(row, column) in places {
            angles.extend(frequencies.iter().map(|f| row as f32 * f));
            angles.extend(frequencies.iter().map(|f| column as f32 * f));
        }
        let angles = Tensor::from_vec(angles, (places.len(), quarter * 2), &Device::Cpu)?;
        Ok((angles.cos()?.to_device(device)?, angles.sin()?.to_device(device)?))
    }
}

/// The two learnt positions around `index` of `size` and their weights.
fn between(index: usize, size: usize, side: usize) -> [(usize, f32); 2] {
    let at = (index * (side - 1)) as f32 / (size - 1).max(1) as f32;
    let low = at as usize;
    let share = at - low as f32;
    [(low, 1.0 - share), ((low + 1).min(side - 1), share)]
}

/// Row and column of each patch, in merge-block order.
fn places(grid: GridThw, merge: usize) -> Result<Vec<(usize, usize)>> {
    let (rows, columns) = grid.merged(merge);
    if rows * merge != grid.h || columns * merge != grid.w || grid.patches() == 0 {
        candle_core::bail!("a grid of {}x{} patches cannot be merged by {merge}", grid.h, grid.w);
    }
    let block = merge * merge;
    let place = |patch: usize| {
        let (block, inside) = (patch / block, patch % block);
        ((block / columns) * merge + inside / merge, (block % columns) * merge + inside % merge)
    };
    Ok((0..grid.h * grid.w).map(place).collect())
}

fn block(stack: &Stack, weights: VarBuilder) -> Result<Block> {
    let (hidden, inside) = (stack.hidden, stack.inside);
    let joined = Linear::new(hidden, 3 * hidden, weights.pp("attn.qkv"))?;
    Ok(Block {
        attention_norm: LayerNorm::new(hidden, stack.eps, weights.pp("norm1"))?,
        query: joined.part(0, hidden)?,
        key: joined.part(1, hidden)?,
        value: joined.part(2, hidden)?,
        output: Linear::new(hidden, hidden, weights.pp("attn.proj"))?,
        mlp_norm: LayerNorm::new(hidden, stack.eps, weights.pp("norm2"))?,
        first: Linear::new(hidden, inside, weights.pp("mlp.linear_fc1"))?,
        second: Linear::new(inside, hidden, weights.pp("mlp.linear_fc2"))?,
        activation: stack.activation,
        heads: stack.heads,
    })
}

#[derive(Clone, Debug)]
struct Merger {
    norm: LayerNorm,
    first: Linear,
    second: Linear,
    /// Whether a whole block is normed at once, or each patch.
    joined: bool,
    block_width: usize,
}

impl Merger {
    fn new(config: &VisionConfig, joined: bool, weights: VarBuilder) -> Result<Self> {
        let block_width = config.hidden_size * config.spatial_merge_size * config.spatial_merge_size;
        let normed = if joined { block_width } else { config.hidden_size };
        Ok(Self {
            norm: LayerNorm::new(normed, EPS, weights.pp("norm"))?,
            first: Linear::new(block_width, block_width, weights.pp("linear_fc1"))?,
            second: Linear::new(block_width, config.out_hidden_size, weights.pp("linear_fc2"))?,
            joined,
            block_width,
        })
    }

    /// `(frames, patches, hidden)` to `(frames, patches / merge^2, out_hidden)`.
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (frames, patches, hidden) = x.dims3()?;
        let blocks = (frames, patches * hidden / self.block_width, self.block_width);
        let x = if self.joined {
            self.norm.forward(&x.reshape(blocks)?)?
        } else {
            self.norm.forward(x)?.reshape(blocks)?
        };
        self.second.forward(&nn::gelu(&self.first.forward(&x)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_keep_their_learnt_positions() {
        assert_eq!(between(0, 5, 48), [(0, 1.0), (1, 0.0)]);
        assert_eq!(between(4, 5, 48), [(47, 1.0), (47, 0.0)]);
        assert_eq!(between(1, 3, 4), [(1, 0.5), (2, 0.5)]);
        assert_eq!(between(0, 1, 4), [(0, 1.0), (1, 0.0)]);
    }

    #[test]
    fn patches_of_a_block_stand_together() {
        let grid = GridThw { t: 1, h: 2, w: 4 };
        let expected = [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (0, 3), (1, 2), (1, 3)];
        assert_eq!(places(grid, 2).unwrap(), expected);
        assert!(places(GridThw { t: 1, h: 3, w: 4 }, 2).is_err());
    }
}
