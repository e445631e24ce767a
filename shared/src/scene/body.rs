//! An object as geometry: where it lies in the world and where a ray meets it.
//!
//! All four bodies are convex, so a ray's part inside one is a single interval. Knows nothing of light.

mod shadow;

pub(super) use shadow::{Onlooker, SunPath};

use super::object::{Object, Shape};
use super::vector::{Vec3, sin_cos_deg, vec3};

/// A ray: `origin + t * direction`, with a unit direction.
#[derive(Clone, Copy)]
pub(super) struct Ray {
    pub origin: Vec3,
    pub direction: Vec3,
}

impl Ray {
    pub fn at(self, t: f32) -> Vec3 {
        self.origin + self.direction * t
    }
}

/// Where a ray enters a body.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub t: f32,
    pub normal: Vec3,
}

/// A placed object.
pub(super) struct Body {
    shape: Shape,
    pub centre: Vec3,
    /// The body's own axes in world coordinates.
    axes: [Vec3; 3],
    /// Half extents: across (radius or half edge) and along its own z.
    across: f32,
    along: f32,
    pub bound_radius: f32,
}

/// Nearer than this, world units, a ray is taken to start on the body.
const NEAREST: f32 = 1e-3;

impl Body {
    pub fn new(object: &Object) -> Self {
        let scale = finite_or(object.scale, 1.0).clamp(0.02, 20.0);
        let radius = object.size.radius() * scale;
        let (across, along) = match object.shape {
            Shape::Cube => (0.80 * radius, 0.80 * radius),
            Shape::Sphere => (radius, radius),
            Shape::Cylinder => (0.82 * radius, 0.90 * radius),
            Shape::Cone => (0.98 * radius, 1.05 * radius),
        };
        let axes = axes(object);
        let up = vec3(axes[0].z, axes[1].z, axes[2].z);
        let rim = (1.0 - up.z * up.z).max(0.0).sqrt() * across;
        let depth = match object.shape {
            Shape::Cube => across * (up.x.abs() + up.y.abs() + up.z.abs()),
            Shape::Sphere => across,
            Shape::Cylinder => along * up.z.abs() + rim,
            Shape::Cone => (along * up.z + rim).max(-along * up.z),
        };
        let bound_radius = match object.shape {
            Shape::Cube => across * 1.732_051,
            Shape::Sphere => across,
            Shape::Cylinder | Shape::Cone => (across * across + along * along).sqrt(),
        };
        let lift = finite_or(object.lift, 0.0).clamp(0.0, 100.0);
        let place = |value: f32| finite_or(value, 0.0).clamp(-1000.0, 1000.0);
        let centre = vec3(place(object.x), place(object.y), depth + lift);
        Self { shape: object.shape, centre, axes, across, along, bound_radius }
    }

    /// Half its usual extent: the radius of a ball that shades its surroundings alike.
    pub fn mean_radius(&self) -> f32 {
        0.55 * self.across + 0.45 * self.along
    }

    /// Where the ray enters, if it does so beyond its origin.
    pub fn enter(&self, ray: Ray) -> Option<Entry> {
        let offset = ray.origin - self.centre;
        if self.misses_bound(offset, ray.direction) {
            return None;
        }
        let (t, normal) = if self.shape == Shape::Sphere {
            let b = offset.dot(ray.direction);
            let t = -b - (b * b - offset.dot(offset) + self.across * self.across).max(0.0).sqrt();
            (t, (offset + ray.direction * t) * (1.0 / self.across))
        } else {
            let [x, y, z] = self.axes;
            let own = |v: Vec3| vec3(v.dot(x), v.dot(y), v.dot(z));
            let (origin, direction) = (own(offset), own(ray.direction));
            let (t, normal) = match self.shape {
                Shape::Cube => self.enter_cube(origin, direction)?,
                Shape::Cylinder => self.enter_cylinder(origin, direction)?,
                _ => self.enter_cone(origin, direction)?,
            };
            (t, x * normal.x + y * normal.y + z * normal.z)
        };
        (t > NEAREST).then_some(Entry { t, normal })
    }

    fn misses_bound(&self, offset: Vec3, direction: Vec3) -> bool {
        let along = offset.dot(direction);
        let square = offset.dot(offset);
        let bound = self.bound_radius * self.bound_radius;
        square - along * along > bound || (along > 0.0 && square > bound)
    }

    fn enter_cube(&self, origin: Vec3, direction: Vec3) -> Option<(f32, Vec3)> {
        let x = slab(origin.x, direction.x, self.across)?;
        let y = slab(origin.y, direction.y, self.across)?;
        let z = slab(origin.z, direction.z, self.across)?;
        let enter = x.0.max(y.0).max(z.0);
        if enter > x.1.min(y.1).min(z.1) {
            return None;
        }
        let normal = if enter == x.0 {
            vec3(-direction.x.signum(), 0.0, 0.0)
        } else if enter == y.0 {
            vec3(0.0, -direction.y.signum(), 0.0)
        } else {
            vec3(0.0, 0.0, -direction.z.signum())
        };
        Some((enter, normal))
    }

