//! Three-dimensional vectors for the scene world, in plain f32 arithmetic only.

use std::ops::{Add, Mul, Neg, Sub};

/// A vector or a linear colour.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Vec3 {
    pub x: f32,
    pub y: f32,
    pub z: f32,
}

pub(super) const fn vec3(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3 { x, y, z }
}

impl Vec3 {
    pub fn dot(self, other: Self) -> f32 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    pub fn cross(self, other: Self) -> Self {
        vec3(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )
    }

    pub fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    /// The unit vector of this direction; the zero vector points up.
    pub fn unit(self) -> Self {
        let length = self.length();
        if length > 1e-12 { self * (1.0 / length) } else { vec3(0.0, 0.0, 1.0) }
    }

    /// Component by component: colour times colour.
    pub fn times(self, other: Self) -> Self {
        vec3(self.x * other.x, self.y * other.y, self.z * other.z)
    }

    pub fn mix(self, other: Self, share: f32) -> Self {
        self * (1.0 - share) + other * share
    }

    /// The direction of an azimuth (counted from -y towards +x) and an elevation above the ground.
    pub fn towards(azimuth_deg: f32, elevation_deg: f32) -> Self {
        let (sin_azimuth, cos_azimuth) = sin_cos_deg(azimuth_deg);
        let (sin_elevation, cos_elevation) = sin_cos_deg(elevation_deg);
        vec3(cos_elevation * sin_azimuth, -cos_elevation * cos_azimuth, sin_elevation)
    }
}

impl Add for Vec3 {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        vec3(self.x + other.x, self.y + other.y, self.z + other.z)
    }
}

impl Sub for Vec3 {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        vec3(self.x - other.x, self.y - other.y, self.z - other.z)
    }
}

impl Mul<f32> for Vec3 {
    type Output = Self;
    fn mul(self, factor: f32) -> Self {
        vec3(self.x * factor, self.y * factor, self.z * factor)
    }
}

impl Neg for Vec3 {
    type Output = Self;
    fn neg(self) -> Self {
        self * -1.0
    }
}

/// Sine and cosine of an angle of any size; the angle is brought into one turn first, which keeps them exact.
pub(super) fn sin_cos_deg(angle_deg: f32) -> (f32, f32) {
    let radians = (angle_deg % 360.0) * (core::f32::consts::PI / 180.0);
    (libm::sinf(radians), libm::cosf(radians))
}

/// A share in 0..=1 that rises smoothly while `value` goes from `from` to `to`.
pub(super) fn smooth_step(from: f32, to: f32, value: f32) -> f32 {
    let share = ((value - from) / (to - from)).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}
