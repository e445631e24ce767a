//! Attention with rotary positions as one operation: rotation, scores, softmax and mixing without a score matrix in
//! memory, and the gradient by computing the scores again.
//!
//! Tensors come token by token, as the projections leave them, so nothing is transposed or copied.

use super::attention_kernel::{Grads, Head, backward, forward};
use super::recomputed::Recomputed;
use super::rope::rope_by_token;
use super::softmax::softmax_last;
use super::tensor_data::{fused, numbers, read};
use candle_core::{CpuStorage, CustomOp3, DType, Layout, Result, Shape, Tensor, bail};

/// Head widths that the fused operation is compiled for: those of the published checkpoints of the families here, and of
/// our own.
const WIDTHS: [usize; 6] = [16, 32, 64, 72, 80, 128];

/// Calls the kernel that was compiled for one of [`WIDTHS`].
macro_rules! at_width {
    ($width:expr, $kernel:ident($($argument:expr),*)) => {
        match $width {
            16 => $kernel::<16>($($argument),*),
            32 => $kernel::<32>($($argument),*),
            64 => $kernel::<64>($($argument),*),
            72 => $kernel::<72>($($argument),*),
            80 => $kernel::<80>($($argument),*),
            _ => $kernel::<128>($($argument),*),
        }
    };
}

/// Which tokens a token attends to.
#[derive(Clone, Debug)]
pub enum Scope {
    /// The sequence is a row of runs of these lengths; each attends to itself, in both directions.
    Runs(Vec<usize>),
    /// `(batch or 1, 1, seq, seq)` added to the scaled scores: 0 where seen, very negative where not.
    Mask(Tensor),
}

/// The angles by which queries and keys turn: cosines and sines of `(seq, dim / 2)` or `(batch, seq, dim / 2)`.
#[derive(Clone, Copy, Debug)]
pub struct Rotation<'a> {
    /// Cosines.
    pub cos: &'a Tensor,
    /// Sines.
    pub sin: &'a Tensor,
}

/// `softmax(rot(query) rot(key)^T / sqrt(dim)) value`, for `query (batch, seq, heads, dim)` and
/// `key, value (batch, seq, kv_heads, dim)`, where `kv_heads` divides `heads` and neighbouring query heads share a key
/// head. Gives `(batch, seq, heads, dim)`. Without a rotation nothing turns. The angles and the mask get no gradient.
///
/// # Errors
/// When the shapes do not fit together.
pub fn attention<'a>(
    query: &Tensor,
    key: &Tensor,
    value: &Tensor,
    rotation: impl Into<Option<Rotation<'a>>>,
    scope: &Scope,
) -> Result<Tensor> {
    let rotation = rotation.into();
    let (batch, seq, heads, dim) = query.dims4()?;
    let (_, _, kv_heads, _) = key.dims4()?;
    if key.dims() != [batch, seq, kv_heads, dim]
        || value.dims() != key.dims()
        || !heads.is_multiple_of(kv_heads)
    {
        bail!("attention: query {:?}, key {:?}, value {:?}", query.dims(), key.dims(), value.dims());
    }
    if let Scope::Runs(runs) = scope
        && runs.iter().sum::<usize>() != seq
    {
        bail!("attention: runs {runs:?} for {seq} tokens");
    }
    let mut operands = vec![query, key, value];
    operands.extend(rotation.iter().flat_map(|rotation| [rotation.cos, rotation.sin]));
    if !fused(&operands) || !WIDTHS.contains(&dim) {
        if !query.track_op() && !key.track_op() && !value.track_op() {
            return plain(query, key, value, rotation, scope);
        }
        let angles = rotation.map(|rotation| (rotation.cos.detach(), rotation.sin.detach()));
        let scope = scope.clone();
        let again = Recomputed::new(&[query, key, value], move |of| {
            let rotation = angles.as_ref().map(|(cos, sin)| Rotation { cos, sin });
            plain(&of[0], &of[1], &of[2], rotation, &scope)
        })?;
        return query.apply_op3(key, value, again);
    }
    let mask = match scope {
        Scope::Runs(_) => None,
        Scope::Mask(mask) => Some(mask.detach().flatten_all()?.to_vec1::<f32>()?),
    };
    let runs = match scope {
        Scope::Runs(runs) => runs.clone(),
        Scope::Mask(_) => vec![seq],
    };
    let numbers = |t: &Tensor| t.detach().flatten_all()?.to_vec1::<f32>();
    let (cos, sin) = match rotation {
        Some(rotation) => (numbers(rotation.cos)?, numbers(rotation.sin)?),
        None => (vec![1.; seq * dim / 2], vec![0.; seq * dim / 2]),
    };
    let own = |length: usize, one: usize, what: &str| {
        if length != one && length != one * batch {
            bail!("attention: {length} numbers of {what} for {batch} sequences of {seq}");
        }
        Ok(())
    };
    own(cos.len(), seq * dim / 2, "angles")?;
    own(sin.len(), cos.len(), "angles")?;
    if let Some(mask) = &mask {
        own(mask.len(), seq * seq, "mask")?;
    }
    let op = Attention { runs, mask, cos, sin, batch, seq, heads, kv_heads, dim };
    query.contiguous()?.apply_op3(&key.contiguous()?, &value.contiguous()?, op)
}

