//! The loops with wasm's 128-bit instructions: products of pairs of 16-bit numbers, summed to 32 bits.
//!
//! Same contracts as in `scalar`.

use super::{MIDDLE_BITS, PAIRED, PHASE_BITS, RowFilter, Span, WEIGHT_BITS, bicubic_rounding};
use core::arch::wasm32::*;

const HALF: i32 = 1 << (WEIGHT_BITS - 1);

/// The products of four RGBA pixels with four paired weights, summed: one 32-bit number per channel.
///
/// Both loads and the interleaving are single instructions; a free shuffle of the 16 bytes would be one too, were it
/// not for its mask, which engines build anew every time.
///
/// # Safety
/// 16 bytes can be read at `pixels` and 8 at `weights`.
unsafe fn weighted_four(pixels: *const u8, weights: *const u32) -> v128 {
    // SAFETY: the caller's promise.
    let (first, last, even, odd) = unsafe {
        (
            v128_load64_zero(pixels.cast()),
            v128_load64_zero(pixels.add(8).cast()),
            v128_load32_splat(weights),
            v128_load32_splat(weights.add(1)),
        )
    };
    // r0 r2 g0 g2 b0 b2 a0 a2 r1 r3 g1 g3 b1 b3 a1 a3
    let pairs = i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(first, last);
    let even = i32x4_dot_i16x8(u16x8_extend_low_u8x16(pairs), even);
    let odd = i32x4_dot_i16x8(u16x8_extend_high_u8x16(pairs), odd);
    i32x4_add(even, odd)
}

/// Filters a row of RGBA pixels into another. `output` holds as many pixels as the filter has.
pub(crate) fn filter_row(input: &[u8], filter: &RowFilter, output: &mut [u8]) {
    let taps = filter.taps;
    assert!(taps.is_multiple_of(4));
    assert!(output.len() == filter.starts.len() * 4 && filter.weights.len() == filter.starts.len() * taps);
    let last_start = filter.starts.iter().copied().max().unwrap_or(0) as usize;
    if (last_start + taps) * 4 > input.len() {
        return filter_short_row(input, filter, output);
    }
    for (index, start) in filter.starts.iter().enumerate() {
        let mut sums = i32x4_splat(HALF);
        // SAFETY: `start + taps` pixels lie in `input`, `taps` weights after `index * taps` in `weights` and
        // pixel `index` in `output`, by the checks above; unaligned access is allowed.
        unsafe {
            let pixels = input.as_ptr().add(*start as usize * 4);
            let weights = filter.weights.as_ptr().add(index * taps).cast::<u32>();
            for four in 0..taps / 4 {
                sums = i32x4_add(sums, weighted_four(pixels.add(four * 16), weights.add(four * 2)));
            }
            store_pixel(i32x4_shr(sums, WEIGHT_BITS), output.as_mut_ptr().add(index * 4));
        }
    }
}

/// A row with fewer pixels than taps: too rare to be fast.
fn filter_short_row(input: &[u8], filter: &RowFilter, output: &mut [u8]) {
    let pixels = output.chunks_exact_mut(4);
    for ((pixel, start), weights) in pixels.zip(&filter.starts).zip(filter.weights.chunks_exact(filter.taps))
    {
        let mut sums = [HALF; 4];
        for (tap, source) in input[*start as usize * 4..].chunks_exact(4).take(filter.taps).enumerate() {
            let weight = i32::from(weights[tap / 4 * 4 + PAIRED[tap % 4]]);
            sums.iter_mut().zip(source).for_each(|(sum, value)| *sum += weight * i32::from(*value));
        }
        for (byte, sum) in pixel.iter_mut().zip(sums) {
            *byte = (sum >> WEIGHT_BITS).clamp(0, 255) as u8;
        }
    }
}

