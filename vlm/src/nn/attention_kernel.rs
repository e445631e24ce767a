//! The arithmetic of one attention head on slices: four queries at a time against keys in chunks of one vector.
//!
//! Chunks that the mask hides from all four queries are skipped, so a packed sequence costs what its parts cost.

use super::rope::turn;
use super::simd::{LANES, exp, fma, kernel, sum};
use super::softmax::{peak, total};

/// Queries that share one walk over the keys.
const ROWS: usize = 4;

/// One key head of one run of tokens, and the query heads that share it.
pub(super) struct Head<'a> {
    /// Tokens in the run.
    pub(super) length: usize,
    /// Query heads that share the key head.
    pub(super) group: usize,
    /// Where the first token's first query head starts, and the step to the next token.
    pub(super) query_at: usize,
    pub(super) query_step: usize,
    /// The same for the key and value head.
    pub(super) key_at: usize,
    pub(super) key_step: usize,
    /// `(length, dim / 2)`
    pub(super) cos: &'a [f32],
    pub(super) sin: &'a [f32],
    /// `(length, length)`, added to the scores.
    pub(super) mask: Option<&'a [f32]>,
    /// See [`live_chunks`].
    pub(super) live: Option<&'a [Vec<u32>]>,
}

/// What the gradient needs besides the operands.
pub(super) struct Grads<'a> {
    pub(super) out: &'a [f32],
    pub(super) of_out: &'a [f32],
    pub(super) of_query: &'a mut [f32],
    pub(super) of_key: &'a mut [f32],
    pub(super) of_value: &'a mut [f32],
}

/// For each block of [`ROWS`] queries the chunks of [`LANES`] keys that at least one of them sees.
pub(super) fn live_chunks(mask: &[f32], length: usize) -> Vec<Vec<u32>> {
    (0..length.div_ceil(ROWS))
        .map(|block| {
            let rows = block * ROWS..length.min((block + 1) * ROWS);
            (0..length.div_ceil(LANES))
                .filter(|chunk| {
                    let keys = chunk * LANES..length.min((chunk + 1) * LANES);
                    rows.clone().any(|row| mask[row * length..][keys.clone()].iter().any(|m| *m > -1e4))
                })
                .map(|chunk| chunk as u32)
                .collect()
        })
        .collect()
}

/// Keys and values of a head, ready to walk over: rotated, and with the token as the fast index where scores need it.
struct Packed<const D: usize> {
    /// `(length, D)`
    key: Vec<[f32; D]>,
    value: Vec<[f32; D]>,
    /// `(chunks, D, LANES)`
    key_lanes: Vec<[[f32; LANES]; D]>,
}

#[inline(always)]
fn pack<const D: usize>(head: &Head, k: &[f32], v: &[f32]) -> Packed<D> {
    let half = D / 2;
    let mut key = vec![[0f32; D]; head.length];
    let mut value = vec![[0f32; D]; head.length];
    let mut key_lanes = vec![[[0f32; LANES]; D]; head.length.div_ceil(LANES)];
    for token in 0..head.length {
        let at = head.key_at + token * head.key_step;
        key[token].copy_from_slice(&k[at..at + D]);
        value[token].copy_from_slice(&v[at..at + D]);
        turn(&mut key[token], &head.cos[token * half..][..half], &head.sin[token * half..][..half], false);
        for d in 0..D {
            key_lanes[token / LANES][d][token % LANES] = key[token][d];
        }
    }
    Packed { key, value, key_lanes }
}

#[inline(always)]
fn lanes_of<const D: usize>(rows: &[[f32; D]]) -> Vec<[[f32; LANES]; D]> {
    let mut lanes = vec![[[0f32; LANES]; D]; rows.len().div_ceil(LANES)];
    for (token, row) in rows.iter().enumerate() {
        for d in 0..D {
            lanes[token / LANES][d][token % LANES] = row[d];
        }
    }
    lanes
}

/// Products of four vectors with the sixteen of a chunk.
#[inline(always)]
fn scores<const D: usize, const FMA: bool>(
    rows: &[[f32; D]; ROWS],
    lanes: &[[f32; LANES]; D],
) -> [[f32; LANES]; ROWS] {
    let mut acc = [[0f32; LANES]; ROWS];
    for d in 0..D {
        for r in 0..ROWS {
            for l in 0..LANES {
                acc[r][l] = fma::<FMA>(rows[r][d], lanes[d][l], acc[r][l]);
            }
        }
    }
    acc
}