/// The same from the tensor library's operations, for other devices, number formats and head widths.
fn plain(
    query: &Tensor,
    key: &Tensor,
    value: &Tensor,
    rotation: Option<Rotation>,
    scope: &Scope,
) -> Result<Tensor> {
    let (batch, _, _, dim) = query.dims4()?;
    let scale = (dim as f64).powf(-0.5);
    let (query, key) = match rotation {
        Some(Rotation { cos, sin }) => {
            (rope_by_token(query, cos, sin, scale)?, rope_by_token(key, cos, sin, 1.0)?)
        }
        None => ((query * scale)?, key.clone()),
    };
    let runs = match scope {
        Scope::Mask(mask) => return attend(&query, &key, value, Some(mask)),
        Scope::Runs(runs) => runs,
    };
    // Neighbouring runs of one length become a batch: most of a picture's windows at once.
    let mut start = 0;
    let mut parts = Vec::new();
    for equal in runs.chunk_by(|a, b| a == b) {
        let (length, count) = (equal[0], equal.len());
        let cut = |t: &Tensor| {
            let (_, _, heads, dim) = t.dims4()?;
            t.narrow(1, start, count * length)?.contiguous()?.reshape((batch * count, length, heads, dim))
        };
        let (query, key, value) = (cut(&query)?, cut(&key)?, cut(value)?);
        let mixed = attend(&query, &key, &value, None)?;
        let (_, _, heads, dim) = mixed.dims4()?;
        parts.push(mixed.reshape((batch, count * length, heads, dim))?);
        start += count * length;
    }
    match parts.as_slice() {
        [whole] => Ok(whole.clone()),
        _ => Tensor::cat(&parts, 1),
    }
}

/// Scores, softmax in f32 and mixing; token by token like [`attention`], rotation and scale already in the query.
fn attend(query: &Tensor, key: &Tensor, value: &Tensor, mask: Option<&Tensor>) -> Result<Tensor> {
    let (batch, seq, heads, dim) = query.dims4()?;
    let kv_heads = key.dim(2)?;
    let group = heads / kv_heads;
    let heads_first = |t: &Tensor| t.transpose(1, 2)?.contiguous(); // (batch, heads, seq, dim)
    let (key, value) = (heads_first(key)?, heads_first(value)?);
    // The query heads of a group stack along the sequence against their one key head: no repeated keys.
    let query = heads_first(query)?.reshape((batch, kv_heads, group * seq, dim))?;
    let scores = query.matmul(&key.t()?)?.to_dtype(DType::F32)?.reshape((batch, heads, seq, seq))?;
    let scores = match mask {
        Some(mask) => scores.broadcast_add(mask)?,
        None => scores,
    };
    let weights = softmax_last(&scores)?.to_dtype(query.dtype())?;
    let mixed = weights.reshape((batch, kv_heads, group * seq, seq))?.matmul(&value)?;
    mixed.reshape((batch, heads, seq, dim))?.transpose(1, 2)?.contiguous()
}

