//! The linear layer: one product with the bias laid under it, and a gradient that skips frozen weights.

use super::simd::kernel;
use super::tensor_data::{fused, numbers, read, width};
use candle_core::backend::BackendStorage;
use candle_core::{CpuStorage, CudaStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor, bail};

/// `x W^T + b` for `x (..., inputs)`, `weight (outputs, inputs)`, `bias (outputs)`; gives `(..., outputs)`.
///
/// # Errors
/// When the shapes do not fit.
pub fn linear(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    let mut operands = vec![x, weight];
    operands.extend(bias);
    if fused(&operands) {
        let (x, weight) = (x.contiguous()?, weight.contiguous()?);
        return match bias {
            Some(bias) => x.apply_op3(&weight, &bias.contiguous()?, Product),
            None => x.apply_op2(&weight, Product),
        };
    }
    let mut shape = x.dims().to_vec();
    let inputs = shape.pop().unwrap_or(0);
    shape.push(weight.dim(0)?);
    let y = x.reshape(((), inputs))?.contiguous()?.apply_op2(&weight.contiguous()?, LibraryProduct)?;
    let y = match bias {
        Some(bias) => y.broadcast_add(bias)?,
        None => y,
    };
    y.reshape(shape)
}

/// `x W^T` by the tensor library, for `x (rows, inputs)` and `W (outputs, inputs)`. Its own product would compute and keep
/// the gradient of frozen weights too: half as much work again, and as much memory as the model.
struct LibraryProduct;

impl LibraryProduct {
    fn forward<S: BackendStorage>(x: (&S, &Layout), w: (&S, &Layout)) -> Result<(S, Shape)> {
        let ((rows, inputs), (outputs, expected)) = (x.1.shape().dims2()?, w.1.shape().dims2()?);
        if inputs != expected {
            bail!("linear: x {:?}, weight {:?}", x.1.dims(), w.1.dims());
        }
        let y = x.0.matmul(w.0, (1, rows, outputs, inputs), x.1, &w.1.transpose(0, 1)?)?;
        Ok((y, Shape::from((rows, outputs))))
    }
}

impl CustomOp2 for LibraryProduct {
    fn name(&self) -> &'static str {
        "linear by the library"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        lx: &Layout,
        w: &CpuStorage,
        lw: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        Self::forward((x, lx), (w, lw))
    }

    fn cuda_fwd(
        &self,
        x: &CudaStorage,
        lx: &Layout,
        w: &CudaStorage,
        lw: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        Self::forward((x, lx), (w, lw))
    }

    fn bwd(
        &self,
        x: &Tensor,
        w: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let of_x = x.track_op().then(|| grad.matmul(&w.detach())).transpose()?;
        let of_w = w.track_op().then(|| grad.t()?.matmul(&x.detach())).transpose()?;
        Ok((of_x, of_w))
    }
}

struct Product;

impl Product {
    fn forward(
        x: (&CpuStorage, &Layout),
        w: (&CpuStorage, &Layout),
        bias: &[f32],
    ) -> Result<(CpuStorage, Shape)> {
        let inputs = width(x.1);
        let (outputs, expected) = w.1.shape().dims2()?;
        if inputs != expected || (!bias.is_empty() && bias.len() != outputs) {
            bail!("linear: x {:?}, weight {:?}, {} biases", x.1.dims(), w.1.dims(), bias.len());
        }
        let mut dims = x.1.dims().to_vec();
        dims.pop();
        dims.push(outputs);
        let (x, w) = (numbers(x.0, x.1)?, numbers(w.0, w.1)?);
        let rows = x.len() / inputs;
        let mut y = Vec::with_capacity(rows * outputs);
        if bias.is_empty() {
            y.resize(rows * outputs, 0.);
        } else {
            (0..rows).for_each(|_| y.extend_from_slice(bias));
        }
        product(
            Operand { of: x, row: inputs, column: 1 },
            Operand { of: w, row: 1, column: inputs },
            Sizes { rows, inner: inputs, columns: outputs, add: !bias.is_empty() },
            &mut y,
        );
        Ok((CpuStorage::F32(y), Shape::from(dims)))
    }