/// Adds `weights[r][i] * of[i]` over the chunk to each of four rows.
#[inline(always)]
fn mix<const D: usize, const FMA: bool>(
    weights: [&[f32]; ROWS],
    of: &[[f32; D]],
    rows: &mut [[f32; D]; ROWS],
) {
    for (i, of) in of.iter().enumerate() {
        for r in 0..ROWS {
            let w = weights[r][i];
            for d in 0..D {
                rows[r][d] = fma::<FMA>(w, of[d], rows[r][d]);
            }
        }
    }
}

/// The rotated, scaled queries of a block; rows past the end repeat zeros.
#[inline(always)]
fn queries<const D: usize>(head: &Head, q: &[f32], member: usize, first: usize) -> [[f32; D]; ROWS] {
    let half = D / 2;
    let scale = 1.0 / (D as f32).sqrt();
    let mut rows = [[0f32; D]; ROWS];
    for (r, row) in rows.iter_mut().enumerate().take(head.length - first) {
        let token = first + r;
        let at = head.query_at + token * head.query_step + member * D;
        row.copy_from_slice(&q[at..at + D]);
        turn(row, &head.cos[token * half..][..half], &head.sin[token * half..][..half], false);
        row.iter_mut().for_each(|x| *x *= scale);
    }
    rows
}

/// Softmax weights of a block of queries over its live chunks, one slot of [`LANES`] a chunk.
#[inline(always)]
fn weights<const D: usize, const FMA: bool>(
    head: &Head,
    packed: &Packed<D>,
    rows: &[[f32; D]; ROWS],
    first: usize,
    chunks: &[u32],
    out: &mut [Vec<f32>; ROWS],
) {
    for (slot, &chunk) in chunks.iter().enumerate() {
        let start = chunk as usize * LANES;
        let width = LANES.min(head.length - start);
        let mut block = scores::<D, FMA>(rows, &packed.key_lanes[chunk as usize]);
        if let Some(mask) = head.mask {
            for r in 0..ROWS.min(head.length - first) {
                let seen = &mask[(first + r) * head.length + start..][..width];
                for (score, seen) in block[r].iter_mut().zip(seen) {
                    *score += seen;
                }
            }
        }
        for r in 0..ROWS {
            block[r][width..].fill(f32::NEG_INFINITY);
            out[r][slot * LANES..(slot + 1) * LANES].copy_from_slice(&block[r]);
        }
    }
    for row in out.iter_mut() {
        let row = &mut row[..chunks.len() * LANES];
        let top = peak(row);
        for x in row.iter_mut() {
            // The fast exponential stops at e^-87; hidden keys must weigh exactly nothing.
            let shifted = *x - top;
            let e = exp::<FMA>(shifted);
            *x = if shifted < -87.0 { 0.0 } else { e };
        }
        let scale = 1.0 / total(row);
        for x in row.iter_mut() {
            *x *= scale;
        }
    }
}

#[inline(always)]
fn chunk_slices(rows: &[Vec<f32>; ROWS], slot: usize) -> [&[f32]; ROWS] {
    [0, 1, 2, 3].map(|r| &rows[r][slot * LANES..(slot + 1) * LANES])
}

kernel! {
    /// Fills the head's part of `out`, laid out as `q`.
    fn forward<const DIM: usize>(head: &Head, q: &[f32], k: &[f32], v: &[f32], out: &mut [f32]) {
        let packed = pack::<DIM>(head, k, v);
        let all: Vec<u32> = (0..head.length.div_ceil(LANES) as u32).collect();
        let mut soft = [0; ROWS].map(|_| vec![0f32; all.len() * LANES]);
        for member in 0..head.group {
            for first in (0..head.length).step_by(ROWS) {
                let chunks = head.live.map_or(&all, |live| &live[first / ROWS]);
                let rows = queries::<DIM>(head, q, member, first);
                weights::<DIM, FMA>(head, &packed, &rows, first, chunks, &mut soft);
                let mut mixed = [[0f32; DIM]; ROWS];
                for (slot, &chunk) in chunks.iter().enumerate() {
                    let start = chunk as usize * LANES;
                    let end = head.length.min(start + LANES);
                    mix::<DIM, FMA>(chunk_slices(&soft, slot), &packed.value[start..end], &mut mixed);
                }
                for (r, row) in mixed.iter().enumerate().take(head.length - first) {
                    let at = head.query_at + (first + r) * head.query_step + member * DIM;
                    out[at..at + DIM].copy_from_slice(row);
                }
            }
        }
    }
}

