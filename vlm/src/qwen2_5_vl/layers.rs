//! The three layers that both towers are made of, as weights plus a forward on [`crate::nn`].

use crate::nn;
use candle_core::{Result, Tensor};
use candle_nn::{Init, VarBuilder};

/// `x W^T + b`.
#[derive(Clone, Debug)]
pub(super) struct Linear {
    weight: Tensor,
    bias: Option<Tensor>,
}

impl Linear {
    /// Weight `(outputs, inputs)`, bias `(outputs)`.
    pub(super) fn new(inputs: usize, outputs: usize, weights: VarBuilder) -> Result<Self> {
        let bias = weights.get_with_hints(outputs, "bias", Init::Const(0.))?;
        Ok(Self { weight: matrix(inputs, outputs, weights)?, bias: Some(bias) })
    }

    /// The same without a bias.
    pub(super) fn without_bias(inputs: usize, outputs: usize, weights: VarBuilder) -> Result<Self> {
        Ok(Self { weight: matrix(inputs, outputs, weights)?, bias: None })
    }

    /// A layer around a weight that is already there, such as a tied embedding.
    pub(super) fn from_weight(weight: Tensor) -> Self {
        Self { weight, bias: None }
    }

    /// The layer that gives rows `index * outputs..` of this one's: one of several that share a matrix.
    pub(super) fn part(&self, index: usize, outputs: usize) -> Result<Self> {
        let cut = |t: &Tensor| t.narrow(0, index * outputs, outputs);
        Ok(Self { weight: cut(&self.weight)?, bias: self.bias.as_ref().map(cut).transpose()? })
    }

    /// `(..., inputs)` to `(..., outputs)`.
    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        nn::linear(x, &self.weight, self.bias.as_ref())
    }
}

fn matrix(inputs: usize, outputs: usize, weights: VarBuilder) -> Result<Tensor> {
    weights.get_with_hints((outputs, inputs), "weight", initial())
}

/// How fresh weights are drawn.
pub(super) fn initial() -> Init {
    Init::Randn { mean: 0., stdev: 0.02 }
}

/// Root-mean-square norm over the last dimension.
#[derive(Clone, Debug)]
pub(super) struct RmsNorm {
    weight: Tensor,
    eps: f64,
}

impl RmsNorm {
    pub(super) fn new(width: usize, eps: f64, weights: VarBuilder) -> Result<Self> {
        Ok(Self { weight: weights.get_with_hints(width, "weight", Init::Const(1.))?, eps })
    }

    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        nn::rms_norm(x, &self.weight, self.eps)
    }
}

/// `down(silu(gate(x)) * up(x))`.
#[derive(Clone, Debug)]
pub(super) struct Mlp {
    gate: Linear,
    up: Linear,
    down: Linear,
}

impl Mlp {
    /// From `gate_proj`, `up_proj`, `down_proj`; `layer` makes each of them, with or without bias.
    pub(super) fn new(
        hidden: usize,
        inside: usize,
        weights: VarBuilder,
        layer: impl Fn(usize, usize, VarBuilder) -> Result<Linear>,
    ) -> Result<Self> {
        Ok(Self {
            gate: layer(hidden, inside, weights.pp("gate_proj"))?,
            up: layer(hidden, inside, weights.pp("up_proj"))?,
            down: layer(inside, hidden, weights.pp("down_proj"))?,
        })
    }

    pub(super) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.down.forward(&nn::silu_mul(&self.gate.forward(x)?, &self.up.forward(x)?)?)
    }
}
