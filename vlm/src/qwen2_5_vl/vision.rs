//! The vision tower: patches in, merged tokens out.
//!
//! Patches arrive in merge-block order (the four patches of one merged token follow each other). Inside the tower the
//! patches of one attention window lie together; see `windows.rs`.

use super::config::VisionConfig;
use super::windows::Windows;
use crate::layers::{Linear, Mlp, RmsNorm, initial};
use crate::nn::{self, Rotation, Scope};
use candle_core::{Device, Result, Tensor};
use candle_nn::VarBuilder;

const EPS: f64 = 1e-6;

/// How many patches an image has along time, height and width; height and width are multiples of the merge size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GridThw {
    /// Frames after temporal patching; 1 for a still image.
    pub t: usize,
    /// Rows of patches.
    pub h: usize,
    /// Columns of patches.
    pub w: usize,
}

impl GridThw {
    /// All patches.
    pub fn patches(&self) -> usize {
        self.t * self.h * self.w
    }

    /// Rows and columns of merged tokens in a frame.
    pub fn merged(&self, merge: usize) -> (usize, usize) {
        (self.h / merge, self.w / merge)
    }
}

/// Patch embedding, blocks and merger.
#[derive(Clone, Debug)]
pub struct VisionTower {
    patch_embed: Linear,
    blocks: Vec<Block>,
    merger: Merger,
    config: VisionConfig,
}

/// A batch of frames of one grid in window order, with the way back.
struct Embedded {
    /// `(frames, h * w, hidden)`
    x: Tensor,
    windows: Windows,
}

impl VisionTower {
    /// Takes `visual.*`.
    ///
    /// # Errors
    /// When a weight is absent or misshapen.
    pub fn new(config: &VisionConfig, weights: VarBuilder) -> Result<Self> {
        let (side, frames) = (config.patch_size, config.temporal_patch_size);
        let kernel = (config.hidden_size, config.in_channels, frames, side, side);
        let patch_embed = weights.get_with_hints(kernel, "patch_embed.proj.weight", initial())?;
        let blocks = (0..config.depth)
            .map(|index| Block::new(config, weights.pp("blocks").pp(index)))
            .collect::<Result<_>>()?;
        Ok(Self {
            // The kernel's stride is its size, so the convolution is a product with the flattened kernel.
            patch_embed: Linear::from_weight(patch_embed.flatten_from(1)?),
            blocks,
            merger: Merger::new(config, weights.pp("merger"))?,
            config: config.clone(),
        })
    }

    /// `patches (n, channels * frames * side * side)` of all images, one after the other, in merge-block order.
    /// Gives the merged tokens `(n / merge^2, out_hidden)`, image after image, each in raster order.
    ///
    /// # Errors
    /// When `grids` do not add up to `n`.
    pub fn forward(&self, patches: &Tensor, grids: &[GridThw]) -> Result<Tensor> {
        self.by_grid(patches, grids, |tower, embedded| {
            let merged = tower.merger.forward(&embedded.x)?; // (frames, blocks, out_hidden)
            embedded.windows.leave_merged(&merged)?.flatten_to(1)
        })
    }

    /// The merger's output as [`VisionTower::forward`] gives it, from the features of [`VisionTower::forward_blocks`]
    /// of images with one grid.
    ///
    /// # Errors
    /// When the features do not fit the merger.
    pub fn merge(&self, features: &Tensor) -> Result<Tensor> {
        self.merger.forward(&features.unsqueeze(0)?)?.squeeze(0)
    }

    /// The same patches' features before the merger, `(n, hidden)`, in merge-block order as they came.
    ///
    /// # Errors
    /// As [`VisionTower::forward`].
    pub fn forward_blocks(&self, patches: &Tensor, grids: &[GridThw]) -> Result<Tensor> {
        self.by_grid(patches, grids, |_, embedded| embedded.windows.leave(&embedded.x)?.flatten_to(1))
    }

    /// Runs the blocks once for each distinct grid, all images of it as one batch, and puts the results of `finish`
    /// (frames of one grid, flat) back into the order of the images.
    fn by_grid(
        &self,
        patches: &Tensor,
        grids: &[GridThw],
        finish: impl Fn(&Self, &Embedded) -> Result<Tensor>,
    ) -> Result<Tensor> {
        let total: usize = grids.iter().map(GridThw::patches).sum();
        if grids.is_empty() || total != patches.dim(0)? {
            candle_core::bail!("{} patches for grids of {total}", patches.dim(0)?);
        }
        if grids.iter().all(|grid| *grid == grids[0]) {
            return finish(self, &self.run_blocks(patches, grids[0], grids.len())?);
        }
        let mut distinct: Vec<GridThw> = Vec::new();
        for grid in grids {
            if !distinct.contains(grid) {
                distinct.push(*grid);
            }
        }
        let mut parts: Vec<Option<Tensor>> = vec![None; grids.len()];
        for grid in distinct {
            let members: Vec<usize> = (0..grids.len()).filter(|&i| grids[i] == grid).collect();
            let own = members
                .iter()
                .map(|&i| patches.narrow(0, grids[..i].iter().map(GridThw::patches).sum(), grid.patches()))
                .collect::<Result<Vec<_>>>()?;
            let done = finish(self, &self.run_blocks(&Tensor::cat(&own, 0)?, grid, members.len())?)?;
            let rows = done.dim(0)? / members.len();
            for (slot, &i) in members.iter().enumerate() {
                parts[i] = Some(done.narrow(0, slot * rows, rows)?);
            }
        }
        Tensor::cat(&parts.into_iter().flatten().collect::<Vec<_>>(), 0)
    }