/// The weighted sum of rows of bytes, all as long as `output`, plus `rounding`, cut to whole levels; as many weights as
/// rows, an even number.
pub(crate) fn sum_rows(rows: &[&[u8]], weights: &[i16], rounding: i32, output: &mut [u8]) {
    assert!(rows.len() == weights.len() && rows.len().is_multiple_of(2));
    assert!(rows.iter().all(|row| row.len() == output.len()));
    let wide = output.len() / 16 * 16;
    for at in (0..wide).step_by(16) {
        let mut sums = [i32x4_splat(rounding); 4];
        for (pair, two) in rows.chunks_exact(2).zip(weights.chunks_exact(2)) {
            // SAFETY: 16 bytes after `at` lie in every row and two weights in `two`.
            let (first, second, weight) = unsafe {
                (
                    v128_load(pair[0].as_ptr().add(at).cast()),
                    v128_load(pair[1].as_ptr().add(at).cast()),
                    v128_load32_splat(two.as_ptr().cast()),
                )
            };
            let low = i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(first, second);
            let high =
                i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(first, second);
            let quarters = [
                u16x8_extend_low_u8x16(low),
                u16x8_extend_high_u8x16(low),
                u16x8_extend_low_u8x16(high),
                u16x8_extend_high_u8x16(high),
            ];
            for (sum, quarter) in sums.iter_mut().zip(quarters) {
                *sum = i32x4_add(*sum, i32x4_dot_i16x8(quarter, weight));
            }
        }
        let [a, b, c, d] = sums.map(|sum| i32x4_shr(sum, WEIGHT_BITS));
        let bytes = u8x16_narrow_i16x8(i16x8_narrow_i32x4(a, b), i16x8_narrow_i32x4(c, d));
        // SAFETY: 16 bytes after `at` lie in `output`.
        unsafe { v128_store(output.as_mut_ptr().add(at).cast(), bytes) };
    }
    for at in wide..output.len() {
        let values = rows.iter().map(|row| i32::from(row[at]));
        let sum: i32 = values.zip(weights).map(|(value, weight)| value * i32::from(*weight)).sum();
        output[at] = ((sum + rounding) >> WEIGHT_BITS).clamp(0, 255) as u8;
    }
}

/// Samples the pixels of a span, whose 4 x 4 neighbourhoods all lie inside the image, into RGBA `output`.
pub(crate) fn bicubic_span(span: &Span<'_>, output: &mut [u8]) {
    let count = output.len() / 4;
    let row_bytes = span.image.width_px as usize * 4;
    assert!(span.stays_inside(count));
    assert!(span.weights.len() == 1 << PHASE_BITS);
    assert!(span.image.rgba.len() == row_bytes * span.image.height_px as usize);
    let [mut column, mut row] = span.at;
    let rounding = i32x4_splat(bicubic_rounding());
    for index in 0..count {
        let corner = ((row >> 32) as usize - 1) * row_bytes + ((column >> 32) as usize - 1) * 4;
        // SAFETY: the 4 x 4 pixels after `corner` lie in the image by `stays_inside`, a phase is below
        // `1 << PHASE_BITS`, and pixel `index` lies in `output`.
        unsafe {
            let pixels = span.image.rgba.as_ptr().add(corner);
            let across = span.weights.as_ptr().add(phase(column)).cast::<u32>();
            let down = span.weights.as_ptr().add(phase(row)).cast::<u32>();
            let line = |line: usize| weighted_four(pixels.add(line * row_bytes), across);
            let even = i32x4_dot_i16x8(beside(line(0), line(2)), v128_load32_splat(down));
            let odd = i32x4_dot_i16x8(beside(line(1), line(3)), v128_load32_splat(down.add(1)));
            let sums = i32x4_add(i32x4_add(even, odd), rounding);
            store_pixel(i32x4_shr(sums, WEIGHT_BITS + MIDDLE_BITS), output.as_mut_ptr().add(index * 4));
        }
        column += span.step[0];
        row += span.step[1];
    }
}

/// Horizontally filtered values of two lines, cut to 16 bits each, side by side: `a0 b0 a1 b1 a2 b2 a3 b3`.
fn beside(a: v128, b: v128) -> v128 {
    const CUT: u32 = WEIGHT_BITS - MIDDLE_BITS;
    let a = u32x4_shr(i32x4_shl(a, 16 - CUT), 16);
    let b = v128_and(i32x4_shl(b, 16 - CUT), u32x4_splat(0xffff_0000));
    v128_or(a, b)
}

fn phase(position: i64) -> usize {
    (position as u32 >> (32 - PHASE_BITS)) as usize
}

/// Stores four 32-bit channels as bytes, clamped.
///
/// # Safety
/// Four bytes can be written at `to`.
unsafe fn store_pixel(channels: v128, to: *mut u8) {
    let words = i16x8_narrow_i32x4(channels, channels);
    // SAFETY: the caller's promise.
    unsafe { v128_store32_lane::<0>(u8x16_narrow_i16x8(words, words), to.cast()) };
}
