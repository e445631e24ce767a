//! JPEG compression without a file: what a baseline encoder and decoder do to the pixels. Entropy coding, which loses
//! nothing, is left out.
//!
//! Every step rounds as libjpeg does with its slow integer transform, 4:2:0 chroma and smooth ("fancy") upsampling, the
//! defaults of Pillow's encoder and decoder, so that the pixels are theirs.

use super::dct::{Block, forward, inverse};
use crate::raster::Raster;

/// The quantisation tables of the standard (ITU-T T.81, annex K): luma, chroma.
const TABLES: [[u8; 64]; 2] = [
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14,
        17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49,
        64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ],
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47,
        66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    ],
];

/// Bits of the fraction in the colour conversions.
const BITS: u32 = 16;
const HALF: i32 = 1 << (BITS - 1);
/// The middle of the chroma scale.
const MIDDLE: i32 = 128;

/// One colour component, its sides multiples of 8.
struct Plane {
    width: usize,
    values: Vec<u8>,
}

impl Plane {
    fn new(width: usize, height: usize) -> Self {
        let width = width.next_multiple_of(8);
        Self { width, values: vec![0; width * height.next_multiple_of(8)] }
    }
}

/// Encodes and decodes at a quality of 1 to 100; between whole qualities the tables are scaled between theirs.
pub(super) fn jpeg_compression(image: &mut Raster, quality: f64) {
    let (width, height) = (image.width_px as usize, image.height_px as usize);
    let mut luma = Plane::new(width, height);
    let mut chroma = [0; 2].map(|_: i32| Plane::new(width.div_ceil(2), height.div_ceil(2)));
    split(image, &mut luma, &mut chroma);
    quantise(&mut luma, &divisors(&TABLES[0], quality));
    for plane in &mut chroma {
        quantise(plane, &divisors(&TABLES[1], quality));
    }
    join(image, &luma, &chroma);
}

/// The table scaled for a quality: `5000 / quality` percent below 50, `200 - 2 quality` above.
fn divisors(table: &[u8; 64], quality: f64) -> [i32; 64] {
    let percent = if quality < 50.0 { 5000.0 / quality } else { 200.0 - 2.0 * quality } as i32;
    table.map(|divisor| ((i32::from(divisor) * percent + 50) / 100).clamp(1, 255))
}

/// Luma, and chroma averaged over 2 x 2 pixels; the last pixels are repeated up to whole blocks.
fn split(image: &Raster, luma: &mut Plane, chroma: &mut [Plane; 2]) {
    let (width, height) = (image.width_px as usize, image.height_px as usize);
    let pixel = |x: usize, y: usize| {
        let at = (y.min(height - 1) * width + x.min(width - 1)) * 4;
        [0, 1, 2].map(|channel| i32::from(image.rgba[at + channel]))
    };
    for (y, row) in luma.values.chunks_exact_mut(luma.width).enumerate() {
        for (x, value) in row.iter_mut().enumerate() {
            let [red, green, blue] = pixel(x, y);
            *value = ((19595 * red + 38470 * green + 7471 * blue + HALF) >> BITS) as u8;
        }
    }
    let last = height.div_ceil(2) - 1;
    let [blues, reds] = chroma;
    let rows = blues.values.chunks_exact_mut(blues.width).zip(reds.values.chunks_exact_mut(reds.width));
    for (y, (blues, reds)) in rows.enumerate() {
        let y = 2 * y.min(last);
        for (x, (to_blue, to_red)) in blues.iter_mut().zip(reds).enumerate() {
            let (mut blue_sum, mut red_sum) = (0, 0);
            for (x, y) in [(2 * x, y), (2 * x + 1, y), (2 * x, y + 1), (2 * x + 1, y + 1)] {
                let [red, green, blue] = pixel(x, y);
                let centred = (MIDDLE << BITS) + HALF - 1;
                blue_sum += (32768 * blue - 11059 * red - 21709 * green + centred) >> BITS;
                red_sum += (32768 * red - 27439 * green - 5329 * blue + centred) >> BITS;
            }
            // Halves are rounded down and up by turns.
            let bias = 1 + (x as i32 & 1);
            *to_blue = ((blue_sum + bias) >> 2) as u8;
            *to_red = ((red_sum + bias) >> 2) as u8;
        }
    }
}

