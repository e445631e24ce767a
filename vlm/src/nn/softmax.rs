//! Softmax and cross entropy in one pass, with their gradients.

use super::simd::{LANES, exp, kernel, sum};
use super::tensor_data::{fused, numbers, read, width};
use candle_core::{CpuStorage, CustomOp1, D, DType, Layout, Result, Shape, Tensor, bail};

/// Softmax over the last dimension, computed in f32 and given in the format of `x`.
///
/// # Errors
/// Those of the tensor library.
pub fn softmax_last(x: &Tensor) -> Result<Tensor> {
    if fused(&[x]) {
        return x.contiguous()?.apply_op1(Softmax);
    }
    let wide = x.to_dtype(DType::F32)?;
    if !x.track_op() {
        return candle_nn::ops::softmax_last_dim(&wide.contiguous()?)?.to_dtype(x.dtype());
    }
    let powers = below_peak(&wide)?.exp()?;
    powers.broadcast_div(&powers.sum_keepdim(D::Minus1)?)?.to_dtype(x.dtype())
}

/// Natural logarithm of the softmax over the last dimension, in f32.
///
/// # Errors
/// Those of the tensor library.
pub fn log_softmax_last(x: &Tensor) -> Result<Tensor> {
    let below = below_peak(&x.to_dtype(DType::F32)?)?;
    below.broadcast_sub(&below.exp()?.sum_keepdim(D::Minus1)?.log()?)
}

/// Each row less its largest number, which changes no softmax and needs no gradient.
fn below_peak(x: &Tensor) -> Result<Tensor> {
    x.broadcast_sub(&x.detach().max_keepdim(D::Minus1)?)
}

/// Weighted cross entropy of `logits (n, classes)`: the sum over rows of `weight * -log softmax(logits)[target]`, a
/// scalar in f32. Rows of weight 0 do not count, whatever their target.
///
/// # Errors
/// When the lengths differ or a target is outside the classes.
pub fn cross_entropy(logits: &Tensor, targets: &[u32], weights: &[f32]) -> Result<Tensor> {
    let (rows, classes) = logits.dims2()?;
    if targets.len() != rows || weights.len() != rows {
        bail!("cross entropy: {rows} rows, {} targets, {} weights", targets.len(), weights.len());
    }
    if let Some(target) = targets.iter().find(|t| **t as usize >= classes) {
        bail!("cross entropy: target {target} of {classes} classes");
    }
    if fused(&[logits]) {
        let op = CrossEntropy { targets: targets.to_vec(), weights: weights.to_vec() };
        return logits.contiguous()?.apply_op1(op);
    }
    let index = Tensor::new(targets, logits.device())?.unsqueeze(1)?;
    let weights = Tensor::new(weights, logits.device())?;
    let log = log_softmax_last(logits)?.gather(&index, 1)?.squeeze(1)?;
    (log * weights)?.sum_all()?.neg()
}

/// Largest number of a row.
#[inline(always)]
pub(super) fn peak(row: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let (whole, rest) = row.as_chunks::<LANES>();
    for x in whole {
        for l in 0..LANES {
            lanes[l] = if x[l] > lanes[l] { x[l] } else { lanes[l] };
        }
    }
    lanes.iter().chain(rest).fold(f32::NEG_INFINITY, |a, b| a.max(*b))
}

/// Sum of a row.
#[inline(always)]
pub(super) fn total(row: &[f32]) -> f32 {
    let mut lanes = [0f32; LANES];
    let (whole, rest) = row.as_chunks::<LANES>();
    for x in whole {
        for l in 0..LANES {
            lanes[l] += x[l];
        }
    }
    lanes.iter().chain(rest).sum()
}

struct Softmax;

impl CustomOp1 for Softmax {
    fn name(&self) -> &'static str {
        "softmax"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = numbers(x, layout)?;
        let mut y = vec![0f32; x.len()];
        softmax_rows(x, width(layout), &mut y);
        Ok((CpuStorage::F32(y), layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, y: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        let mut out = vec![0f32; x.elem_count()];
        let width = x.dims().last().copied().unwrap_or(1);
        read(&y.detach(), |y| {
            read(grad, |g| {
                softmax_backward(y, g, width, &mut out);
                Ok(())
            })
        })?;
        Ok(Some(Tensor::from_vec(out, x.shape(), x.device())?))
    }
}

kernel! {
    fn softmax_rows(x: &[f32], width: usize, y: &mut [f32]) {
        for (x, y) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)) {
            let top = peak(x);
            for (y, x) in y.iter_mut().zip(x) {
                *y = exp::<FMA>(x - top);
            }
            let scale = 1.0 / total(y);
            for y in y.iter_mut() {
                *y *= scale;
            }
        }
    }
}

kernel! {
    fn softmax_backward(y: &[f32], g: &[f32], width: usize, out: &mut [f32]) {
        for ((y, g), out) in y.chunks_exact(width).zip(g.chunks_exact(width)).zip(out.chunks_exact_mut(width)) {
            let mean = sum::<FMA>(y, g);
            for ((out, y), g) in out.iter_mut().zip(y).zip(g) {
                *out = y * (g - mean);
            }
        }
    }
}

struct CrossEntropy {
    targets: Vec<u32>,
    weights: Vec<f32>,
}

impl CustomOp1 for CrossEntropy {
    fn name(&self) -> &'static str {
        "cross entropy"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = numbers(x, layout)?;
        let classes = width(layout);
        let mut soft = vec![0f32; x.len()];
        softmax_rows(x, classes, &mut soft);
        let loss: f64 = self
            .targets
            .iter()
            .zip(&self.weights)
            .zip(soft.chunks_exact(classes))
            .map(|((target, weight), row)| {
                -f64::from(*weight) * f64::from(row[*target as usize].max(1e-30)).ln()
            })
            .sum();
        Ok((CpuStorage::F32(vec![loss as f32]), Shape::from(())))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        let grad = grad.to_scalar::<f32>()?;
        let classes = x.dim(1)?;
        let mut out = vec![0f32; x.elem_count()];
        read(&x.detach(), |x| {
            softmax_rows(x, classes, &mut out);
            Ok(())
        })?;
        for ((target, weight), row) in
            self.targets.iter().zip(&self.weights).zip(out.chunks_exact_mut(classes))
        {
            row[*target as usize] -= 1.0;
            row.iter_mut().for_each(|x| *x *= weight * grad);
        }
        Ok(Some(Tensor::from_vec(out, x.shape(), x.device())?))
    }
}
