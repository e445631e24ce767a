//! From tensors to slices and back: what every fused operation needs to reach its numbers.

use candle_core::{CpuStorage, DType, Layout, Result, Storage, Tensor, bail};

/// Whether the fused operations apply: plain `f32` in main memory. Everything else takes the tensor library's own
/// operations.
pub(super) fn fused(tensors: &[&Tensor]) -> bool {
    #[cfg(test)]
    if LIBRARY_ONLY.get() {
        return false;
    }
    tensors.iter().all(|t| t.dtype() == DType::F32 && t.device().is_cpu())
}

#[cfg(test)]
thread_local! {
    static LIBRARY_ONLY: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Runs `work` on this thread as on a device that the fused operations do not know.
#[cfg(test)]
pub(crate) fn without_fused<R>(work: impl FnOnce() -> R) -> R {
    let before = LIBRARY_ONLY.replace(true);
    let result = work();
    LIBRARY_ONLY.set(before);
    result
}

/// The numbers of a contiguous operand inside an operation.
pub(super) fn numbers<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&storage.as_slice::<f32>()?[start..end]),
        None => bail!("a fused operation needs contiguous operands"),
    }
}

/// Runs `f` on the numbers of a tensor, made contiguous when it is not.
pub(super) fn read<R>(tensor: &Tensor, f: impl FnOnce(&[f32]) -> Result<R>) -> Result<R> {
    let tensor = tensor.contiguous()?;
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        Storage::Cpu(cpu) => f(numbers(cpu, layout)?),
        _ => bail!("a fused operation needs main memory"),
    }
}

/// Width of the last dimension, 1 for a scalar.
pub(super) fn width(layout: &Layout) -> usize {
    layout.dims().last().copied().unwrap_or(1).max(1)
}
