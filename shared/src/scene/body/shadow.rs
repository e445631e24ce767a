//! Shadow rays: whether a body stands between a point and a direction of the sun.
//!
//! The same question as [`Body::enter`] with the same arithmetic, so the same answer to the last bit, but without
//! the normal, and with everything that depends on the point or on the direction alone worked out once.

use super::{Body, NEAREST};
use crate::scene::object::Shape;
use crate::scene::vector::{Vec3, vec3};

/// A direction of the sun as a body meets it.
pub(in crate::scene) struct SunPath {
    world: Vec3,
    /// In the body's own axes.
    own: Vec3,
    /// One over each component of `own`.
    inverse: Vec3,
    /// The square's coefficient in the equation of a cylinder's or cone's mantle.
    square: f32,
}

/// A point as a body sees it.
#[derive(Clone, Copy, Default)]
pub(in crate::scene) struct Onlooker {
    /// From the body's centre to the point, in the world and in the body's own axes.
    offset: Vec3,
    own: Vec3,
    /// Squared distance from the centre.
    distance2: f32,
    /// The constant in the equation of a cylinder's or cone's mantle.
    constant: f32,
    /// What a cone's linear coefficient takes from along the axis.
    tip: f32,
}

impl Body {
    pub fn sun_path(&self, direction: Vec3) -> SunPath {
        let own = self.own(direction);
        let inverse = vec3(1.0 / own.x, 1.0 / own.y, 1.0 / own.z);
        let mut square = own.x * own.x + own.y * own.y;
        if self.shape == Shape::Cone {
            square -= self.slope2() * own.z * own.z;
        }
        SunPath { world: direction, own, inverse, square }
    }

    pub fn onlooker(&self, point: Vec3) -> Onlooker {
        let offset = point - self.centre;
        let own = self.own(offset);
        let tip_z = own.z - self.along;
        let (tip, taken) = match self.shape {
            Shape::Cone => (self.slope2() * tip_z, self.slope2() * tip_z * tip_z),
            _ => (0.0, self.across * self.across),
        };
        let constant = own.x * own.x + own.y * own.y - taken;
        Onlooker { offset, own, distance2: offset.dot(offset), constant, tip }
    }

    /// Whether a ray from the point in the direction enters the body.
    pub fn blocks(&self, from: &Onlooker, path: &SunPath) -> bool {
        let along = from.offset.dot(path.world);
        let bound = self.bound_radius * self.bound_radius;
        if from.distance2 - along * along > bound || (along > 0.0 && from.distance2 > bound) {
            return false;
        }
        match self.shape {
            Shape::Sphere => {
                let inside = (along * along - from.distance2 + self.across * self.across).max(0.0);
                -along - inside.sqrt() > NEAREST
            }
            Shape::Cube => self.cube_blocks(from, path),
            Shape::Cylinder => self.cylinder_blocks(from, path),
            Shape::Cone => self.cone_blocks(from, path),
        }
    }

    fn own(&self, v: Vec3) -> Vec3 {
        let [x, y, z] = self.axes;
        vec3(v.dot(x), v.dot(y), v.dot(z))
    }

    fn slope2(&self) -> f32 {
        let slope = self.across / (2.0 * self.along);
        slope * slope
    }

    fn cube_blocks(&self, from: &Onlooker, path: &SunPath) -> bool {
        let x = slab(from.own.x, path.own.x, path.inverse.x, self.across);
        let y = slab(from.own.y, path.own.y, path.inverse.y, self.across);
        let z = slab(from.own.z, path.own.z, path.inverse.z, self.across);
        let enter = x.0.max(y.0).max(z.0);
        enter <= x.1.min(y.1).min(z.1) && enter > NEAREST
    }

    fn cylinder_blocks(&self, from: &Onlooker, path: &SunPath) -> bool {
        let caps = slab(from.own.z, path.own.z, path.inverse.z, self.along);
        let side = if path.square < 1e-9 {
            if from.constant > 0.0 {
                return false;
            }
            (f32::MIN, f32::MAX)
        } else {
            let linear = from.own.x * path.own.x + from.own.y * path.own.y;
            let discriminant = linear * linear - path.square * from.constant;
            if discriminant < 0.0 {
                return false;
            }
            let root = discriminant.sqrt();
            ((-linear - root) / path.square, (-linear + root) / path.square)
        };
        let enter = caps.0.max(side.0);
        enter <= caps.1.min(side.1) && enter > NEAREST
    }

    fn cone_blocks(&self, from: &Onlooker, path: &SunPath) -> bool {
        let (origin, direction) = (from.own, path.own);
        let mut nearest = f32::INFINITY;
        if direction.z > 1e-9 {
            let t = (-self.along - origin.z) / direction.z;
            let (x, y) = (origin.x + t * direction.x, origin.y + t * direction.y);
            if x * x + y * y <= self.across * self.across {
                nearest = t;
            }
        }
        let linear = origin.x * direction.x + origin.y * direction.y - from.tip * direction.z;
        let discriminant = linear * linear - path.square * from.constant;
        if discriminant >= 0.0 && path.square.abs() > 1e-9 {
            let root = discriminant.sqrt();
            let (tip_z, slope2) = (origin.z - self.along, self.slope2());
            for t in [(-linear - root) / path.square, (-linear + root) / path.square] {
                let z = tip_z + t * direction.z;
                let (x, y) = (origin.x + t * direction.x, origin.y + t * direction.y);
                let faces_the_point = vec3(x, y, -slope2 * z).dot(direction) < 0.0;
                if (-2.0 * self.along..=0.0).contains(&z) && faces_the_point {
                    nearest = nearest.min(t);
                }
            }
        }
        nearest > NEAREST && nearest < f32::INFINITY
    }
}

/// The interval of t in which `|origin + t * direction| <= half`; an empty one where there is none.
fn slab(origin: f32, direction: f32, inverse: f32, half: f32) -> (f32, f32) {
    if direction.abs() < 1e-9 {
        return if origin.abs() <= half { (f32::MIN, f32::MAX) } else { (f32::MAX, f32::MIN) };
    }
    let (one, other) = ((-half - origin) * inverse, (half - origin) * inverse);
    (one.min(other), one.max(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use crate::scene::Scene;
    use crate::scene::body::Ray;

    #[test]
    fn a_shadow_ray_is_a_ray_that_enters() {
        let mut rng = Rng::new(1, 0);
        let (mut blocked, mut free) = (0, 0);
        for seed in 0..60 {
            let scene = Scene::from_seed(seed);
            for body in scene.objects.iter().map(Body::new) {
                for _ in 0..300 {
                    let mut coordinate = |half: f32| (rng.unit() * 2.0 - 1.0) * half;
                    let point = body.centre + vec3(coordinate(2.0), coordinate(2.0), coordinate(2.0));
                    let mut direction = vec3(coordinate(1.0), coordinate(1.0), coordinate(1.0)).unit();
                    // Now and then straight up, where the equations degenerate.
                    if coordinate(1.0) > 0.9 {
                        direction = vec3(0.0, 0.0, 1.0);
                    }
                    let enters = body.enter(Ray { origin: point, direction }).is_some();
                    let blocks = body.blocks(&body.onlooker(point), &body.sun_path(direction));
                    assert_eq!(blocks, enters, "seed {seed}, {:?}, {point:?} {direction:?}", body.shape);
                    if blocks { blocked += 1 } else { free += 1 }
                }
            }
        }
        assert!(blocked > 2000 && free > 2000, "{blocked} {free}");
    }
}
