//! Products of matrices rounded to bfloat16 and added up in f32, for processors that have an instruction for it:
//! twice the speed, and precise enough for training. Inference never takes this path.
//!
//! Two neighbouring numbers along the inner dimension share a 32-bit word, as the instruction wants them.

use super::linear::{Operand, Sizes};
use std::cell::Cell;

thread_local! {
    static ALLOWED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` with products in bfloat16 on this thread, where the processor has them.
pub fn with_brief_products<R>(work: impl FnOnce() -> R) -> R {
    let before = ALLOWED.replace(true);
    let result = work();
    ALLOWED.set(before);
    result
}

/// Rows of the result that a tile has.
#[cfg(target_arch = "x86_64")]
const TILE_ROWS: usize = 12;
/// And columns.
const TILE_COLUMNS: usize = 32;
#[cfg(target_arch = "x86_64")]
/// Pairs of the inner dimension that are walked at a time, so that a panel stays in the first-level cache.
const DEPTH: usize = 192;

/// Computes the product when it is allowed, supported and of a fitting shape; says whether it did.
pub(super) fn product(a: Operand, b: Operand, sizes: Sizes, out: &mut [f32]) -> bool {
    let fits =
        sizes.columns.is_multiple_of(TILE_COLUMNS) && sizes.inner.is_multiple_of(2) && sizes.inner >= 64;
    if !ALLOWED.get() || !fits || sizes.rows < 16 {
        return false;
    }
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512bf16") && is_x86_feature_detected!("avx512bw") {
        let pairs = sizes.inner / 2;
        let left = if a.column == 1 {
            Pairs { of: along(a, sizes.rows, pairs), outer: pairs, pair: 1 }
        } else {
            Pairs {
                of: across(Operand { row: a.column, column: a.row, ..a }, pairs, sizes.rows),
                outer: 1,
                pair: sizes.rows,
            }
        };
        let right = if b.column == 1 {
            across(b, pairs, sizes.columns)
        } else {
            turned(
                &along(Operand { row: b.column, column: b.row, ..b }, sizes.columns, pairs),
                sizes.columns,
                pairs,
            )
        };
        if !sizes.add {
            out[..sizes.rows * sizes.columns].fill(0.0);
        }
        // SAFETY: the features were just found; the slices' lengths are checked inside.
        unsafe { multiply(&left, &right, sizes, out) };
        return true;
    }
    let _ = (a, b, out);
    false
}

#[cfg(target_arch = "x86_64")]
/// Left operand: pairs at `outer * row + pair * index`.
struct Pairs {
    of: Vec<u32>,
    outer: usize,
    pair: usize,
}

#[cfg(target_arch = "x86_64")]
/// The upper half of an f32, rounded to nearest.
#[inline(always)]
fn rounded(x: f32) -> u32 {
    let bits = x.to_bits();
    (bits + 0x7fff + ((bits >> 16) & 1)) >> 16
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn joined(low: f32, high: f32) -> u32 {
    rounded(low) | (rounded(high) << 16)
}

#[cfg(target_arch = "x86_64")]
/// `(rows, pairs)` from rows whose columns lie side by side.
fn along(x: Operand, rows: usize, pairs: usize) -> Vec<u32> {
    let mut out = vec![0u32; rows * pairs];
    pair_along(x.of, x.row, pairs, &mut out);
    out
}

#[cfg(target_arch = "x86_64")]
/// `(pairs, columns)` from rows `2i` and `2i + 1`.
fn across(x: Operand, pairs: usize, columns: usize) -> Vec<u32> {
    let mut out = vec![0u32; pairs * columns];
    pair_across(x.of, x.row, columns, &mut out);
    out
}

#[cfg(target_arch = "x86_64")]
super::simd::kernel! {
    fn pair_along(x: &[f32], step: usize, pairs: usize, out: &mut [u32]) {
        let _ = FMA;
        for (row, out) in out.chunks_exact_mut(pairs).enumerate() {
            let x = x[row * step..][..2 * pairs].as_chunks::<2>().0;
            for (out, x) in out.iter_mut().zip(x) {
                *out = joined(x[0], x[1]);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
super::simd::kernel! {
    fn pair_across(x: &[f32], step: usize, columns: usize, out: &mut [u32]) {
        let _ = FMA;
        for (pair, out) in out.chunks_exact_mut(columns).enumerate() {
            let (even, odd) = (&x[2 * pair * step..][..columns], &x[(2 * pair + 1) * step..][..columns]);
            for ((out, even), odd) in out.iter_mut().zip(even).zip(odd) {
                *out = joined(*even, *odd);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
/// `(rows, columns)` to `(columns, rows)`, in blocks that stay in the cache.
fn turned(x: &[u32], rows: usize, columns: usize) -> Vec<u32> {
    const BLOCK: usize = 16;
    let mut out = vec![0u32; rows * columns];
    for top in (0..rows).step_by(BLOCK) {
        for left in (0..columns).step_by(BLOCK) {
            for row in top..rows.min(top + BLOCK) {
                for column in left..columns.min(left + BLOCK) {
                    out[column * rows + row] = x[row * columns + column];
                }
            }
        }
    }
    out
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bf16,avx512bw")]
fn multiply(left: &Pairs, right: &[u32], sizes: Sizes, out: &mut [f32]) {
    let (rows, columns, pairs) = (sizes.rows, sizes.columns, sizes.inner / 2);
    assert!(out.len() >= rows * columns && right.len() == pairs * columns);
    assert!(left.of.len() > (rows - 1) * left.outer + (pairs - 1) * left.pair);
    for start in (0..pairs).step_by(DEPTH) {
        let depth = DEPTH.min(pairs - start);
        for column in (0..columns).step_by(TILE_COLUMNS) {
            let b = &right[start * columns + column..];
            let mut row = 0;
            while row < rows {
                let a = &left.of[row * left.outer + start * left.pair..];
                let c = &mut out[row * columns + column..];
                let at = Tile { a, outer: left.outer, pair: left.pair, b, c, columns, depth };
                // SAFETY: the asserts above bound every access of a tile of at most the rows left.
                row += unsafe {
                    match rows - row {
                        TILE_ROWS.. => tile::<TILE_ROWS>(at),
                        8.. => tile::<8>(at),
                        4.. => tile::<4>(at),
                        _ => tile::<1>(at),
                    }
                };
            }
        }
    }
}

/// Where one tile of the result is computed from and to.
#[cfg(target_arch = "x86_64")]
struct Tile<'a> {
    a: &'a [u32],
    outer: usize,
    pair: usize,
    b: &'a [u32],
    c: &'a mut [f32],
    columns: usize,
    depth: usize,
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bf16,avx512bw")]
unsafe fn tile<const ROWS: usize>(t: Tile) -> usize {
    use std::arch::x86_64::{
        __m512bh, _mm512_add_ps, _mm512_dpbf16_ps, _mm512_loadu_ps, _mm512_loadu_si512, _mm512_set1_epi32,
        _mm512_setzero_ps, _mm512_storeu_ps,
    };
    // SAFETY: the caller vouches for the bounds; bf16 vectors are plain 512-bit registers.
    unsafe {
        let mut acc = [[_mm512_setzero_ps(); 2]; ROWS];
        let (a, b) = (t.a.as_ptr(), t.b.as_ptr());
        for k in 0..t.depth {
            let line = b.add(k * t.columns);
            let b0: __m512bh = std::mem::transmute(_mm512_loadu_si512(line.cast()));
            let b1: __m512bh = std::mem::transmute(_mm512_loadu_si512(line.add(16).cast()));
            for (row, acc) in acc.iter_mut().enumerate() {
                let both = *a.add(row * t.outer + k * t.pair) as i32;
                let both: __m512bh = std::mem::transmute(_mm512_set1_epi32(both));
                acc[0] = _mm512_dpbf16_ps(acc[0], both, b0);
                acc[1] = _mm512_dpbf16_ps(acc[1], both, b1);
            }
        }
        let c = t.c.as_mut_ptr();
        for (row, acc) in acc.iter().enumerate() {
            let at = c.add(row * t.columns);
            _mm512_storeu_ps(at, _mm512_add_ps(_mm512_loadu_ps(at), acc[0]));
            _mm512_storeu_ps(at.add(16), _mm512_add_ps(_mm512_loadu_ps(at.add(16)), acc[1]));
        }
    }
    ROWS
}