    fn enter_cylinder(&self, origin: Vec3, direction: Vec3) -> Option<(f32, Vec3)> {
        let caps = slab(origin.z, direction.z, self.along)?;
        let a = direction.x * direction.x + direction.y * direction.y;
        let b = origin.x * direction.x + origin.y * direction.y;
        let c = origin.x * origin.x + origin.y * origin.y - self.across * self.across;
        let side = if a < 1e-9 {
            if c > 0.0 {
                return None;
            }
            (f32::MIN, f32::MAX)
        } else {
            let discriminant = b * b - a * c;
            if discriminant < 0.0 {
                return None;
            }
            let root = discriminant.sqrt();
            ((-b - root) / a, (-b + root) / a)
        };
        if caps.0.max(side.0) > caps.1.min(side.1) {
            return None;
        }
        if side.0 > caps.0 {
            let (x, y) = (origin.x + side.0 * direction.x, origin.y + side.0 * direction.y);
            Some((side.0, vec3(x, y, 0.0) * (1.0 / self.across)))
        } else {
            Some((caps.0, vec3(0.0, 0.0, -direction.z.signum())))
        }
    }

    /// The tip is at +along, the base at -along.
    fn enter_cone(&self, origin: Vec3, direction: Vec3) -> Option<(f32, Vec3)> {
        let slope = self.across / (2.0 * self.along);
        let slope2 = slope * slope;
        let tip_z = origin.z - self.along;
        let a = direction.x * direction.x + direction.y * direction.y - slope2 * direction.z * direction.z;
        let b = origin.x * direction.x + origin.y * direction.y - slope2 * tip_z * direction.z;
        let c = origin.x * origin.x + origin.y * origin.y - slope2 * tip_z * tip_z;
        let discriminant = b * b - a * c;
        let mut best: Option<(f32, Vec3)> = None;
        if discriminant >= 0.0 && a.abs() > 1e-9 {
            let root = discriminant.sqrt();
            for t in [(-b - root) / a, (-b + root) / a] {
                let z = tip_z + t * direction.z;
                if !(-2.0 * self.along..=0.0).contains(&z) {
                    continue;
                }
                let (x, y) = (origin.x + t * direction.x, origin.y + t * direction.y);
                let normal = vec3(x, y, -slope2 * z);
                if normal.dot(direction) < 0.0 && best.is_none_or(|found| t < found.0) {
                    best = Some((t, normal.unit()));
                }
            }
        }
        if direction.z > 1e-9 {
            let t = (-self.along - origin.z) / direction.z;
            let (x, y) = (origin.x + t * direction.x, origin.y + t * direction.y);
            let inside = x * x + y * y <= self.across * self.across;
            if inside && best.is_none_or(|found| t < found.0) {
                best = Some((t, vec3(0.0, 0.0, -1.0)));
            }
        }
        best
    }
}

/// The interval of t in which `|origin + t * direction| <= half`.
fn slab(origin: f32, direction: f32, half: f32) -> Option<(f32, f32)> {
    if direction.abs() < 1e-9 {
        return (origin.abs() <= half).then_some((f32::MIN, f32::MAX));
    }
    let inverse = 1.0 / direction;
    let (one, other) = ((-half - origin) * inverse, (half - origin) * inverse);
    Some((one.min(other), one.max(other)))
}

/// Roll about y, then pitch about x, then yaw about z.
fn axes(object: &Object) -> [Vec3; 3] {
    let angle = |value: f32| sin_cos_deg(finite_or(value, 0.0));
    let (sin_yaw, cos_yaw) = angle(object.yaw_deg);
    let (sin_pitch, cos_pitch) = angle(object.pitch_deg);
    let (sin_roll, cos_roll) = angle(object.roll_deg);
    let turn = |v: Vec3| {
        let rolled = vec3(cos_roll * v.x + sin_roll * v.z, v.y, -sin_roll * v.x + cos_roll * v.z);
        let (y, z) =
            (cos_pitch * rolled.y - sin_pitch * rolled.z, sin_pitch * rolled.y + cos_pitch * rolled.z);
        vec3(cos_yaw * rolled.x - sin_yaw * y, sin_yaw * rolled.x + cos_yaw * y, z)
    };
    [turn(vec3(1.0, 0.0, 0.0)), turn(vec3(0.0, 1.0, 0.0)), turn(vec3(0.0, 0.0, 1.0))]
}

/// The value, or another where an edited scene holds infinity or NaN.
pub(super) fn finite_or(value: f32, otherwise: f32) -> f32 {
    if value.is_finite() { value } else { otherwise }
}
