//! The camera as geometry: picture positions to rays and world points to picture positions.

use super::Camera;
use super::body::{Ray, finite_or};
use super::vector::{Vec3, vec3};

/// Distance of the picture plane in half picture widths: about 56 degrees of view.
const FOCAL: f32 = 1.9;
/// What the camera looks at.
const TARGET: Vec3 = vec3(0.0, 0.0, 0.3);

pub(super) struct Lens {
    pub eye: Vec3,
    forward: Vec3,
    right: Vec3,
    up: Vec3,
}

/// A world point as the camera sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Projected {
    /// -1 at the left edge of the picture, 1 at the right.
    pub u: f32,
    /// Distance along the view direction, world units; not positive behind the camera.
    pub depth: f32,
    /// World units to the right of the view direction.
    pub across: f32,
}

impl Lens {
    pub fn new(camera: &Camera) -> Self {
        let elevation_deg = finite_or(camera.elevation_deg, 30.0).clamp(2.0, 89.0);
        let distance = finite_or(camera.distance, 8.5).clamp(2.0, 60.0);
        let from = Vec3::towards(finite_or(camera.azimuth_deg, 0.0), elevation_deg);
        let right = (-from).cross(vec3(0.0, 0.0, 1.0)).unit();
        Self { eye: TARGET + from * distance, forward: -from, right, up: right.cross(-from) }
    }

    pub fn ray(&self, u: f32, v: f32) -> Ray {
        let direction = self.forward * FOCAL + self.right * u + self.up * v;
        Ray { origin: self.eye, direction: direction.unit() }
    }

    pub fn project(&self, point: Vec3) -> Projected {
        let offset = point - self.eye;
        let depth = offset.dot(self.forward);
        let across = offset.dot(self.right);
        let reach = if depth > 1e-3 { FOCAL / depth } else { 0.0 };
        Projected { u: across * reach, depth, across }
    }

    /// Bounds [u_low, u_high, v_low, v_high] of a ball's picture, none when it is behind the camera.
    pub fn bounds(&self, centre: Vec3, radius: f32) -> Option<[f32; 4]> {
        let offset = centre - self.eye;
        let depth = offset.dot(self.forward);
        if depth + radius <= 0.0 {
            return None;
        }
        let range = |side: f32| {
            let reach2 = depth * depth - radius * radius;
            if depth <= radius || reach2 <= 1e-4 {
                return (f32::MIN, f32::MAX);
            }
            // Tangents from the eye to the circle in the plane of the view direction and this side.
            let root = (side * side + reach2).max(0.0).sqrt() * radius;
            ((side * depth - root) / reach2 * FOCAL, (side * depth + root) / reach2 * FOCAL)
        };
        let (u_low, u_high) = range(offset.dot(self.right));
        let (v_low, v_high) = range(offset.dot(self.up));
        Some([u_low, u_high, v_low, v_high])
    }
}
