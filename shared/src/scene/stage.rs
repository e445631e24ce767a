//! A scene made ready for rays: placed bodies, lens, sun and colours, with every field brought into range,
//! so that an arbitrarily edited scene still renders.

use super::Scene;
use super::body::{Body, Entry, Onlooker, Ray, SunPath, finite_or};
use super::lens::Lens;
use super::object::Material;
use super::palette::{linear, paint};
use super::vector::{Vec3, sin_cos_deg, vec3};

/// More objects than this are not drawn.
pub(super) const MOST_BODIES: usize = 64;
/// Rays that tell whether the sun's disc is cut at all.
const SUN_PROBES: usize = 5;
/// Rays towards the sun's disc where its light is partly hidden.
const SUN_SAMPLES: usize = 32;
/// A quarter of them is enough for one of the nine samples of a pixel.
const SUN_PHASES: usize = 4;

pub(super) struct Stage {
    pub bodies: Vec<Body>,
    /// For each body the sun's directions as it meets them.
    sun_paths: Vec<Vec<SunPath>>,
    pub surfaces: Vec<Surface>,
    pub lens: Lens,
    pub sun: Sun,
    /// Light of the sky straight up and of the ground straight down.
    pub sky: Vec3,
    pub bounce: Vec3,
    pub ground: Vec3,
    pub horizon: Vec3,
    pub zenith: Vec3,
}

pub(super) struct Surface {
    pub paint: Vec3,
    /// Tint of a mirror image: most of the way from white to the paint at full brightness, so that shiny red stays red.
    pub glaze: Vec3,
    pub shiny: bool,
}

pub(super) struct Sun {
    pub towards: Vec3,
    pub light: Vec3,
    /// Tangent of the disc's angular radius.
    pub spread: f32,
    /// First [`SUN_PROBES`] directions that tell whether the disc is cut at all, its middle and four points of its
    /// rim, then directions spread evenly over the disc.
    directions: [Vec3; SUN_PROBES + SUN_SAMPLES],
}

impl Stage {
    pub fn new(scene: &Scene) -> Self {
        let light = &scene.light;
        let strength = finite_or(light.strength, 1.0).clamp(0.0, 4.0);
        let ambient = finite_or(light.ambient, 1.0).clamp(0.0, 4.0);
        let objects = &scene.objects[..scene.objects.len().min(MOST_BODIES)];
        let ground = linear(scene.surroundings.ground);
        let towards = Vec3::towards(
            finite_or(light.azimuth_deg, 0.0),
            finite_or(light.elevation_deg, 50.0).clamp(5.0, 90.0),
        );
        let (sin_soft, cos_soft) = sin_cos_deg(finite_or(light.softness_deg, 0.0).clamp(0.0, 20.0));
        let bodies: Vec<Body> = objects.iter().map(Body::new).collect();
        let sun = Sun::new(towards, sin_soft / cos_soft, vec3(0.98, 0.92, 0.83) * strength);
        Self {
            sun_paths: bodies
                .iter()
                .map(|body| sun.directions.iter().map(|direction| body.sun_path(*direction)).collect())
                .collect(),
            bodies,
            surfaces: objects
                .iter()
                .map(|object| {
                    let paint = linear(paint(object.colour));
                    let full = paint * (1.0 / paint.x.max(paint.y).max(paint.z));
                    let glaze = vec3(1.0, 1.0, 1.0).mix(full, 0.75);
                    Surface { paint, glaze, shiny: object.material == Material::Shiny }
                })
                .collect(),
            lens: Lens::new(&scene.camera),
            sun,
            sky: vec3(0.47, 0.50, 0.56) * ambient,
            bounce: ground * (0.42 * ambient),
            ground,
            horizon: linear(scene.surroundings.horizon),
            zenith: linear(scene.surroundings.zenith),
        }
    }

    /// The nearest body along the ray, but for one that is left out.
    pub fn nearest(&self, ray: Ray, except: Option<usize>) -> Option<(usize, Entry)> {
        let mut best: Option<(usize, Entry)> = None;
        for (index, body) in self.bodies.iter().enumerate() {
            if Some(index) == except {
                continue;
            }
            if let Some(entry) = body.enter(ray)
                && best.is_none_or(|(_, found)| entry.t < found.t)
            {
                best = Some((index, entry));
            }
        }
        best
    }

    /// The share of the sun's disc seen from a point, 0..=1. A convex body never shades its own lit side,
    /// so the body that the point lies on is left out. With a `phase` it is estimated from a quarter of the rays.
    pub fn sunlit(&self, point: Vec3, except: Option<usize>, phase: Option<usize>) -> f32 {
        let sun = &self.sun;
        let mut blockers = [(0, Onlooker::default()); MOST_BODIES];
        let mut count = 0;
        for (index, body) in self.bodies.iter().enumerate() {
            let offset = body.centre - point;
            let along = offset.dot(sun.towards);
            let reach = body.bound_radius + along.max(0.0) * sun.spread;
            let near = along > -body.bound_radius && offset.dot(offset) - along * along < reach * reach;
            if near && Some(index) != except {
                blockers[count] = (index, body.onlooker(point));
                count += 1;
            }
        }
        let blockers = &blockers[..count];
        if blockers.is_empty() {
            return 1.0;
        }
        let blocked = |direction: &usize| {
            blockers
                .iter()
                .any(|(index, from)| self.bodies[*index].blocks(from, &self.sun_paths[*index][*direction]))
        };
        if sun.spread <= 0.0 {
            return if blocked(&0) { 0.0 } else { 1.0 };
        }
        match (0..SUN_PROBES).filter(blocked).count() {
            0 => 1.0,
            SUN_PROBES => 0.0,
            _ => {
                let (start, step) = phase.map_or((0, 1), |phase| (phase % SUN_PHASES, SUN_PHASES));
                let cut =
                    (SUN_PROBES..SUN_PROBES + SUN_SAMPLES).skip(start).step_by(step).filter(blocked).count();
                1.0 - (cut * step) as f32 / SUN_SAMPLES as f32
            }
        }
    }
}

impl Sun {
    fn new(towards: Vec3, spread: f32, light: Vec3) -> Self {
        let side = if towards.z < 0.9 { vec3(0.0, 0.0, 1.0) } else { vec3(1.0, 0.0, 0.0) };
        let across = towards.cross(side).unit();
        let along = across.cross(towards);
        let point = |x: f32, y: f32| (towards + (across * x + along * y) * spread).unit();
        let probes = [towards, point(1.0, 0.0), point(-1.0, 0.0), point(0.0, 1.0), point(0.0, -1.0)];
        let mut directions = [towards; SUN_PROBES + SUN_SAMPLES];
        directions[..SUN_PROBES].copy_from_slice(&probes);
        for (index, direction) in directions[SUN_PROBES..].iter_mut().enumerate() {
            // Sunflower: the golden angle between neighbours, equal area per point.
            let radius = ((index as f32 + 0.5) / SUN_SAMPLES as f32).sqrt();
            let (sin, cos) = sin_cos_deg(137.507_77 * index as f32);
            *direction = point(radius * cos, radius * sin);
        }
        Self { towards, light, spread, directions }
    }
}
