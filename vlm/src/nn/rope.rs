//! Rotary positions: the two halves of a head's width are the pairs that turn.

use candle_core::{D, DType, Result, Tensor};

/// Rotation of `x (batch, heads, seq, dim)` by `cos, sin` of `(seq, dim / 2)` or `(batch, seq, dim / 2)`; the two
/// halves of `dim` are the pairs. [`super::attention`] rotates on the way and needs no separate pass.
///
/// # Errors
/// When the shapes do not fit.
pub fn rope(x: &Tensor, cos: &Tensor, sin: &Tensor) -> Result<Tensor> {
    // (seq, half) or (batch, 1, seq, half)
    let shared = |t: &Tensor| if t.rank() == 3 { t.unsqueeze(1) } else { Ok(t.clone()) };
    turned(&x.to_dtype(DType::F32)?, &shared(cos)?, &shared(sin)?)?.to_dtype(x.dtype())
}

/// The same for `x (batch, seq, heads, dim)`, scaled, with one rounding at the end.
pub(super) fn rope_by_token(x: &Tensor, cos: &Tensor, sin: &Tensor, scale: f64) -> Result<Tensor> {
    let shared = |t: &Tensor| t.unsqueeze(D::Minus2); // (seq, 1, half) or (batch, seq, 1, half)
    let turned = turned(&x.to_dtype(DType::F32)?, &shared(cos)?, &shared(sin)?)?;
    (turned * scale)?.to_dtype(x.dtype())
}

/// Turns the two halves of the last dimension of `x`, all in f32.
fn turned(x: &Tensor, cos: &Tensor, sin: &Tensor) -> Result<Tensor> {
    let (cos, sin) = (cos.to_dtype(DType::F32)?, sin.to_dtype(DType::F32)?);
    let half = x.dim(D::Minus1)? / 2;
    let (low, high) = (x.narrow(D::Minus1, 0, half)?, x.narrow(D::Minus1, half, half)?);
    let first = (low.broadcast_mul(&cos)? - high.broadcast_mul(&sin)?)?;
    let second = (high.broadcast_mul(&cos)? + low.broadcast_mul(&sin)?)?;
    Tensor::cat(&[first, second], D::Minus1)
}

/// Turns one head vector in place; `sin` is negated to turn back.
#[inline(always)]
pub(super) fn turn<const D: usize>(x: &mut [f32; D], cos: &[f32], sin: &[f32], back: bool) {
    let half = D / 2;
    let (low, high) = x.split_at_mut(half);
    let sign = if back { -1.0 } else { 1.0 };
    for i in 0..half {
        let (a, b, c, s) = (low[i], high[i], cos[i], sin[i] * sign);
        low[i] = a * c - b * s;
        high[i] = b * c + a * s;
    }
}
