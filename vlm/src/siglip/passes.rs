//! Many squares through one tower: cut into patches, seen in passes that keep every thread busy.

use super::vision::VisionConfig;
use crate::device::Placement;
use crate::error::Result;
use crate::passes::{self, PATCHES};
use crate::preprocess::cut::{Cut, Levels, cut};
use candle_core::{DType, Device, Tensor};
use flipside_shared::raster::Raster;

impl VisionConfig {
    /// The patches of each square, `(squares, patches, channels * side * side)` on the CPU.
    ///
    /// # Errors
    /// Those of the tensor library, when a square has another size than the tower was built for.
    pub(crate) fn patches(&self, squares: &[Raster], levels: &Levels) -> Result<Tensor> {
        let how = Cut { side: self.patch_size, frames: 1, merge: 1 };
        let values: Vec<f32> = squares.iter().flat_map(|square| cut(square, how, levels)).collect();
        let shape = (squares.len(), self.side() * self.side(), self.patch_width());
        Ok(Tensor::from_vec(values, shape, &Device::Cpu)?)
    }
}

/// What `see` makes of the patches `(squares, patches, width)` of each group, with all groups' squares in passes
/// together: one list of numbers for each square.
pub(crate) fn in_passes(
    groups: &[Tensor],
    placement: &Placement,
    see: impl Fn(&Tensor) -> candle_core::Result<Tensor> + Sync,
) -> Result<Vec<Vec<f32>>> {
    let squares = groups
        .iter()
        .map(|group| (0..group.dim(0)?).map(|index| group.narrow(0, index, 1)).collect())
        .collect::<candle_core::Result<Vec<Vec<Tensor>>>>()?
        .concat();
    let size = |square: &Tensor| square.dims().get(1).copied().unwrap_or(1);
    let pass = |squares: &[Tensor]| -> Result<Vec<Vec<f32>>> {
        let squares = Tensor::cat(squares, 0)?.to_device(&placement.device)?.to_dtype(placement.dtype)?;
        Ok(see(&squares)?.flatten_from(1)?.to_dtype(DType::F32)?.to_vec2::<f32>()?)
    };
    passes::in_passes(&placement.device, &squares, &PATCHES, size, pass)
}
