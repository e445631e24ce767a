//! Defocus: every point of light becomes a disk.
//!
//! The kernel has hundreds of pixels, but it is a flat disk smoothed a little: the sum over the disk is carried from one
//! row to the next by what enters and leaves at its edge, and the smoothing comes after. All sums are whole numbers.

use super::layer::{Border, Layer, Wide, gaussian_weights};
use super::noise::NUDGE;
use crate::raster::Raster;

/// Blurs by a disk of a radius in pixels whose edge is smoothed by a Gaussian of `alias` pixels.
///
/// The reference computes the smoothed disk on a grid that cuts some of the smoothed edge off and counts some of it
/// twice, so that its weights sum to more than 1 (1.3 % at a radius of 8, 1.1 % at 10), and the picture grows that much
/// brighter. The brightness is kept here, as the published pictures have it; that the surplus lies on four sides of
/// the disk only is not.
pub(super) fn defocus_blur(image: &mut Raster, radius: f64, alias: f64) {
    let disk = Disk::new(radius);
    let (grid, smooth) = if radius <= 8.0 { (8, 1) } else { (libm::ceil(radius) as i64, 2) };
    let weights = gaussian_weights(alias, smooth as u32);
    let scale = disk.gain(grid, &weights) / f64::from(disk.pixels());
    let scaled: Vec<f32> = weights.iter().map(|weight| (weight * scale) as f32).collect();
    let weights: Vec<f32> = weights.iter().map(|weight| *weight as f32).collect();

    let width = image.width_px as usize;
    let margin = (disk.reach() + smooth) as usize;
    let wide = Wide::new(Layer::of(image), margin, Border::Mirror);
    // Sums over the disk at the rows `y - smooth` to `y + smooth`, and `smooth` more pixels on both sides.
    let more = 2 * smooth as usize;
    let mut sums: Vec<Vec<i32>> = Vec::new();
    let (mut column, mut smoothed) = (vec![0.0; (width + more) * 4], vec![0.0; width * 4]);
    let mut next = disk.sums(&wide, -smooth, smooth);
    for (y, row) in image.rgba.chunks_exact_mut(width * 4).enumerate() {
        while sums.len() < weights.len() {
            let below = y as i64 - smooth + sums.len() as i64 + 1;
            sums.push(next.clone());
            disk.advance(&wide, below, smooth, &mut next);
        }
        column.fill(0.0);
        for (sums, weight) in sums.iter().zip(&weights) {
            column.iter_mut().zip(sums).for_each(|(to, sum)| *to += *sum as f32 * weight);
        }
        smoothed.fill(NUDGE);
        for (tap, weight) in scaled.iter().enumerate() {
            smoothed.iter_mut().zip(&column[tap * 4..]).for_each(|(to, value)| *to += value * weight);
        }
        row.iter_mut().zip(&smoothed).for_each(|(to, value)| *to = *value as u8);
        sums.remove(0);
    }
    image.rgba.chunks_exact_mut(4).for_each(|pixel| pixel[3] = 255);
}

/// The pixels within a radius of the middle one.
struct Disk {
    /// How far it reaches up and down, for each column from the leftmost to the rightmost.
    half_heights: Vec<i64>,
}

impl Disk {
    fn new(radius: f64) -> Self {
        let reach = radius as i64;
        let half_height = |dx: i64| (radius * radius - (dx * dx) as f64).max(0.0).sqrt() as i64;
        Self { half_heights: (-reach..=reach).map(half_height).collect() }
    }

    fn reach(&self) -> i64 {
        self.half_heights.len() as i64 / 2
    }

    /// `(dx, half height)` of each column.
    fn columns(&self) -> impl Iterator<Item = (i64, i64)> {
        self.half_heights.iter().enumerate().map(|(at, half)| (at as i64 - self.reach(), *half))
    }

    fn pixels(&self) -> i32 {
        self.half_heights.iter().map(|half| 2 * *half as i32 + 1).sum()
    }

    /// The sum of the reference's weights: on a grid from `-grid` to `grid`, smoothing reads mirrored pixels beyond
    /// the border and loses what it would write there.
    fn gain(&self, grid: i64, weights: &[f64]) -> f64 {
        let mut shares = vec![0.0; 2 * grid as usize + 1];
        for to in 0..=2 * grid {
            for (k, weight) in (-(weights.len() as i64 / 2)..).zip(weights) {
                shares[Border::Mirror.inside(to + k, 2 * grid as usize + 1)] += weight;
            }
        }
        let share = |at: i64| shares[(at + grid) as usize];
        let column = |half: i64| (-half..=half).map(share).sum::<f64>();
        self.columns().map(|(dx, half)| share(dx) * column(half)).sum::<f64>() / f64::from(self.pixels())
    }

    /// The sums over the disk around each pixel of row `y` and `more` pixels beside it.
    fn sums(&self, image: &Wide, y: i64, more: i64) -> Vec<i32> {
        let mut sums = vec![0; image.row(y, -more, 2 * more as usize).len()];
        for (dx, half) in self.columns() {
            for dy in -half..=half {
                let row = image.row(y + dy, dx - more, 2 * more as usize);
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += i32::from(*value));
            }
        }
        sums
    }

    /// Takes the sums of row `y - 1` to row `y`.
    fn advance(&self, image: &Wide, y: i64, more: i64, sums: &mut [i32]) {
        const CHUNK: usize = 64;
        let edge = |sign: i64| -> Vec<&[u8]> {
            let first = if sign < 0 { y - 1 } else { y };
            self.columns()
                .map(|(dx, half)| image.row(first + sign * half, dx - more, 2 * more as usize))
                .collect()
        };
        let (entering, leaving) = (edge(1), edge(-1));
        for (chunk, sums) in sums.chunks_mut(CHUNK).enumerate() {
            let first = chunk * CHUNK;
            let mut change = [0_i16; CHUNK];
            for (entering, leaving) in entering.iter().zip(&leaving) {
                let pairs = entering[first..first + sums.len()].iter().zip(&leaving[first..]);
                change.iter_mut().zip(pairs).for_each(|(change, (entering, leaving))| {
                    *change += i16::from(*entering) - i16::from(*leaving);
                });
            }
            sums.iter_mut().zip(change).for_each(|(sum, change)| *sum += i32::from(change));
        }
    }
}
