//! Layer arithmetic that keeps its gradient: the one place models and training take it from.
//!
//! On the CPU each is one fused pass with an analytic gradient. Elsewhere, and for other number formats, it is made of the
//! tensor library's operations: its fused ones, which silently drop the gradient, run
//! forward only, and the gradient is taken through those that keep it. Norms, rotations and softmax compute in f32 whatever comes in.
//! Knows tensors; nothing of models.

mod activation;
mod attention;
mod attention_kernel;
mod brief;
mod layer_norm;
mod linear;
mod norm;
mod recomputed;
mod rope;
mod simd;
mod softmax;
mod tensor_data;
#[cfg(test)]
mod tests;

pub use activation::{gelu, gelu_tanh, quick_gelu, silu_mul};
pub use attention::{Rotation, Scope, attention};
pub use brief::with_brief_products;
pub use layer_norm::layer_norm;
pub use linear::linear;
pub use norm::rms_norm;
pub use rope::rope;
pub use softmax::{cross_entropy, log_softmax_last, softmax_last};
#[cfg(test)]
pub(crate) use tensor_data::without_fused;
