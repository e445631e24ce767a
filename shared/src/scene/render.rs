//! From a scene to its picture: one ray per pixel, then more where neighbours differ.

use super::Scene;
use super::body::{Body, Ray};
use super::palette::{srgb_byte, tone};
use super::shade::Seen;
use super::stage::Stage;
use super::vector::Vec3;
use crate::raster::Raster;

/// No picture larger than this is drawn.
pub const LARGEST_PX: u32 = 2048;
/// Marks a pixel without an object.
const NONE: u8 = 255;
/// Positions within a pixel for smooth edges, in pixels from its middle: a turned 3 x 3 grid, so that upright
/// and level edges get nine steps.
const TURNED: [(f32, f32); 9] = [
    (-0.44, -0.22),
    (-0.11, -0.33),
    (0.22, -0.44),
    (-0.33, 0.11),
    (0.0, 0.0),
    (0.33, -0.11),
    (-0.22, 0.44),
    (0.11, 0.33),
    (0.44, 0.22),
];

/// Draws a square picture, `size_px` a side (held within 1..=2048), antialiased, opaque.
///
/// The same bytes on every machine.
pub fn render(scene: &Scene, size_px: u32) -> Raster {
    let size_px = size_px.clamp(1, LARGEST_PX);
    let stage = Stage::new(scene);
    let first = FirstHits::cast(&stage, size_px);
    let size = size_px as usize;
    let mut lights = Vec::with_capacity(size * size);
    let mut suns = Vec::with_capacity(size * size);
    for (at, (id, (t, normal))) in first.ids.iter().zip(first.depths.iter().zip(&first.normals)).enumerate() {
        let ray = pixel_ray(&stage, size_px, at, (0.0, 0.0));
        let seen = match *id {
            NONE => stage.beyond(ray),
            index => Seen::Body { index: usize::from(index), t: *t, normal: *normal },
        };
        let sample = stage.shade(ray, seen, None);
        lights.push(tone(sample.light));
        suns.push(sample.sunlit);
    }
    let rough = rough_pixels(&first, &lights, &suns, size);
    let mut rgba = vec![255; size * size * 4];
    for (at, out) in rgba.chunks_exact_mut(4).enumerate() {
        let light = if rough[at] { supersample(&stage, size_px, at) } else { lights[at] };
        out[0] = srgb_byte(light.x);
        out[1] = srgb_byte(light.y);
        out[2] = srgb_byte(light.z);
    }
    Raster { width_px: size_px, height_px: size_px, rgba }
}

/// The nearest body at every pixel's middle.
pub(super) struct FirstHits {
    /// Index of the body, or 255.
    pub ids: Vec<u8>,
    depths: Vec<f32>,
    normals: Vec<Vec3>,
}

impl FirstHits {
    pub fn cast(stage: &Stage, size_px: u32) -> Self {
        let pixels = size_px as usize * size_px as usize;
        let mut hits = Self {
            ids: vec![NONE; pixels],
            depths: vec![f32::MAX; pixels],
            normals: vec![Vec3::default(); pixels],
        };
        for (index, body) in stage.bodies.iter().enumerate() {
            silhouette(stage, body, size_px, |at, t, normal| {
                if t < hits.depths[at] {
                    hits.ids[at] = index as u8;
                    hits.depths[at] = t;
                    hits.normals[at] = normal;
                }
            });
        }
        hits
    }
}

/// Calls back for every pixel whose middle shows the body, were it alone.
pub(super) fn silhouette(stage: &Stage, body: &Body, size_px: u32, mut found: impl FnMut(usize, f32, Vec3)) {
    let Some([u_low, u_high, v_low, v_high]) = stage.lens.bounds(body.centre, body.bound_radius) else {
        return;
    };
    let half = size_px as f32 * 0.5;
    let first = |position: f32| (position * half).floor().clamp(0.0, size_px as f32) as u32;
    let columns = first(u_low + 1.0)..(first(u_high + 1.0) + 1).min(size_px);
    let rows = first(1.0 - v_high)..(first(1.0 - v_low) + 1).min(size_px);
    for row in rows {
        for column in columns.clone() {
            let at = row as usize * size_px as usize + column as usize;
            if let Some(entry) = body.enter(pixel_ray(stage, size_px, at, (0.0, 0.0))) {
                found(at, entry.t, entry.normal);
            }
        }
    }
}

fn pixel_ray(stage: &Stage, size_px: u32, at: usize, (dx, dy): (f32, f32)) -> Ray {
    let (column, row) = (at % size_px as usize, at / size_px as usize);
    let step = 2.0 / size_px as f32;
    stage.lens.ray((column as f32 + 0.5 + dx) * step - 1.0, 1.0 - (row as f32 + 0.5 + dy) * step)
}

/// Pixels at the edge of a body, of a face, of a shadow or of a sharp mirror image.
fn rough_pixels(first: &FirstHits, lights: &[Vec3], suns: &[f32], size: usize) -> Vec<bool> {
    let mut rough = vec![false; size * size];
    let differ = |a: usize, b: usize| {
        let step = lights[a] - lights[b];
        let jump = step.x.abs().max(step.y.abs()).max(step.z.abs());
        first.ids[a] != first.ids[b]
            || (suns[a] - suns[b]).abs() > 0.34
            || (first.ids[a] != NONE && first.normals[a].dot(first.normals[b]) < 0.85 && jump > 0.02)
            || jump > 0.12
    };
    for row in 0..size {
        for column in 0..size {
            let at = row * size + column;
            if column + 1 < size && differ(at, at + 1) {
                rough[at] = true;
                rough[at + 1] = true;
            }
            if row + 1 < size && differ(at, at + size) {
                rough[at] = true;
                rough[at + size] = true;
            }
        }
    }
    rough
}

fn supersample(stage: &Stage, size_px: u32, at: usize) -> Vec3 {
    let mut sum = Vec3::default();
    for (phase, offset) in TURNED.into_iter().enumerate() {
        let ray = pixel_ray(stage, size_px, at, offset);
        let seen = match stage.nearest(ray, None) {
            Some((index, entry)) => Seen::Body { index, t: entry.t, normal: entry.normal },
            None => stage.beyond(ray),
        };
        sum = sum + tone(stage.shade(ray, seen, Some(phase)).light);
    }
    sum * (1.0 / TURNED.len() as f32)
}
