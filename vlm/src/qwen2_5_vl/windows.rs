//! In which order the patches of a frame stand while they are inside the vision tower.
//!
//! A frame is cut into square windows of merge blocks, smaller ones at the right and lower edge; the patches of a
//! window stand side by side, so that windowed attention is attention over runs.

use super::config::VisionConfig;
use super::vision::GridThw;
use candle_core::{Device, Result, Tensor};

/// The order and the way back, for one grid.
pub(super) struct Windows {
    /// Patches in each window, in order.
    pub(super) runs: Vec<usize>,
    /// Row and column of each patch, in window order.
    pub(super) positions: Vec<(usize, usize)>,
    order: Tensor,
    patch_back: Tensor,
    block_back: Tensor,
}

impl Windows {
    pub(super) fn new(grid: GridThw, config: &VisionConfig, device: &Device) -> Result<Self> {
        let merge = config.spatial_merge_size;
        let (rows, columns) = grid.merged(merge);
        if rows * merge != grid.h || columns * merge != grid.w || grid.patches() == 0 {
            candle_core::bail!("a grid of {}x{} patches cannot be merged by {merge}", grid.h, grid.w);
        }
        let windows = cut(rows, columns, config.window_side());
        let block = merge * merge;
        let runs = windows.iter().map(|blocks| blocks.len() * block).collect();
        let blocks = windows.concat();
        let order: Vec<usize> = blocks.iter().flat_map(|&b| b * block..(b + 1) * block).collect();
        let positions = order
            .iter()
            .map(|&patch| {
                let (b, inside) = (patch / block, patch % block);
                ((b / columns) * merge + inside / merge, (b % columns) * merge + inside % merge)
            })
            .collect();
        Ok(Self {
            runs,
            positions,
            order: ids(&order, device)?,
            patch_back: ids(&inverse(&order), device)?,
            block_back: ids(&inverse(&blocks), device)?,
        })
    }

    /// `(frames, patches, width)` from merge-block order into window order.
    pub(super) fn enter(&self, x: &Tensor) -> Result<Tensor> {
        x.index_select(&self.order, 1)
    }

    /// `(frames, patches, width)` from window order back into merge-block order.
    pub(super) fn leave(&self, x: &Tensor) -> Result<Tensor> {
        x.index_select(&self.patch_back, 1)
    }

    /// `(frames, blocks, width)` of merged tokens from window order into raster order.
    pub(super) fn leave_merged(&self, x: &Tensor) -> Result<Tensor> {
        x.index_select(&self.block_back, 1)
    }
}

/// The merge blocks of each window, by their raster index.
fn cut(rows: usize, columns: usize, side: usize) -> Vec<Vec<usize>> {
    let mut windows = Vec::new();
    for top in (0..rows).step_by(side) {
        for left in (0..columns).step_by(side) {
            let inside = (top..rows.min(top + side))
                .flat_map(|row| (left..columns.min(left + side)).map(move |column| row * columns + column));
            windows.push(inside.collect());
        }
    }
    windows
}

fn inverse(order: &[usize]) -> Vec<usize> {
    let mut back = vec![0; order.len()];
    for (to, &from) in order.iter().enumerate() {
        back[from] = to;
    }
    back
}

fn ids(order: &[usize], device: &Device) -> Result<Tensor> {
    let order: Vec<u32> = order.iter().map(|&i| i as u32).collect();
    Tensor::new(order, device)
}