/// Transforms each block, rounds the coefficients to multiples of the divisors, and transforms back.
fn quantise(plane: &mut Plane, divisors: &[i32; 64]) {
    // The transform's output is eight times the coefficients. A half more than the half that rounds keeps f32 on the
    // right side of whole quotients.
    let inverses = divisors.map(|divisor| 1.0 / (8 * divisor) as f32);
    let halves = divisors.map(|divisor| (4 * divisor) as f32 + 0.5);
    let width = plane.width;
    let mut block: Block = [[0; 8]; 8];
    for first in (0..plane.values.len()).step_by(8 * width).flat_map(|row| (row..row + width).step_by(8)) {
        for (y, line) in block.iter_mut().enumerate() {
            let values = &plane.values[first + y * width..][..8];
            line.iter_mut().zip(values).for_each(|(to, value)| *to = i32::from(*value) - MIDDLE);
        }
        forward(&mut block);
        let places = block.as_flattened_mut().iter_mut();
        for (((value, divisor), inverse), half) in places.zip(divisors).zip(&inverses).zip(&halves) {
            let steps = ((value.abs() as f32 + half) * inverse) as i32;
            *value = if *value < 0 { -steps } else { steps } * divisor;
        }
        inverse(&mut block);
        for (y, line) in block.iter().enumerate() {
            let values = &mut plane.values[first + y * width..][..8];
            values.iter_mut().zip(line).for_each(|(to, value)| *to = (value + MIDDLE).clamp(0, 255) as u8);
        }
    }
}

/// Back to RGB; a chroma value is three quarters the nearest one and one quarter the next, in both directions.
fn join(image: &mut Raster, luma: &Plane, chroma: &[Plane; 2]) {
    let (width, height) = (image.width_px as usize, image.height_px as usize);
    let (columns, last) = (width.div_ceil(2), height.div_ceil(2) - 1);
    let mut smooth = [vec![0_i32; 2 * columns], vec![0_i32; 2 * columns]];
    for (y, row) in image.rgba.chunks_exact_mut(width * 4).enumerate() {
        let near = y / 2;
        let next = if y % 2 == 0 { near.saturating_sub(1) } else { (near + 1).min(last) };
        for (smooth, plane) in smooth.iter_mut().zip(chroma) {
            let line = |row: usize| &plane.values[row * plane.width..][..columns];
            widen(line(near), line(next), smooth);
        }
        let values = luma.values[y * luma.width..].iter().zip(smooth[0].iter().zip(&smooth[1]));
        for (pixel, (value, (blue, red))) in row.chunks_exact_mut(4).zip(values) {
            let (value, blue, red) = (i32::from(*value), blue - MIDDLE, red - MIDDLE);
            let channels = [
                value + ((91881 * red + HALF) >> BITS),
                value + ((-22554 * blue - 46802 * red + HALF) >> BITS),
                value + ((116_130 * blue + HALF) >> BITS),
            ];
            pixel.iter_mut().zip(channels).for_each(|(to, channel)| *to = channel.clamp(0, 255) as u8);
        }
    }
}

/// One row of chroma at twice its width, from its nearest row and the next one.
fn widen(near: &[u8], next: &[u8], wide: &mut [i32]) {
    let sum = |at: usize| 3 * i32::from(near[at]) + i32::from(next[at]);
    let (mut left, mut middle) = (sum(0), sum(0));
    for (at, two) in wide.chunks_exact_mut(2).enumerate() {
        let right = sum((at + 1).min(near.len() - 1));
        two[0] = (3 * middle + left + 8) >> 4;
        two[1] = (3 * middle + right + 7) >> 4;
        (left, middle) = (middle, right);
    }
}
