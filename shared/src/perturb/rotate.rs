//! Rotation about the middle, bicubic as in Pillow: the 4 x 4 neighbours of each point, the edge repeated.

use super::Rgb;
use super::resample::{quantised, reorder};
use super::simd::{PHASE_BITS, Span, bicubic_span, cubic};
use crate::raster::Raster;
use crate::recipe::{OperationGroup, OperationSchema, ParamKind, ParamSchema};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Counter-clockwise rotation about the middle. The paper's instances: -30 and 30 degrees, canvas expanded, white.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rotate {
    /// Angle in degrees, counter-clockwise.
    pub angle_deg: f64,
    /// Whether to keep the canvas's size and lose the corners, instead of expanding it.
    pub keep_canvas: bool,
    /// Colour of what lies outside the picture.
    pub fill: Rgb,
}

impl Rotate {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "rotate",
        group: OperationGroup::Pixels,
        title: "Rotation",
        summary: "Turns the picture counter-clockwise (bicubic); the canvas grows to hold it unless kept.",
        citation: "arXiv 2602.06652, Rotation",
        params: &[
            ParamSchema::new(
                "angle_deg",
                "Angle",
                "°",
                ParamKind::Number { min: -180.0, max: 180.0, step: 1.0, default: 30.0, identity: 0.0 },
            ),
            ParamSchema::new("keep_canvas", "Keep the canvas", "", ParamKind::Toggle { default: false }),
            ParamSchema::new("fill", "Fill", "", ParamKind::Colour { default: "#ffffff" }),
        ],
    };

    pub(super) fn output_size(&self, size: (u32, u32)) -> (i64, i64) {
        match self.quarter_turns(size) {
            Some(turns) if turns % 2 == 1 => (i64::from(size.1), i64::from(size.0)),
            Some(_) => (i64::from(size.0), i64::from(size.1)),
            None => Turn::new(self, size).output_size,
        }
    }

    /// The turned picture.
    pub fn apply(&self, image: &Raster) -> Raster {
        let size = (image.width_px, image.height_px);
        match self.quarter_turns(size) {
            Some(turns) => quarter_turned(image, turns),
            None => sample(image, &Turn::new(self, size), self.fill),
        }
    }

    /// The number of counter-clockwise quarter turns, 0 to 3, where that is the whole operation.
    fn quarter_turns(&self, (width_px, height_px): (u32, u32)) -> Option<u32> {
        let turns = self.angle_deg / 90.0;
        let changes_canvas = turns.rem_euclid(2.0) == 1.0 && width_px != height_px;
        let exact = turns.fract() == 0.0 && !(changes_canvas && self.keep_canvas);
        exact.then(|| turns.rem_euclid(4.0) as u32)
    }
}

/// The map from output to input positions, `input = matrix (x, y, 1)`, with pixel centres at halves, and the
/// output's size. Both follow Pillow's `Image.rotate`.
struct Turn {
    matrix: [[f64; 3]; 2],
    output_size: (i64, i64),
}

impl Turn {
    fn new(rotate: &Rotate, (width_px, height_px): (u32, u32)) -> Self {
        let (width, height) = (f64::from(width_px), f64::from(height_px));
        let radians = -rotate.angle_deg * (std::f64::consts::PI / 180.0);
        // Rounded so that right angles are exact.
        let rounded = |value: f64| libm::round(value * 1e15) / 1e15;
        let (cos, sin) = (rounded(libm::cos(radians)), rounded(libm::sin(radians)));
        let turned = |x: f64, y: f64| (cos * x + sin * y, -sin * x + cos * y);
        let about_middle = |x: f64, y: f64| {
            let (x, y) = turned(x - width / 2.0, y - height / 2.0);
            (x + width / 2.0, y + height / 2.0)
        };
        let output_size = if rotate.keep_canvas {
            (width, height)
        } else {
            let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
            let corners = corners.map(|(x, y)| about_middle(x, y));
            let extent = |values: [f64; 4]| {
                let (low, high) = values
                    .iter()
                    .fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(*value), high.max(*value)));
                libm::ceil(high) - libm::floor(low)
            };
            (extent(corners.map(|corner| corner.0)), extent(corners.map(|corner| corner.1)))
        };
        let (x, y) = about_middle((width - output_size.0) / 2.0, (height - output_size.1) / 2.0);
        Self {
            matrix: [[cos, sin, x], [-sin, cos, y]],
            output_size: (output_size.0 as i64, output_size.1 as i64),
        }
    }
}

/// The kernel's parameter: Pillow rotates with a sharper one than it resizes with.
const SHARPNESS: f64 = -1.0;

/// One pixel in 32.32 fixed point.
const ONE: i64 = 1 << 32;

fn fixed(value: f64) -> i64 {
    libm::floor(value * ONE as f64) as i64
}

/// Rows and columns of the output that are sampled together: what they read of the input stays in the cache, where
/// whole rows of a turned picture would sweep over all of it again and again.
const TILE_ROWS: usize = 32;
const TILE_COLUMNS: i64 = 64;