    /// Gradients of `x` and `w`, each only when somebody asks for it.
    fn backward(x: &Tensor, w: &Tensor, grad: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (outputs, inputs) = w.dims2()?;
        let rows = grad.elem_count() / outputs.max(1);
        read(grad, |g| {
            let of_x = if x.track_op() {
                let mut out = vec![0f32; rows * inputs];
                read(&w.detach(), |w| {
                    product(
                        Operand { of: g, row: outputs, column: 1 },
                        Operand { of: w, row: inputs, column: 1 },
                        Sizes { rows, inner: outputs, columns: inputs, add: false },
                        &mut out,
                    );
                    Ok(())
                })?;
                Some(Tensor::from_vec(out, x.shape(), x.device())?)
            } else {
                None
            };
            let of_w = if w.track_op() {
                let mut out = vec![0f32; outputs * inputs];
                read(&x.detach(), |x| {
                    product(
                        Operand { of: g, row: 1, column: outputs },
                        Operand { of: x, row: inputs, column: 1 },
                        Sizes { rows: outputs, inner: rows, columns: inputs, add: false },
                        &mut out,
                    );
                    Ok(())
                })?;
                Some(Tensor::from_vec(out, w.shape(), w.device())?)
            } else {
                None
            };
            Ok((of_x, of_w))
        })
    }
}

impl CustomOp2 for Product {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        lx: &Layout,
        w: &CpuStorage,
        lw: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        Self::forward((x, lx), (w, lw), &[])
    }

    fn bwd(
        &self,
        x: &Tensor,
        w: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        Self::backward(x, w, grad)
    }
}

impl CustomOp3 for Product {
    fn name(&self) -> &'static str {
        "linear with bias"
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
        Self::forward((x, lx), (w, lw), numbers(b, lb)?)
    }

    fn bwd(
        &self,
        x: &Tensor,
        w: &Tensor,
        b: &Tensor,
        _: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (of_x, of_w) = Self::backward(x, w, grad)?;
        let of_b = if b.track_op() {
            let mut out = vec![0f32; b.elem_count()];
            read(grad, |g| {
                add_rows(g, &mut out);
                Ok(())
            })?;
            Some(Tensor::from_vec(out, b.shape(), b.device())?)
        } else {
            None
        };
        Ok((of_x, of_w, of_b))
    }
}

kernel! {
    /// Adds all rows of `g` into one row `out`.
    fn add_rows(g: &[f32], out: &mut [f32]) {
        let _ = FMA;
        for row in g.chunks_exact(out.len()) {
            for (o, x) in out.iter_mut().zip(row) {
                *o += x;
            }
        }
    }
}

/// A matrix in memory: the steps from one row and from one column to the next.
#[derive(Clone, Copy)]
pub(super) struct Operand<'a> {
    pub(super) of: &'a [f32],
    pub(super) row: usize,
    pub(super) column: usize,
}

/// `(rows, inner) x (inner, columns)`; `add` keeps what the result holds already.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub(super) rows: usize,
    pub(super) inner: usize,
    pub(super) columns: usize,
    pub(super) add: bool,
}

/// The product into row-major `out`.
fn product(a: Operand, b: Operand, sizes: Sizes, out: &mut [f32]) {
    let Sizes { rows, inner, columns, add } = sizes;
    if rows == 0 || inner == 0 || columns == 0 {
        return;
    }
    assert!(out.len() >= rows * columns, "the result of a product is too short");
    assert!(a.of.len() > (rows - 1) * a.row + (inner - 1) * a.column, "the left operand is too short");
    assert!(b.of.len() > (inner - 1) * b.row + (columns - 1) * b.column, "the right operand is too short");
    if super::brief::product(a, b, sizes, out) {
        return;
    }
    let threads = candle_core::utils::get_num_threads();
    let parallelism = if threads > 1 { gemm::Parallelism::Rayon(threads) } else { gemm::Parallelism::None };
    // SAFETY: the asserts above keep every access inside the three slices, and `out` is not shared.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            out.as_mut_ptr(),
            1,
            columns as isize,
            add,
            a.of.as_ptr(),
            a.column as isize,
            a.row as isize,
            b.of.as_ptr(),
            b.column as isize,
            b.row as isize,
            1f32,
            1f32,
            false,
            false,
            false,
            parallelism,
        );
    }
}
