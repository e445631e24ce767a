//! The loops in plain Rust: the definition, and what runs natively (the compiler vectorises them there).

use super::{MIDDLE_BITS, PAIRED, PHASE_BITS, RowFilter, Span, WEIGHT_BITS};

const HALF: i32 = 1 << (WEIGHT_BITS - 1);

/// Filters a row of RGBA pixels into another. `output` holds as many pixels as the filter has.
pub(crate) fn filter_row(input: &[u8], filter: &RowFilter, output: &mut [u8]) {
    let pixels = output.chunks_exact_mut(4);
    for ((pixel, start), weights) in pixels.zip(&filter.starts).zip(filter.weights.chunks_exact(filter.taps))
    {
        let mut sums = [HALF; 4];
        for (tap, source) in input[*start as usize * 4..].chunks_exact(4).take(filter.taps).enumerate() {
            let weight = weights[tap / 4 * 4 + PAIRED[tap % 4]];
            for (sum, value) in sums.iter_mut().zip(source) {
                *sum += i32::from(weight) * i32::from(*value);
            }
        }
        for (byte, sum) in pixel.iter_mut().zip(sums) {
            *byte = (sum >> WEIGHT_BITS).clamp(0, 255) as u8;
        }
    }
}

/// The weighted sum of rows of bytes, all as long as `output`, plus `rounding`, cut to whole levels; as many weights as
/// rows, an even number.
#[cfg(any(test, not(target_arch = "x86_64")))]
pub(crate) fn sum_rows(rows: &[&[u8]], weights: &[i16], rounding: i32, output: &mut [u8]) {
    const CHUNK: usize = 64;
    for (chunk, bytes) in output.chunks_mut(CHUNK).enumerate() {
        let mut sums = [rounding; CHUNK];
        for (row, weight) in rows.iter().zip(weights) {
            for (sum, value) in sums.iter_mut().zip(&row[chunk * CHUNK..]) {
                *sum += i32::from(*weight) * i32::from(*value);
            }
        }
        for (byte, sum) in bytes.iter_mut().zip(sums) {
            *byte = (sum >> WEIGHT_BITS).clamp(0, 255) as u8;
        }
    }
}

/// Samples the pixels of a span, whose 4 x 4 neighbourhoods all lie inside the image, into RGBA `output`.
pub(crate) fn bicubic_span(span: &Span<'_>, output: &mut [u8]) {
    assert!(span.stays_inside(output.len() / 4));
    let width = span.image.width_px as usize;
    let [mut column, mut row] = span.at;
    for pixel in output.chunks_exact_mut(4) {
        let corner = ((row >> 32) as usize - 1) * width + (column >> 32) as usize - 1;
        let across = span.weights[phase(column)];
        let down = span.weights[phase(row)];
        let mut sums = [super::bicubic_rounding(); 4];
        for (line, weight_down) in PAIRED.map(|place| down[place]).into_iter().enumerate() {
            let first = (corner + line * width) * 4;
            let pixels = &span.image.rgba[first..first + 16];
            for (channel, sum) in sums.iter_mut().enumerate() {
                let middle: i32 = (0..4)
                    .map(|tap| i32::from(across[PAIRED[tap]]) * i32::from(pixels[tap * 4 + channel]))
                    .sum();
                *sum += (middle >> (WEIGHT_BITS - MIDDLE_BITS)) * i32::from(weight_down);
            }
        }
        for (byte, sum) in pixel.iter_mut().zip(sums) {
            *byte = (sum >> (WEIGHT_BITS + MIDDLE_BITS)).clamp(0, 255) as u8;
        }
        column += span.step[0];
        row += span.step[1];
    }
}

fn phase(position: i64) -> usize {
    (position as u32 >> (32 - PHASE_BITS)) as usize
}
