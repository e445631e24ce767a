//! Stretching a grid of features or of learnt positions, as two products, which have a gradient.
//!
//! Half a step is kept at both ends and nothing is antialiased, as PyTorch's `interpolate` does without aligned corners.

use candle_core::{Result, Tensor};

/// How a place between two others is made of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// From two places.
    Linear,
    /// From four places, a = -0.75.
    Cubic,
}

/// `(rows, columns, hidden)` to `(size[0], size[1], hidden)`.
///
/// # Errors
/// Those of the tensor library.
pub fn stretch(x: &Tensor, size: [usize; 2], kernel: Kernel) -> Result<Tensor> {
    let (rows, columns, hidden) = x.dims3()?;
    let along = |old, new| -> Result<Tensor> {
        Tensor::from_vec(kernel.weights(old, new), (new, old), x.device())?.to_dtype(x.dtype())
    };
    let x = along(rows, size[0])?.matmul(&x.contiguous()?.reshape((rows, columns * hidden))?)?;
    let x = x.reshape((size[0], columns, hidden))?.transpose(0, 1)?.contiguous()?;
    let x = along(columns, size[1])?.matmul(&x.reshape((columns, size[0] * hidden))?)?;
    x.reshape((size[1], size[0], hidden))?.transpose(0, 1)?.contiguous()
}

impl Kernel {
    /// `(new, old)`: how much each of `old` places counts in each of `new`.
    fn weights(self, old: usize, new: usize) -> Vec<f32> {
        let step = old as f32 / new as f32;
        let mut weights = vec![0f32; new * old];
        for (place, row) in weights.chunks_exact_mut(old.max(1)).enumerate() {
            let at = (place as f32 + 0.5) * step - 0.5;
            let at = if self == Self::Linear { at.max(0.0) } else { at };
            let low = at.floor();
            let share = at - low;
            let mut add = |offset: f32, weight: f32| {
                let index = (low + offset).clamp(0.0, (old - 1) as f32) as usize;
                row[index] += weight;
            };
            match self {
                Self::Linear => {
                    add(0.0, 1.0 - share);
                    add(1.0, share);
                }
                Self::Cubic => {
                    add(-1.0, far(1.0 + share));
                    add(0.0, near(share));
                    add(1.0, near(1.0 - share));
                    add(2.0, far(2.0 - share));
                }
            }
        }
        weights
    }
}

const A: f32 = -0.75;

/// The cubic within one step.
fn near(x: f32) -> f32 {
    ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
}

/// The cubic between one step and two.
fn far(x: f32) -> f32 {
    ((A * x - 5.0 * A) * x + 8.0 * A) * x - 4.0 * A
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn weights_add_up_to_one() {
        assert_eq!(Kernel::Linear.weights(4, 2), [0.5, 0.5, 0., 0., 0., 0., 0.5, 0.5]);
        for kernel in [Kernel::Linear, Kernel::Cubic] {
            for (old, new) in [(7, 3), (3, 7), (5, 5)] {
                for row in kernel.weights(old, new).chunks_exact(old) {
                    assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
                }
            }
        }
    }

    #[test]
    fn the_same_size_changes_nothing() {
        let x = Tensor::arange(0f32, 24., &Device::Cpu).unwrap().reshape((3, 4, 2)).unwrap();
        for kernel in [Kernel::Linear, Kernel::Cubic] {
            let same = stretch(&x, [3, 4], kernel).unwrap();
            let (a, b) = (x.flatten_all().unwrap(), same.flatten_all().unwrap());
            assert_eq!(a.to_vec1::<f32>().unwrap(), b.to_vec1::<f32>().unwrap());
        }
    }
}
