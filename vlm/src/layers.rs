//! The layers that every model is made of, as weights plus a forward on [`crate::nn`].

use crate::nn;
use candle_core::{Result, Tensor};
use candle_nn::{Init, VarBuilder};
use serde::Deserialize;

/// `x W^T + b`.
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    weight: Tensor,
    bias: Option<Tensor>,
}

impl Linear {
    /// Weight `(outputs, inputs)`, bias `(outputs)`.
    pub(crate) fn new(inputs: usize, outputs: usize, weights: VarBuilder) -> Result<Self> {
        let bias = weights.get_with_hints(outputs, "bias", Init::Const(0.))?;
        Ok(Self { weight: matrix(inputs, outputs, weights)?, bias: Some(bias) })
    }

    /// The same without a bias.
    pub(crate) fn without_bias(inputs: usize, outputs: usize, weights: VarBuilder) -> Result<Self> {
        Ok(Self { weight: matrix(inputs, outputs, weights)?, bias: None })
    }

    /// A layer around a weight that is already there, such as a tied embedding.
    pub(crate) fn from_weight(weight: Tensor) -> Self {
        Self { weight, bias: None }
    }

    /// A layer around a weight and a bias that are already there.
    pub(crate) fn from_parts(weight: Tensor, bias: Tensor) -> Self {
        Self { weight, bias: Some(bias) }
    }

    /// The layer that gives rows `index * outputs..` of this one's: one of several that share a matrix.
    pub(crate) fn part(&self, index: usize, outputs: usize) -> Result<Self> {
        let cut = |t: &Tensor| t.narrow(0, index * outputs, outputs);
        Ok(Self { weight: cut(&self.weight)?, bias: self.bias.as_ref().map(cut).transpose()? })
    }

    /// The layer with each output multiplied by its `scale`.
    pub(crate) fn scaled(&self, scale: &Tensor) -> Result<Self> {
        let bias = self.bias.as_ref().map(|bias| bias * scale).transpose()?;
        Ok(Self { weight: self.weight.broadcast_mul(&scale.unsqueeze(1)?)?, bias })
    }

    /// `(..., inputs)` to `(..., outputs)`.
    pub(crate) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        nn::linear(x, &self.weight, self.bias.as_ref())
    }
}

fn matrix(inputs: usize, outputs: usize, weights: VarBuilder) -> Result<Tensor> {
    weights.get_with_hints((outputs, inputs), "weight", initial())
}

/// How fresh weights are drawn.
pub(crate) fn initial() -> Init {
    Init::Randn { mean: 0., stdev: 0.02 }
}

/// Root-mean-square norm over the last dimension.
#[derive(Clone, Debug)]
pub(crate) struct RmsNorm {
    weight: Tensor,
    eps: f64,
}

impl RmsNorm {
    pub(crate) fn new(width: usize, eps: f64, weights: VarBuilder) -> Result<Self> {
        Ok(Self { weight: weights.get_with_hints(width, "weight", Init::Const(1.))?, eps })
    }

    /// Of what is normed.
    pub(crate) fn width(&self) -> usize {
        self.weight.elem_count()
    }

    pub(crate) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        nn::rms_norm(x, &self.weight, self.eps)
    }
}

/// `down(silu(gate(x)) * up(x))`.
#[derive(Clone, Debug)]
pub(crate) struct Mlp {
    gate: Linear,
    up: Linear,
    down: Linear,
}

impl Mlp {
    /// From `gate_proj`, `up_proj`, `down_proj`; `layer` makes each of them, with or without bias.
    pub(crate) fn new(
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

    pub(crate) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.down.forward(&nn::silu_mul(&self.gate.forward(x)?, &self.up.forward(x)?)?)
    }
}

/// Layer norm over the last dimension.
#[derive(Clone, Debug)]
pub(crate) struct LayerNorm {
    weight: Tensor,
    bias: Tensor,
    eps: f64,
}

impl LayerNorm {
    pub(crate) fn new(width: usize, eps: f64, weights: VarBuilder) -> Result<Self> {
        Ok(Self {
            weight: weights.get_with_hints(width, "weight", Init::Const(1.))?,
            bias: weights.get_with_hints(width, "bias", Init::Const(0.))?,
            eps,
        })
    }

    pub(crate) fn forward(&self, x: &Tensor) -> Result<Tensor> {
        nn::layer_norm(x, &self.weight, &self.bias, self.eps)
    }
}

/// What stands between two linear layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Activation {
    /// The exact GELU.
    #[serde(rename = "gelu")]
    Gelu,
    /// Its tanh form.
    #[serde(rename = "gelu_pytorch_tanh", alias = "gelu_new")]
    GeluTanh,
    /// CLIP's.
    #[serde(rename = "quick_gelu")]
    QuickGelu,
}

impl Activation {
    pub(crate) fn forward(self, x: &Tensor) -> Result<Tensor> {
        match self {
            Self::Gelu => nn::gelu(x),
            Self::GeluTanh => nn::gelu_tanh(x),
            Self::QuickGelu => nn::quick_gelu(x),
        }
    }
}
