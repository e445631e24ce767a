//! Root-mean-square norm in one pass, with its gradient.

use super::recomputed::Recomputed;
use super::simd::{kernel, sum};
use super::tensor_data::{fused, numbers, read, width};
use candle_core::{CpuStorage, CustomOp2, D, DType, Layout, Result, Shape, Tensor, bail};

/// Root-mean-square norm over the last dimension: `x / sqrt(mean(x^2) + eps) * weight`, in the format of `x`.
///
/// # Errors
/// When the widths differ.
pub fn rms_norm(x: &Tensor, weight: &Tensor, eps: f64) -> Result<Tensor> {
    if fused(&[x, weight]) {
        return x.contiguous()?.apply_op2(&weight.contiguous()?, RmsNorm { eps: eps as f32 });
    }
    if !x.track_op() && !weight.track_op() {
        return plain(x, weight, eps);
    }
    x.apply_op2(weight, Recomputed::new(&[x, weight], move |of| plain(&of[0], &of[1], eps))?)
}

/// The same from the tensor library's operations; of its fused ones when no gradient is asked for.
fn plain(x: &Tensor, weight: &Tensor, eps: f64) -> Result<Tensor> {
    if !x.track_op() && !weight.track_op() {
        return candle_nn::ops::rms_norm(&x.contiguous()?, &weight.contiguous()?, eps as f32);
    }
    let wide = x.to_dtype(DType::F32)?;
    let mean = wide.sqr()?.mean_keepdim(D::Minus1)?;
    let normed = wide.broadcast_div(&(mean + eps)?.sqrt()?)?;
    normed.broadcast_mul(&weight.to_dtype(DType::F32)?)?.to_dtype(x.dtype())
}

struct RmsNorm {
    eps: f32,
}

impl CustomOp2 for RmsNorm {
    fn name(&self) -> &'static str {
        "rms norm"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        lx: &Layout,
        w: &CpuStorage,
        lw: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (x, w) = (numbers(x, lx)?, numbers(w, lw)?);
        if width(lx) != w.len() {
            bail!("rms norm: x {:?}, weight {:?}", lx.dims(), lw.dims());
        }
        let mut y = vec![0f32; x.len()];
        forward(x, w, self.eps, &mut y);
        Ok((CpuStorage::F32(y), lx.shape().clone()))
    }

    fn bwd(
        &self,
        x: &Tensor,
        w: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let mut of_x = vec![0f32; x.elem_count()];
        let mut of_w = vec![0f32; w.elem_count()];
        read(&x.detach(), |xs| {
            read(&w.detach(), |ws| {
                read(grad, |g| {
                    backward(xs, ws, g, self.eps, &mut of_x, &mut of_w);
                    Ok(())
                })
            })
        })?;
        let of_w = Tensor::from_vec(of_w, w.shape(), w.device())?;
        Ok((Some(Tensor::from_vec(of_x, x.shape(), x.device())?), w.track_op().then_some(of_w)))
    }
}

kernel! {
    fn forward(x: &[f32], w: &[f32], eps: f32, y: &mut [f32]) {
        let n = w.len();
        for (x, y) in x.chunks_exact(n).zip(y.chunks_exact_mut(n)) {
            let scale = 1.0 / (sum::<FMA>(x, x) / n as f32 + eps).sqrt();
            for ((y, x), w) in y.iter_mut().zip(x).zip(w) {
                *y = x * scale * w;
            }
        }
    }
}

kernel! {
    /// With s = 1/rms: dx = s (g w - x s^2 mean(g w x)), dw = sum over rows of g x s.
    fn backward(x: &[f32], w: &[f32], g: &[f32], eps: f32, of_x: &mut [f32], of_w: &mut [f32]) {
        let n = w.len();
        let mut gw = vec![0f32; n];
        for ((x, g), out) in x.chunks_exact(n).zip(g.chunks_exact(n)).zip(of_x.chunks_exact_mut(n)) {
            for ((gw, g), w) in gw.iter_mut().zip(g).zip(w) {
                *gw = g * w;
            }
            let scale = 1.0 / (sum::<FMA>(x, x) / n as f32 + eps).sqrt();
            let pull = sum::<FMA>(&gw, x) / n as f32 * scale * scale;
            for ((out, x), gw) in out.iter_mut().zip(x).zip(&gw) {
                *out = scale * (gw - x * pull);
            }
            for ((out, x), g) in of_w.iter_mut().zip(x).zip(g) {
                *out += g * x * scale;
            }
        }
    }
}
