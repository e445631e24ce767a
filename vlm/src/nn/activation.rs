//! Elementwise activations in one pass, with their gradients.

use super::simd::{exp, fma, kernel};
use super::tensor_data::{fused, numbers, read};
use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor, bail};

/// `silu(gate) * up`, elementwise.
///
/// # Errors
/// When the shapes differ.
pub fn silu_mul(gate: &Tensor, up: &Tensor) -> Result<Tensor> {
    if fused(&[gate, up]) {
        return gate.contiguous()?.apply_op2(&up.contiguous()?, SiluMul);
    }
    gate.silu()? * up
}

/// The exact GELU, `x Phi(x)`, to an absolute error of 1e-6.
///
/// # Errors
/// Those of the tensor library.
pub fn gelu(x: &Tensor) -> Result<Tensor> {
    if fused(&[x]) {
        return x.contiguous()?.apply_op1(Gelu);
    }
    x.gelu_erf()
}

/// The tanh form of the GELU, `x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))`.
///
/// # Errors
/// Those of the tensor library.
pub fn gelu_tanh(x: &Tensor) -> Result<Tensor> {
    if fused(&[x]) {
        // 1 + tanh(y) = 2 sigmoid(2 y), and sigmoid is cheap.
        return x.contiguous()?.apply_op1(Gated { linear: 1.595_769, cubic: 0.071_354_82 });
    }
    x.gelu()
}

/// CLIP's quick GELU, `x sigmoid(1.702 x)`.
///
/// # Errors
/// Those of the tensor library.
pub fn quick_gelu(x: &Tensor) -> Result<Tensor> {
    if fused(&[x]) {
        return x.contiguous()?.apply_op1(Gated { linear: 1.702, cubic: 0.0 });
    }
    x * candle_nn::ops::sigmoid(&(x * 1.702)?)?
}

struct SiluMul;

impl CustomOp2 for SiluMul {
    fn name(&self) -> &'static str {
        "silu times"
    }

    fn cpu_fwd(
        &self,
        a: &CpuStorage,
        la: &Layout,
        b: &CpuStorage,
        lb: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        if la.shape() != lb.shape() {
            bail!("silu times: gate {:?}, up {:?}", la.dims(), lb.dims());
        }
        let (a, b) = (numbers(a, la)?, numbers(b, lb)?);
        let mut y = vec![0f32; a.len()];
        silu_forward(a, b, &mut y);
        Ok((CpuStorage::F32(y), la.shape().clone()))
    }

    fn bwd(
        &self,
        a: &Tensor,
        b: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let mut of_a = vec![0f32; a.elem_count()];
        let mut of_b = vec![0f32; b.elem_count()];
        read(&a.detach(), |xs| {
            read(&b.detach(), |us| {
                read(grad, |g| {
                    silu_backward(xs, us, g, &mut of_a, &mut of_b);
                    Ok(())
                })
            })
        })?;
        let tensor = |numbers: Vec<f32>| Tensor::from_vec(numbers, a.shape(), a.device());
        Ok((Some(tensor(of_a)?), Some(tensor(of_b)?)))
    }
}

kernel! {
    fn silu_forward(a: &[f32], b: &[f32], y: &mut [f32]) {
        for ((y, a), b) in y.iter_mut().zip(a).zip(b) {
            *y = a * b / (1.0 + exp::<FMA>(-a));
        }
    }
}

kernel! {
    fn silu_backward(a: &[f32], b: &[f32], g: &[f32], of_a: &mut [f32], of_b: &mut [f32]) {
        for ((((of_a, of_b), a), b), g) in of_a.iter_mut().zip(of_b.iter_mut()).zip(a).zip(b).zip(g) {
            let sigmoid = 1.0 / (1.0 + exp::<FMA>(-a));
            let silu = a * sigmoid;
            *of_b = g * silu;
            *of_a = g * b * (sigmoid + silu * (1.0 - sigmoid));
        }
    }
}

struct Gelu;

impl CustomOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = numbers(x, layout)?;
        let mut y = vec![0f32; x.len()];
        gelu_forward(x, &mut y);
        Ok((CpuStorage::F32(y), layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        let mut out = vec![0f32; x.elem_count()];
        read(&x.detach(), |xs| {
            read(grad, |g| {
                gelu_backward(xs, g, &mut out);
                Ok(())
            })
        })?;
        Ok(Some(Tensor::from_vec(out, x.shape(), x.device())?))
    }
}

/// The normal distribution function by the rational approximation 7.1.26 of Abramowitz and Stegun (error of erf at
/// most 1.5e-7), with e^(-x^2/2) on the side, which the density needs as well.
#[inline(always)]
fn normal<const FMA: bool>(x: f32) -> (f32, f32) {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / fma::<FMA>(0.327_591_1, z, 1.0);
    let p = fma::<FMA>(1.061_405_4, t, -1.453_152_1);
    let p = fma::<FMA>(p, t, 1.421_413_8);
    let p = fma::<FMA>(p, t, -0.284_496_72);
    let p = fma::<FMA>(p, t, 0.254_829_6);
    let bell = exp::<FMA>(-z * z);
    let tail = 0.5 * p * t * bell;
    (if x < 0.0 { tail } else { 1.0 - tail }, bell)
}

kernel! {
    fn gelu_forward(x: &[f32], y: &mut [f32]) {
        for (y, x) in y.iter_mut().zip(x) {
            *y = x * normal::<FMA>(*x).0;
        }
    }
}

kernel! {
    fn gelu_backward(x: &[f32], g: &[f32], out: &mut [f32]) {
        for ((out, x), g) in out.iter_mut().zip(x).zip(g) {
            let (cumulative, bell) = normal::<FMA>(*x);
            *out = g * (cumulative + x * bell * 0.398_942_3);
        }
    }
}

/// `x sigmoid(linear x + cubic x^3)`.
struct Gated {
    linear: f32,
    cubic: f32,
}

impl CustomOp1 for Gated {
    fn name(&self) -> &'static str {
        "gated"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = numbers(x, layout)?;
        let mut y = vec![0f32; x.len()];
        gated_forward(x, self.linear, self.cubic, &mut y);
        Ok((CpuStorage::F32(y), layout.shape().clone()))
    }

    fn bwd(&self, x: &Tensor, _: &Tensor, grad: &Tensor) -> Result<Option<Tensor>> {
        let mut out = vec![0f32; x.elem_count()];
        read(&x.detach(), |xs| {
            read(grad, |g| {
                gated_backward(xs, g, self.linear, self.cubic, &mut out);
                Ok(())
            })
        })?;
        Ok(Some(Tensor::from_vec(out, x.shape(), x.device())?))
    }
}

kernel! {
    fn gated_forward(x: &[f32], linear: f32, cubic: f32, y: &mut [f32]) {
        for (y, x) in y.iter_mut().zip(x) {
            let inner = x * fma::<FMA>(cubic * x, *x, linear);
            *y = x / (1.0 + exp::<FMA>(-inner));
        }
    }
}

kernel! {
    fn gated_backward(x: &[f32], g: &[f32], linear: f32, cubic: f32, out: &mut [f32]) {
        for ((out, x), g) in out.iter_mut().zip(x).zip(g) {
            let square = x * x;
            let sigmoid = 1.0 / (1.0 + exp::<FMA>(-x * fma::<FMA>(cubic, square, linear)));
            let slope = fma::<FMA>(3.0 * cubic, square, linear);
            *out = g * sigmoid * (1.0 + x * (1.0 - sigmoid) * slope);
        }
    }
}