    fn run_blocks(&self, patches: &Tensor, grid: GridThw, images: usize) -> Result<Embedded> {
        let windows = Windows::new(grid, &self.config, patches.device())?;
        // Frames never attend to each other, so a frame counts as an image of its own.
        let frames = images * grid.t;
        let x = self.patch_embed.forward(patches)?;
        let x = windows.enter(&x.reshape((frames, grid.h * grid.w, self.config.hidden_size))?)?;
        let rope = RopeTables::new(&windows, &self.config, patches.device())?;
        let whole = Scope::Runs(vec![grid.h * grid.w]);
        let windowed = Scope::Runs(windows.runs.clone());
        let mut x = x;
        for (index, block) in self.blocks.iter().enumerate() {
            let everywhere = self.config.fullatt_block_indexes.contains(&index);
            x = block.forward(&x, &rope, if everywhere { &whole } else { &windowed })?;
        }
        Ok(Embedded { x, windows })
    }
}

/// Cosines and sines of the rotation in f32, `(h * w, head_dim / 2)`: the first half of the frequencies turns with the row,
/// the second with the column.
struct RopeTables {
    cos: Tensor,
    sin: Tensor,
}

impl RopeTables {
    fn new(windows: &Windows, config: &VisionConfig, device: &Device) -> Result<Self> {
        let quarter = config.head_dim() / 4;
        let frequencies: Vec<f32> =
            (0..quarter).map(|i| 10_000f32.powf(-(i as f32) / quarter as f32)).collect();
        let mut angles = Vec::with_capacity(windows.positions.len() * quarter * 2);
        for &(row, column) in &windows.positions {
            angles.extend(frequencies.iter().map(|f| row as f32 * f));
            angles.extend(frequencies.iter().map(|f| column as f32 * f));
        }
        let angles = Tensor::from_vec(angles, (windows.positions.len(), quarter * 2), &Device::Cpu)?;
        Ok(Self { cos: angles.cos()?.to_device(device)?, sin: angles.sin()?.to_device(device)? })
    }
}

#[derive(Clone, Debug)]
struct Block {
    attention_norm: RmsNorm,
    qkv: Linear,
    projection: Linear,
    mlp_norm: RmsNorm,
    mlp: Mlp,
    heads: usize,
}

impl Block {
    fn new(config: &VisionConfig, weights: VarBuilder) -> Result<Self> {
        let hidden = config.hidden_size;
        Ok(Self {
            attention_norm: RmsNorm::new(hidden, EPS, weights.pp("norm1"))?,
            qkv: Linear::new(hidden, 3 * hidden, weights.pp("attn.qkv"))?,
            projection: Linear::new(hidden, hidden, weights.pp("attn.proj"))?,
            mlp_norm: RmsNorm::new(hidden, EPS, weights.pp("norm2"))?,
            mlp: Mlp::new(hidden, config.intermediate_size, weights.pp("mlp"), Linear::new)?,
            heads: config.num_heads,
        })
    }

    fn forward(&self, x: &Tensor, rope: &RopeTables, scope: &Scope) -> Result<Tensor> {
        let x = (x + self.attention(&self.attention_norm.forward(x)?, rope, scope)?)?;
        &x + self.mlp.forward(&self.mlp_norm.forward(&x)?)?
    }

    fn attention(&self, x: &Tensor, rope: &RopeTables, scope: &Scope) -> Result<Tensor> {
        let (frames, seq, hidden) = x.dims3()?;
        let split = (frames, seq, self.heads, hidden / self.heads);
        let part = |index| self.qkv.part(index, hidden)?.forward(x)?.reshape(split);
        let rotation = Rotation { cos: &rope.cos, sin: &rope.sin };
        let mixed = nn::attention(&part(0)?, &part(1)?, &part(2)?, rotation, scope)?;
        self.projection.forward(&mixed.reshape((frames, seq, hidden))?)
    }
}

#[derive(Clone, Debug)]
struct Merger {
    norm: RmsNorm,
    first: Linear,
    second: Linear,
    block_width: usize,
}

impl Merger {
    fn new(config: &VisionConfig, weights: VarBuilder) -> Result<Self> {
        let block_width = config.hidden_size * config.spatial_merge_size * config.spatial_merge_size;
        Ok(Self {
            norm: RmsNorm::new(config.hidden_size, EPS, weights.pp("ln_q"))?,
            first: Linear::new(block_width, block_width, weights.pp("mlp.0"))?,
            second: Linear::new(block_width, config.out_hidden_size, weights.pp("mlp.2"))?,
            block_width,
        })
    }

    /// `(frames, patches, hidden)` to `(frames, patches / merge^2, out_hidden)`.
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (frames, patches, hidden) = x.dims3()?;
        let blocks = patches * hidden / self.block_width;
        let x = self.norm.forward(x)?.reshape((frames, blocks, self.block_width))?;
        self.second.forward(&nn::gelu(&self.first.forward(&x)?)?)
    }
}
