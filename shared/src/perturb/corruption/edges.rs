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

/// Steps of a 5 x 5 chamfer (G. Borgefors 1986) to pixels before this one in reading order: `(dx, dy, length)`, in
/// 1/4096 pixels.
const STEPS: [(i32, i32, u32); 8] = [
    (-1, 0, 4096),
    (0, -1, 4096),
    (-1, -1, 5734),
    (1, -1, 5734),
    (-2, -1, 8999),
    (2, -1, 8999),
    (-1, -2, 8999),
    (1, -2, 8999),
];

/// The distance of each pixel to the nearest edge, in eighths of a pixel, at most [`FARTHEST`].
pub(super) fn distance_to_edges(edges: &[bool], width: usize) -> Vec<u8> {
    let height = edges.len() / width;
    // Two pixels of frame on every side, as far as a step goes.
    let stride = width + 4;
    let far = u32::from(FARTHEST) << 12;
    let mut distances = vec![far; stride * (height + 4)];
    for (row, edges) in edges.chunks_exact(width).enumerate() {
        let to = &mut distances[(row + 2) * stride + 2..][..width];
        to.iter_mut().zip(edges).filter(|(_, edge)| **edge).for_each(|(to, _)| *to = 0);
    }
    let back = STEPS.map(|(dx, dy, length)| ((dx + dy * stride as i32).unsigned_abs() as usize, length));
    for y in 2..height + 2 {
        for at in y * stride + 2..y * stride + 2 + width {
            let nearest = back.iter().map(|(step, length)| distances[at - step] + length).min();
            distances[at] = distances[at].min(nearest.unwrap_or(far));
        }
    }
    for y in (2..height + 2).rev() {
        for at in (y * stride + 2..y * stride + 2 + width).rev() {
            let nearest = back.iter().map(|(step, length)| distances[at + step] + length).min();
            distances[at] = distances[at].min(nearest.unwrap_or(far));
        }
    }
    let rows = distances.chunks_exact(stride).skip(2).take(height);
    rows.flat_map(|row| &row[2..2 + width]).map(|distance| (distance >> 9) as u8).collect()
}
