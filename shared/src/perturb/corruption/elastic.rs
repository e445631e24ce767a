//! Elastic transform: every pixel moved a little, neighbours alike.

use super::field::Field;
use super::layer::gaussian_weights;
use crate::raster::Raster;

/// Points of the displacement's grid in one standard deviation of its smoothing.
const POINTS_PER_SIGMA: f64 = 2.5;

/// Moves each pixel by uniform noise of at most 0.5 % of the height, smoothed by a Gaussian of 1 % of the side (cut at
/// three standard deviations), times `alpha`; bilinear, mirrored at the border.
///
/// The smoothed noise is computed at points of a grid and joined by straight lines; the grid is coarse only where the
/// smoothing is wide.
pub(super) fn elastic_transform(image: &mut Raster, fields: [Field; 2], alpha: f64) {
    let (width, height) = (image.width_px as usize, image.height_px as usize);
    let reach = 0.005 * height as f64 * alpha;
    let [dx, dy] = fields.map(|field| Displacement::new((width, height), field, reach));
    let source = image.rgba.clone();
    let (mut to_x, mut to_y) = (vec![0.0; width], vec![0.0; width]);
    for (y, row) in image.rgba.chunks_exact_mut(width * 4).enumerate() {
        dx.row(y, &mut to_x);
        dy.row(y, &mut to_y);
        for (x, pixel) in row.chunks_exact_mut(4).enumerate() {
            let (left, across) = split(x, to_x[x]);
            let (top, down) = split(y, to_y[x]);
            let columns = [left, left + 1].map(|at| mirrored(at, width) * 4);
            let [above, below] = [top, top + 1].map(|at| {
                let line = &source[mirrored(at, height) * width * 4..][..width * 4];
                columns.map(|column| &line[column..column + 4])
            });
            for (channel, value) in pixel[..3].iter_mut().enumerate() {
                let mix = |[left, right]: [&[u8]; 2]| {
                    i32::from(left[channel]) * (256 - across) + i32::from(right[channel]) * across
                };
                *value = ((mix(above) * (256 - down) + mix(below) * down) >> 16) as u8;
            }
        }
    }
}

/// The pixel before a displaced place, and what is left in 256ths.
#[inline]
fn split(place: usize, by: f32) -> (i32, i32) {
    // Shifted to where cutting is rounding down.
    let at = ((by + 4096.0) * 256.0 + 0.5) as i32;
    (place as i32 + (at >> 8) - 4096, at & 255)
}

#[inline]
fn mirrored(at: i32, side: usize) -> usize {
    let last = side as i32 - 1;
    let at = if at < 0 { -1 - at } else { at };
    let at = if at > last { 2 * last + 1 - at } else { at };
    at.clamp(0, last) as usize
}

/// Smooth displacements in one direction.
struct Displacement {
    /// Distance of the grid's points across and down, pixels.
    steps: [usize; 2],
    /// Points in a row.
    columns: usize,
    points: Vec<f32>,
}

impl Displacement {
    fn new((width, height): (usize, usize), field: Field, reach: f64) -> Self {
        let [across, down] = [width, height].map(Smoothing::new);
        let scale = (2.0 * reach) as f32;
        let noise: Vec<f32> = (0..(width * height) as u32).map(|at| (field.unit(at) - 0.5) * scale).collect();
        let (places, lines) = (across.places(width), down.places(height));
        let columns = across.points(width);
        let mut points = Vec::new();
        let (mut line, mut wide) = (vec![0.0; width], vec![0.0; places.len()]);
        for point in 0..down.points(height) {
            line.fill(0.0);
            for (y, weight) in lines[point * down.step..].iter().zip(&down.weights) {
                let row = &noise[y * width..(y + 1) * width];
                line.iter_mut().zip(row).for_each(|(sum, noise)| *sum += noise * weight);
            }
            wide.iter_mut().zip(&places).for_each(|(to, place)| *to = line[*place]);
            points.extend((0..columns).map(|point| {
                let window = wide[point * across.step..].iter().zip(&across.weights);
                window.map(|(noise, weight)| noise * weight).sum::<f32>()
            }));
        }
        Self { steps: [across.step, down.step], columns, points }
    }

    /// The displacements of the pixels of row `y`.
    fn row(&self, y: usize, to: &mut [f32]) {
        let [across, down] = self.steps;
        let part = (y % down) as f32 / down as f32;
        let above = &self.points[y / down * self.columns..][..2 * self.columns];
        let point = |at: usize| above[at] * (1.0 - part) + above[self.columns + at] * part;
        for (at, to) in to.chunks_mut(across).enumerate() {
            let (left, right) = (point(at), point(at + 1));
            let slope = (right - left) / across as f32;
            to.iter_mut().enumerate().for_each(|(x, to)| *to = left + slope * x as f32);
        }
    }
}

/// A Gaussian along one side.
struct Smoothing {
    step: usize,
    weights: Vec<f32>,
}

impl Smoothing {
    fn new(side: usize) -> Self {
        let sigma = 0.01 * side as f64;
        let radius = (3.0 * sigma + 0.5) as u32;
        let weights = gaussian_weights(sigma, radius).into_iter().map(|weight| weight as f32).collect();
        Self { step: ((sigma / POINTS_PER_SIGMA) as usize).max(1), weights }
    }

    /// How many points it takes that every pixel lies between two.
    fn points(&self, side: usize) -> usize {
        (side - 1) / self.step + 2
    }

    /// The pixels under the windows of all points, one window's length from point `at` on beginning at `at * step`.
    fn places(&self, side: usize) -> Vec<usize> {
        let count = (self.points(side) - 1) * self.step + self.weights.len();
        let first = self.weights.len() as i32 / 2;
        (0..count as i32).map(|at| mirrored(at - first, side)).collect()
    }
}