fn sample(image: &Raster, turn: &Turn, fill: Rgb) -> Raster {
    let (width_px, height_px) = (turn.output_size.0.max(1) as u32, turn.output_size.1.max(1) as u32);
    let mut output = Raster::filled(width_px, height_px, fill.rgba());
    let weights = phase_weights();
    let padded = padded(image);
    let side = [i64::from(image.width_px) * ONE, i64::from(image.height_px) * ONE];
    let step = turn.matrix.map(|row| fixed(row[0]));
    // From pixel centres at halves to pixel centres at whole numbers of the padded picture, rounded to the phase.
    let shift = -ONE / 2 + (ONE >> (PHASE_BITS + 1)) + i64::from(MARGIN_PX) * ONE;
    let row_bytes = width_px as usize * 4;
    for (band, rows) in output.rgba.chunks_mut(TILE_ROWS * row_bytes).enumerate() {
        // Where each row starts in the input, and which part of it lies within.
        let lines: Vec<([i64; 2], Range<i64>)> = (0..rows.len() / row_bytes)
            .map(|row| {
                let y = (band * TILE_ROWS + row) as f64 + 0.5;
                let start = turn.matrix.map(|row| fixed(row[0] * 0.5 + row[1] * y + row[2]));
                let all = 0..i64::from(width_px);
                let inside = within(start[1], step[1], 0..side[1], all);
                (start.map(|start| start + shift), within(start[0], step[0], 0..side[0], inside))
            })
            .collect();
        for left in (0..i64::from(width_px)).step_by(TILE_COLUMNS as usize) {
            for (row, (start, covered)) in rows.chunks_exact_mut(row_bytes).zip(&lines) {
                let first = covered.start.max(left);
                let end = covered.end.min(left + TILE_COLUMNS);
                if first < end {
                    let at = [start[0] + first * step[0], start[1] + first * step[1]];
                    let span = Span { image: &padded, weights: &weights, at, step };
                    bicubic_span(&span, &mut row[first as usize * 4..end as usize * 4]);
                }
            }
        }
    }
    output
}

/// Pixels added on every side, so that every point within the picture has its 4 x 4 neighbours.
const MARGIN_PX: u32 = 2;

/// The picture with its edges repeated into a margin. Rows are an odd number of cache lines apart: at a power of two
/// the neighbours above each other would compete for the same few places in the cache.
fn padded(image: &Raster) -> Raster {
    const LINE_PX: u32 = 16;
    let lines = (image.width_px + 2 * MARGIN_PX).div_ceil(LINE_PX);
    let (width_px, height_px) = ((lines | 1) * LINE_PX, image.height_px + 2 * MARGIN_PX);
    let mut rgba = Vec::with_capacity(width_px as usize * height_px as usize * 4);
    let row_bytes = image.width_px as usize * 4;
    for row in 0..height_px {
        let row = row.saturating_sub(MARGIN_PX).min(image.height_px - 1) as usize;
        let pixels = &image.rgba[row * row_bytes..(row + 1) * row_bytes];
        let (first, last) = (&pixels[..4], &pixels[row_bytes - 4..]);
        (0..MARGIN_PX).for_each(|_| rgba.extend_from_slice(first));
        rgba.extend_from_slice(pixels);
        (image.width_px + MARGIN_PX..width_px).for_each(|_| rgba.extend_from_slice(last));
    }
    Raster { width_px, height_px, rgba }
}

/// The part of `run` in which `start + x * step` lies in `range`; empty ones stay within `run`.
fn within(start: i64, step: i64, range: Range<i64>, run: Range<i64>) -> Range<i64> {
    let inside = if step == 0 {
        if range.contains(&start) { run.clone() } else { run.start..run.start }
    } else {
        // Ceilings of the quotients, whichever way the line runs.
        let (low, high) = if step > 0 { (range.start, range.end) } else { (1 - range.end, 1 - range.start) };
        let (start, step) = if step > 0 { (start, step) } else { (-start, -step) };
        let first_at_least = |bound: i64| (bound - start + step - 1).div_euclid(step);
        first_at_least(low)..first_at_least(high)
    };
    let first = inside.start.clamp(run.start, run.end);
    first..inside.end.clamp(first, run.end)
}

/// The kernel at every phase.
fn phase_weights() -> Vec<[i16; 4]> {
    let phases = 1 << PHASE_BITS;
    (0..phases)
        .map(|phase| {
            let fraction = f64::from(phase) / f64::from(phases);
            let exact = [1.0, 0.0, -1.0, -2.0].map(|tap| cubic(SHARPNESS, fraction + tap));
            let mut weights = [0; 4];
            weights.copy_from_slice(&quantised(&exact));
            reorder(&mut weights);
            weights
        })
        .collect()
}

fn quarter_turned(image: &Raster, turns: u32) -> Raster {
    let (width, height) = (image.width_px as usize, image.height_px as usize);
    let mut output = image.clone();
    if turns % 2 == 1 {
        (output.width_px, output.height_px) = (image.height_px, image.width_px);
    }
    let out_width = output.width_px as usize;
    let pixel = |row: usize, column: usize| (row * width + column) * 4;
    if turns == 0 {
        return output;
    }
    // Blocks keep the column-wise reads within the cache.
    const BLOCK: usize = 16;
    for top in (0..output.height_px as usize).step_by(BLOCK) {
        for left in (0..out_width).step_by(BLOCK) {
            for y in top..(top + BLOCK).min(output.height_px as usize) {
                for x in left..(left + BLOCK).min(out_width) {
                    let from = match turns {
                        1 => pixel(x, width - 1 - y),
                        2 => pixel(height - 1 - y, width - 1 - x),
                        _ => pixel(height - 1 - x, y),
                    };
                    let to = (y * out_width + x) * 4;
                    output.rgba[to..to + 4].copy_from_slice(&image.rgba[from..from + 4]);
                }
            }
        }
    }
    output
}
