//! An operation whose gradient is found by running it again. Until then only its operands are kept: neither the scores
//! of attention, `(batch, heads, seq, seq)` a layer, nor gradients of masks and angles pile up in a device's memory.
//!
//! Knows tensors on any device; not what is run.

use candle_core::backend::BackendStorage;
use candle_core::{
    CpuStorage, CudaStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Storage, Tensor, Var, bail,
};
use std::sync::{Mutex, PoisonError};

type Run = Box<dyn Fn(&[Tensor]) -> Result<Tensor> + Send + Sync>;

/// A result that is there already, and how to find it again.
pub(super) struct Recomputed {
    result: Mutex<Option<Tensor>>,
    run: Run,
}

impl Recomputed {
    /// Runs without a graph, so that `run` is free to take operations that have no gradient.
    pub(super) fn new(
        operands: &[&Tensor],
        run: impl Fn(&[Tensor]) -> Result<Tensor> + Send + Sync + 'static,
    ) -> Result<Self> {
        let detached: Vec<Tensor> = operands.iter().map(|operand| operand.detach()).collect();
        let result = run(&detached)?.contiguous()?;
        Ok(Self { result: Mutex::new(Some(result)), run: Box::new(run) })
    }

    /// Hands the result's numbers over, once.
    fn take<S: BackendStorage>(&self, of: impl Fn(&Storage) -> Option<&S>) -> Result<(S, Shape)> {
        let result = self.result.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(result) = result else { bail!("a recomputed operation was applied twice") };
        let (storage, layout) = result.storage_and_layout();
        match of(&storage) {
            Some(storage) if layout.start_offset() == 0 => {
                Ok((storage.try_clone(layout)?, layout.shape().clone()))
            }
            _ => bail!("a recomputed operation lies elsewhere than its operands"),
        }
    }

    /// The gradient of each operand that somebody asks for.
    fn gradients(&self, operands: &[&Tensor], grad: &Tensor) -> Result<Vec<Option<Tensor>>> {
        let again = operands
            .iter()
            .map(|operand| match operand.track_op() {
                true => Ok(Var::from_tensor(&operand.detach())?.into_inner()),
                false => Ok(operand.detach()),
            })
            .collect::<Result<Vec<_>>>()?;
        let grads = ((self.run)(&again)? * grad)?.sum_all()?.backward()?;
        Ok(again.iter().map(|operand| grads.get(operand).cloned()).collect())
    }
}

fn on_cpu(storage: &Storage) -> Option<&CpuStorage> {
    if let Storage::Cpu(storage) = storage { Some(storage) } else { None }
}

fn on_cuda(storage: &Storage) -> Option<&CudaStorage> {
    if let Storage::Cuda(storage) = storage { Some(storage) } else { None }
}

impl CustomOp2 for Recomputed {
    fn name(&self) -> &'static str {
        "recomputed, of two"
    }

    fn cpu_fwd(&self, _: &CpuStorage, _: &Layout, _: &CpuStorage, _: &Layout) -> Result<(CpuStorage, Shape)> {
        self.take(on_cpu)
    }

    fn cuda_fwd(
        &self,
        _: &CudaStorage,
        _: &Layout,
        _: &CudaStorage,
        _: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        self.take(on_cuda)
    }

    fn bwd(
        &self,
        a: &Tensor,
        b: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let mut grads = self.gradients(&[a, b], grad)?.into_iter();
        Ok((grads.next().flatten(), grads.next().flatten()))
    }
}

impl CustomOp3 for Recomputed {
    fn name(&self) -> &'static str {
        "recomputed, of three"
    }

    fn cpu_fwd(
        &self,
        _: &CpuStorage,
        _: &Layout,
        _: &CpuStorage,
        _: &Layout,
        _: &CpuStorage,
        _: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        self.take(on_cpu)
    }

    fn cuda_fwd(
        &self,
        _: &CudaStorage,
        _: &Layout,
        _: &CudaStorage,
        _: &Layout,
        _: &CudaStorage,
        _: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        self.take(on_cuda)
    }

    fn bwd(
        &self,
        a: &Tensor,
        b: &Tensor,
        c: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let mut grads = self.gradients(&[a, b, c], grad)?.into_iter();
        Ok((grads.next().flatten(), grads.next().flatten(), grads.next().flatten()))
    }
}
