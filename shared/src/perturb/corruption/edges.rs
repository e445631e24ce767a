//! The edges of drops by J. Canny's detector, and how far every pixel is from them.

/// Gradients from here on may be edges.
const LOW: i32 = 50;

/// Gradients from here on are edges.
const HIGH: i32 = 150;

/// Beyond this distance all are the same, pixels.
const FARTHEST: u8 = 20;

/// Whether each pixel of a mask of rows of `width` is an edge: 3 x 3 Sobel gradients, the sum of their sizes, thinned
/// along their direction; a weak edge counts where it touches a strong one.
pub(super) fn edges(mask: &[u8], width: usize) -> Vec<bool> {
    let height = mask.len() / width;
    let mut gradients = vec![[0_i16; 2]; mask.len()];
    // A frame of zeros: nothing beyond the border is an edge.
    let stride = width + 2;
    let mut sizes = vec![0_i32; stride * (height + 2)];
    for y in 0..height {
        let row = |y: usize| &mask[y * width..(y + 1) * width];
        let (above, here, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(height - 1)));
        for x in 0..width {
            let (left, right) = (x.saturating_sub(1), (x + 1).min(width - 1));
            let difference = |a: &[u8], at: usize, b: &[u8], to: usize| i16::from(b[to]) - i16::from(a[at]);
            let falling = difference(above, left, below, right);
            let rising = difference(above, right, below, left);
            let across = falling - rising + 2 * difference(here, left, here, right);
            let down = falling + rising + 2 * difference(above, x, below, x);
            gradients[y * width + x] = [across, down];
            sizes[(y + 1) * stride + x + 1] = i32::from(across.abs()) + i32::from(down.abs());
        }
    }
    let mut strong = Vec::new();
    let mut candidates = vec![false; sizes.len()];
    for (at, gradient) in gradients.iter().enumerate() {
        let place = (at / width + 1) * stride + at % width + 1;
        if sizes[place] > LOW && is_ridge(&sizes, place, stride, *gradient) {
            candidates[place] = true;
            if sizes[place] > HIGH {
                strong.push(place);
            }
        }
    }
    let mut edges = vec![false; mask.len()];
    while let Some(place) = strong.pop() {
        if core::mem::take(&mut candidates[place]) {
            edges[(place / stride - 1) * width + place % stride - 1] = true;
            for row in [place - stride, place, place + stride] {
                strong.extend([row - 1, row, row + 1].into_iter().filter(|beside| candidates[*beside]));
            }
        }
    }
    edges
}

/// Whether no neighbour along the gradient, in steps of 45 degrees, has a larger one.
fn is_ridge(sizes: &[i32], place: usize, stride: usize, [across, down]: [i16; 2]) -> bool {
    // Tangents of 22.5 and 67.5 degrees in 1/32768.
    let (x, y) = (i32::from(across).abs(), i32::from(down).abs() << 15);
    let beside = if y < x * 13573 {
        1
    } else if y > x * (13573 + 65536) {
        stride
    } else if (across < 0) == (down < 0) {
        stride + 1
    } else {
        stride - 1
    };
    sizes[place] > sizes[place - beside] && sizes[place] >= sizes[place + beside]
}

/// Lengths of the steps of a 5 x 5 chamfer (G. Borgefors 1986), in 1/256 pixels: to the side, across a corner, and the
/// knight's move of chess.
const STRAIGHT: u16 = 256;
const CORNER: u16 = 358;
const KNIGHT: u16 = 562;

/// The distance of each pixel to the nearest edge, in eighths of a pixel, at most [`FARTHEST`].
pub(super) fn distance_to_edges(edges: &[bool], width: usize) -> Vec<u8> {
    let height = edges.len() / width;
    // Two pixels of frame on every side, as far as a step goes.
    let stride = width + 4;
    let mut distances = vec![u16::from(FARTHEST) << 8; stride * (height + 4)];
    for (row, edges) in edges.chunks_exact(width).enumerate() {
        let to = &mut distances[(row + 2) * stride + 2..][..width];
        to.iter_mut().zip(edges).filter(|(_, edge)| **edge).for_each(|(to, _)| *to = 0);
    }
    let mut rows: Vec<&mut [u16]> = distances.chunks_exact_mut(stride).collect();
    for y in 2..height + 2 {
        if let [.., second, first, row] = &mut rows[..=y] {
            approach(row, first, second);
        }
    }
    for y in (2..height + 2).rev() {
        if let [row, first, second, ..] = &mut rows[y..] {
            approach(row, first, second);
        }
    }
    let rows = distances.chunks_exact(stride).skip(2).take(height);
    rows.flat_map(|row| &row[2..2 + width]).map(|distance| (distance >> 5) as u8).collect()
}

/// Shortens the distances of a row by steps from the next row, the one after that, and within the row.
fn approach(row: &mut [u16], first: &[u16], second: &[u16]) {
    let width = row.len() - 4;
    let near: [&[u16]; 5] = core::array::from_fn(|dx| &first[dx..dx + width]);
    let far = [1, 3].map(|dx| &second[dx..dx + width]);
    for (x, distance) in row[2..2 + width].iter_mut().enumerate() {
        let straight = near[2][x] + STRAIGHT;
        let corner = near[1][x].min(near[3][x]) + CORNER;
        let knight = near[0][x].min(near[4][x]).min(far[0][x]).min(far[1][x]) + KNIGHT;
        *distance = (*distance).min(straight).min(corner).min(knight);
    }
    let mut beside = u16::MAX - STRAIGHT;
    let mut step = |distance: &mut u16| {
        *distance = (*distance).min(beside + STRAIGHT);
        beside = *distance;
    };
    row.iter_mut().for_each(&mut step);
    row.iter_mut().rev().for_each(step);
}
