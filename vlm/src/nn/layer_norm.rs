//! Layer norm in one pass, with its gradient.

use super::recomputed::Recomputed;
use super::simd::{kernel, sum};
use super::softmax::total;
use super::tensor_data::{fused, numbers, read, width};
use candle_core::{CpuStorage, CustomOp3, D, DType, Layout, Result, Shape, Tensor, bail};

/// Layer norm over the last dimension: `(x - mean) / sqrt(variance + eps) * weight + bias`, in the format of `x`.
///
/// # Errors
/// When the widths differ.
pub fn layer_norm(x: &Tensor, weight: &Tensor, bias: &Tensor, eps: f64) -> Result<Tensor> {
    let operands = [x, weight, bias];
    if fused(&operands) {
        let op = LayerNorm { eps: eps as f32 };
        return x.contiguous()?.apply_op3(&weight.contiguous()?, &bias.contiguous()?, op);
    }
    if !operands.iter().any(|operand| operand.track_op()) {
        return plain(x, weight, bias, eps);
    }
    x.apply_op3(weight, bias, Recomputed::new(&operands, move |of| plain(&of[0], &of[1], &of[2], eps))?)
}

/// The same from the tensor library's operations; of its fused ones when no gradient is asked for.
fn plain(x: &Tensor, weight: &Tensor, bias: &Tensor, eps: f64) -> Result<Tensor> {
    if ![x, weight, bias].iter().any(|operand| operand.track_op()) {
        let (weight, bias) = (weight.contiguous()?, bias.contiguous()?);
        return candle_nn::ops::layer_norm(&x.contiguous()?, &weight, &bias, eps as f32);
    }
    let wide = x.to_dtype(DType::F32)?;
    let centred = wide.broadcast_sub(&wide.mean_keepdim(D::Minus1)?)?;
    let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
    let normed = centred.broadcast_div(&(variance + eps)?.sqrt()?)?;
    let scaled = normed.broadcast_mul(&weight.to_dtype(DType::F32)?)?;
    scaled.broadcast_add(&bias.to_dtype(DType::F32)?)?.to_dtype(x.dtype())
}

struct LayerNorm {
    eps: f32,
}

impl CustomOp3 for LayerNorm {
    fn name(&self) -> &'static str {
        "layer norm"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        lx: &Layout,
        w: &CpuStorage,
        lw: &Layout,
        b: &CpuStorage,
        lb: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (x, w, b) = (numbers(x, lx)?, numbers(w, lw)?, numbers(b, lb)?);
        if width(lx) != w.len() || w.len() != b.len() {
            bail!("layer norm: x {:?}, weight {:?}, bias {:?}", lx.dims(), lw.dims(), lb.dims());
        }
        let mut y = vec![0f32; x.len()];
        forward(x, w, b, self.eps, &mut y);
        Ok((CpuStorage::F32(y), lx.shape().clone()))
    }

    fn bwd(
        &self,
        x: &Tensor,
        w: &Tensor,
        b: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let mut of_x = vec![0f32; x.elem_count()];
        let mut of_w = vec![0f32; w.elem_count()];
        let mut of_b = vec![0f32; b.elem_count()];
        read(&x.detach(), |xs| {
            read(&w.detach(), |ws| {
                read(grad, |g| {
                    let mut grads = Grads { x: &mut of_x, weight: &mut of_w, bias: &mut of_b };
                    backward(xs, ws, g, self.eps, &mut grads);
                    Ok(())
                })
            })
        })?;
        let of_w = Tensor::from_vec(of_w, w.shape(), w.device())?;
        let of_b = Tensor::from_vec(of_b, b.shape(), b.device())?;
        let of_x = Tensor::from_vec(of_x, x.shape(), x.device())?;
        Ok((Some(of_x), w.track_op().then_some(of_w), b.track_op().then_some(of_b)))
    }
}

pub(super) struct Grads<'a> {
    pub(super) x: &'a mut [f32],
    pub(super) weight: &'a mut [f32],
    pub(super) bias: &'a mut [f32],
}

kernel! {
    fn forward(x: &[f32], w: &[f32], b: &[f32], eps: f32, y: &mut [f32]) {
        let n = w.len();
        for (x, y) in x.chunks_exact(n).zip(y.chunks_exact_mut(n)) {
            let mean = total(x) / n as f32;
            for (y, x) in y.iter_mut().zip(x) {
                *y = x - mean;
            }
            let scale = 1.0 / (sum::<FMA>(y, y) / n as f32 + eps).sqrt();
            for ((y, w), b) in y.iter_mut().zip(w).zip(b) {
                *y = *y * scale * w + b;
            }
        }
    }
}

kernel! {
    /// With h the normed row before weight and bias and s = 1/deviation: dx = s (g w - mean(g w) - h mean(g w h)),
    /// dw = sum over rows of g h, db = sum over rows of g.
    fn backward(x: &[f32], w: &[f32], g: &[f32], eps: f32, grads: &mut Grads) {
        let n = w.len();
        let mut gw = vec![0f32; n];
        let mut h = vec![0f32; n];
        for ((x, g), out) in x.chunks_exact(n).zip(g.chunks_exact(n)).zip(grads.x.chunks_exact_mut(n)) {
            let mean = total(x) / n as f32;
            for (h, x) in h.iter_mut().zip(x) {
                *h = x - mean;
            }
            let scale = 1.0 / (sum::<FMA>(&h, &h) / n as f32 + eps).sqrt();
            for h in h.iter_mut() {
                *h *= scale;
            }
            for ((gw, g), w) in gw.iter_mut().zip(g).zip(w) {
                *gw = g * w;
            }
            let shift = total(&gw) / n as f32;
            let pull = sum::<FMA>(&gw, &h) / n as f32;
            for ((out, h), gw) in out.iter_mut().zip(&h).zip(&gw) {
                *out = scale * (gw - shift - h * pull);
            }
            for ((out, h), g) in grads.weight.iter_mut().zip(&h).zip(g) {
                *out += g * h;
            }
            for (out, g) in grads.bias.iter_mut().zip(g) {
                *out += g;
            }
        }
    }
}
