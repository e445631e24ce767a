//! The loop that all blurs spend their time in, with the 128-bit instructions that every x86-64 has.
//!
//! Same contracts as in `scalar`.

use super::WEIGHT_BITS;
use core::arch::x86_64::*;

/// The weighted sum of rows of bytes, all as long as `output`, plus `rounding`, cut to whole levels; as many weights as
/// rows, an even number.
pub(crate) fn sum_rows(rows: &[&[u8]], weights: &[i16], rounding: i32, output: &mut [u8]) {
    const SHIFT: i32 = WEIGHT_BITS as i32;
    assert!(rows.len() == weights.len() && rows.len().is_multiple_of(2));
    assert!(rows.iter().all(|row| row.len() == output.len()));
    let pairs: Vec<i32> =
        weights.chunks_exact(2).map(|two| i32::from(two[0]) & 0xffff | i32::from(two[1]) << 16).collect();
    let wide = output.len() / 16 * 16;
    for at in (0..wide).step_by(16) {
        // SAFETY: SSE2 is a part of x86-64; 16 bytes after `at` lie in every row and in `output`, and unaligned access
        // is allowed.
        unsafe {
            let zero = _mm_setzero_si128();
            let mut sums = [_mm_set1_epi32(rounding); 4];
            for (pair, weight) in rows.chunks_exact(2).zip(&pairs) {
                let first = _mm_loadu_si128(pair[0].as_ptr().add(at).cast());
                let second = _mm_loadu_si128(pair[1].as_ptr().add(at).cast());
                let weight = _mm_set1_epi32(*weight);
                let (low, high) = (_mm_unpacklo_epi8(first, second), _mm_unpackhi_epi8(first, second));
                let quarters = [
                    _mm_unpacklo_epi8(low, zero),
                    _mm_unpackhi_epi8(low, zero),
                    _mm_unpacklo_epi8(high, zero),
                    _mm_unpackhi_epi8(high, zero),
                ];
                for (sum, quarter) in sums.iter_mut().zip(quarters) {
                    *sum = _mm_add_epi32(*sum, _mm_madd_epi16(quarter, weight));
                }
            }
            let [a, b, c, d] = sums.map(|sum| _mm_srai_epi32::<SHIFT>(sum));
            let bytes = _mm_packus_epi16(_mm_packs_epi32(a, b), _mm_packs_epi32(c, d));
            _mm_storeu_si128(output.as_mut_ptr().add(at).cast(), bytes);
        }
    }
    for at in wide..output.len() {
        let values = rows.iter().map(|row| i32::from(row[at]));
        let sum: i32 = values.zip(weights).map(|(value, weight)| value * i32::from(*weight)).sum();
        output[at] = ((sum + rounding) >> WEIGHT_BITS).clamp(0, 255) as u8;
    }
}