struct Attention {
    runs: Vec<usize>,
    mask: Option<Vec<f32>>,
    cos: Vec<f32>,
    sin: Vec<f32>,
    batch: usize,
    seq: usize,
    heads: usize,
    kv_heads: usize,
    dim: usize,
}

impl Attention {
    /// Calls `run` for each sequence, run and key head with what the kernels need of it.
    fn each(&self, mut run: impl FnMut(&Head)) {
        let (seq, half) = (self.seq, self.dim / 2);
        for sample in 0..self.batch {
            let angles = if self.cos.len() == seq * half { 0 } else { sample * seq * half };
            let mask = self.mask.as_ref().map(|mask| {
                let at = if mask.len() == seq * seq { 0 } else { sample * seq * seq };
                &mask[at..at + seq * seq]
            });
            let live = mask.map(|mask| super::attention_kernel::live_chunks(mask, seq));
            let mut start = 0;
            for &length in &self.runs {
                for kv_head in 0..self.kv_heads {
                    run(&Head {
                        length,
                        group: self.heads / self.kv_heads,
                        query_at: ((sample * seq + start) * self.heads
                            + kv_head * (self.heads / self.kv_heads))
                            * self.dim,
                        query_step: self.heads * self.dim,
                        key_at: ((sample * seq + start) * self.kv_heads + kv_head) * self.dim,
                        key_step: self.kv_heads * self.dim,
                        cos: &self.cos[angles + start * half..angles + (start + length) * half],
                        sin: &self.sin[angles + start * half..angles + (start + length) * half],
                        mask,
                        live: live.as_deref(),
                    });
                }
                start += length;
            }
        }
    }
}

impl CustomOp3 for Attention {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn cpu_fwd(
        &self,
        q: &CpuStorage,
        lq: &Layout,
        k: &CpuStorage,
        lk: &Layout,
        v: &CpuStorage,
        lv: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (q, k, v) = (numbers(q, lq)?, numbers(k, lk)?, numbers(v, lv)?);
        let mut out = vec![0f32; q.len()];
        self.each(|head| at_width!(self.dim, forward(head, q, k, v, &mut out)));
        Ok((CpuStorage::F32(out), lq.shape().clone()))
    }

    fn bwd(
        &self,
        q: &Tensor,
        k: &Tensor,
        v: &Tensor,
        out: &Tensor,
        grad: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let mut of_q = vec![0f32; q.elem_count()];
        let mut of_k = vec![0f32; k.elem_count()];
        let mut of_v = vec![0f32; v.elem_count()];
        read(&q.detach(), |qs| {
            read(&k.detach(), |ks| {
                read(&v.detach(), |vs| {
                    read(&out.detach(), |os| {
                        read(grad, |g| {
                            self.each(|head| {
                                let mut grads = Grads {
                                    out: os,
                                    of_out: g,
                                    of_query: &mut of_q,
                                    of_key: &mut of_k,
                                    of_value: &mut of_v,
                                };
                                at_width!(self.dim, backward(head, qs, ks, vs, &mut grads));
                            });
                            Ok(())
                        })
                    })
                })
            })
        })?;
        let like = |numbers: Vec<f32>, t: &Tensor| Tensor::from_vec(numbers, t.shape(), t.device()).map(Some);
        Ok((like(of_q, q)?, like(of_k, k)?, like(of_v, v)?))
    }
}
