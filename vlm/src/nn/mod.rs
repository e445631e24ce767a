//! Layer arithmetic that keeps its gradient: the one place models and training take it from.
//!
//! Provisional plain operations; the fused ones replace them behind the same signatures.

use candle_core::{D, Result, Tensor};

/// `x W^T + b` for `x (..., inputs)`, `weight (outputs, inputs)`.
///
/// # Errors
/// When the shapes do not fit.
pub fn linear(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    let mut shape = x.dims().to_vec();
    let inputs = shape.pop().unwrap_or(0);
    shape.push(weight.dim(0)?);
    let y = x.reshape(((), inputs))?.matmul(&weight.t()?)?;
    let y = match bias {
        Some(bias) => y.broadcast_add(bias)?,
        None => y,
    };
    y.reshape(shape)
}

/// Root-mean-square norm over the last dimension.
///
/// # Errors
/// When the widths differ.
pub fn rms_norm(x: &Tensor, weight: &Tensor, eps: f64) -> Result<Tensor> {
    let mean = x.sqr()?.mean_keepdim(D::Minus1)?;
    x.broadcast_div(&(mean + eps)?.sqrt()?)?.broadcast_mul(weight)
}

/// Softmax over the last dimension.
///
/// # Errors
/// Those of the tensor library.
pub fn softmax_last(x: &Tensor) -> Result<Tensor> {
    candle_nn::ops::softmax(x, D::Minus1)
}

/// `silu(gate) * up`.
///
/// # Errors
/// When the shapes differ.
pub fn silu_mul(gate: &Tensor, up: &Tensor) -> Result<Tensor> {
    gate.silu()? * up
}

/// Rotation of `x (batch, heads, seq, dim)` by `cos, sin` of `(seq, dim / 2)` or `(batch, seq, dim / 2)`; the two
/// halves of `dim` are the pairs.
///
/// # Errors
/// When the shapes do not fit.
pub fn rope(x: &Tensor, cos: &Tensor, sin: &Tensor) -> Result<Tensor> {
    candle_nn::rotary_emb::rope_slow(x, cos, sin)
}

/// Exact GELU.
///
/// # Errors
/// Those of the tensor library.
pub fn gelu(x: &Tensor) -> Result<Tensor> {
    x.gelu_erf()
}