kernel! {
    /// Adds the head's part to the three gradients. With weights P and output O: dV = P^T dO,
    /// dS = P (dO V^T - dO.O), dQ = dS K, dK = dS^T Q, and the rotations turned back.
    fn backward<const DIM: usize>(head: &Head, q: &[f32], k: &[f32], v: &[f32], grads: &mut Grads) {
        let packed = pack::<DIM>(head, k, v);
        let value_lanes = lanes_of(&packed.value);
        let half = DIM / 2;
        let scale = 1.0 / (DIM as f32).sqrt();
        let all: Vec<u32> = (0..head.length.div_ceil(LANES) as u32).collect();
        let mut soft = [0; ROWS].map(|_| vec![0f32; all.len() * LANES]);
        let mut of_soft = [0; ROWS].map(|_| vec![0f32; all.len() * LANES]);
        let mut of_key = vec![[0f32; DIM]; head.length];
        let mut of_value = vec![[0f32; DIM]; head.length];
        for member in 0..head.group {
            for first in (0..head.length).step_by(ROWS) {
                let chunks = head.live.map_or(&all, |live| &live[first / ROWS]);
                let rows = queries::<DIM>(head, q, member, first);
                weights::<DIM, FMA>(head, &packed, &rows, first, chunks, &mut soft);
                let mut of_out = [[0f32; DIM]; ROWS];
                let mut pull = [0f32; ROWS];
                for r in 0..ROWS.min(head.length - first) {
                    let at = head.query_at + (first + r) * head.query_step + member * DIM;
                    of_out[r].copy_from_slice(&grads.of_out[at..at + DIM]);
                    pull[r] = sum::<FMA>(&of_out[r], &grads.out[at..at + DIM]);
                }
                let mut of_rows = [[0f32; DIM]; ROWS];
                for (slot, &chunk) in chunks.iter().enumerate() {
                    let start = chunk as usize * LANES;
                    let end = head.length.min(start + LANES);
                    let block = scores::<DIM, FMA>(&of_out, &value_lanes[chunk as usize]);
                    for r in 0..ROWS {
                        let p = &soft[r][slot * LANES..(slot + 1) * LANES];
                        let ds = &mut of_soft[r][slot * LANES..(slot + 1) * LANES];
                        for l in 0..LANES {
                            ds[l] = p[l] * (block[r][l] - pull[r]);
                        }
                    }
                    let (p, ds) = (chunk_slices(&soft, slot), chunk_slices(&of_soft, slot));
                    mix::<DIM, FMA>(ds, &packed.key[start..end], &mut of_rows);
                    for i in 0..end - start {
                        // Held in registers over the four queries.
                        let (mut key, mut value) = (of_key[start + i], of_value[start + i]);
                        for r in 0..ROWS {
                            let (p, ds) = (p[r][i], ds[r][i]);
                            for d in 0..DIM {
                                value[d] = fma::<FMA>(p, of_out[r][d], value[d]);
                                key[d] = fma::<FMA>(ds, rows[r][d], key[d]);
                            }
                        }
                        (of_key[start + i], of_value[start + i]) = (key, value);
                    }
                }
                for (r, row) in of_rows.iter_mut().enumerate().take(head.length - first) {
                    let token = first + r;
                    row.iter_mut().for_each(|x| *x *= scale);
                    turn(row, &head.cos[token * half..][..half], &head.sin[token * half..][..half], true);
                    let at = head.query_at + token * head.query_step + member * DIM;
                    grads.of_query[at..at + DIM].copy_from_slice(row);
                }
            }
        }
        for token in 0..head.length {
            let at = head.key_at + token * head.key_step;
            turn(&mut of_key[token], &head.cos[token * half..][..half], &head.sin[token * half..][..half], true);
            grads.of_key[at..at + DIM].copy_from_slice(&of_key[token]);
            grads.of_value[at..at + DIM].copy_from_slice(&of_value[token]);
        }
    }
}
