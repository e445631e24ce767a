//! A scene from its seed: what is in it, where it lies, and how it is lit and looked at.

use super::body::Body;
use super::lens::Lens;
use super::object::{Colour, Material, Object, Shape, Size};
use super::visibility::View;
use super::{Camera, Light, Scene, Surroundings};
use crate::rng::{Rng, stream};

/// Attempts at placing one object, and at laying out the whole scene, before another is made.
const PLACE_ATTEMPTS: u32 = 40;
const LAYOUT_ATTEMPTS: u32 = 60;
/// A fresh object shows at least this many of 112 x 112 px, and this share of what it would show alone.
const SHOWN_PX: u32 = 40;
const SHOWN_SHARE: f32 = 0.40;
/// Ground between two objects, world units.
const GAP: f32 = 0.12;
/// No object lies farther from the middle than this, world units.
const REACH: f32 = 4.3;

impl Scene {
    /// Draws a scene: 1 to 6 objects, none of them mostly hidden. The same seed is the same scene everywhere.
    pub fn from_seed(seed: u64) -> Self {
        let mut rng = Rng::new(seed, stream::SCENE);
        let mut scene = Self {
            objects: objects(&mut rng),
            light: light(&mut rng),
            camera: camera(&mut rng),
            surroundings: surroundings(&mut rng),
        };
        // Only places are drawn again, so that what is in a scene does not depend on how well it shows.
        for _ in 0..LAYOUT_ATTEMPTS {
            if place(&mut scene, &mut rng) && all_show(&scene) {
                return scene;
            }
            scene.camera = camera(&mut rng);
        }
        scene.objects.truncate(1);
        while !(place(&mut scene, &mut rng) && all_show(&scene)) {
            scene.camera = camera(&mut rng);
        }
        scene
    }
}

/// 1 to 6 objects. In about half of the scenes some share attributes, so that counts above one and
/// references that need several words come up.
fn objects(rng: &mut Rng) -> Vec<Object> {
    let count = 1 + rng.below(6) as usize;
    let mut objects: Vec<Object> = (0..count).map(|_| object(rng)).collect();
    if rng.chance(0.55) {
        let model = object(rng);
        let alike = 2 + rng.weighted(&[1.0, 2.0, 3.0]);
        let [size, colour, material, shape] = [0.6; 4].map(|probability| rng.chance(probability));
        for object in objects.iter_mut().take(alike) {
            if size {
                object.size = model.size;
            }
            if colour {
                object.colour = model.colour;
            }
            if material {
                object.material = model.material;
            }
            if shape {
                object.shape = model.shape;
            }
        }
    }
    rng.shuffle(&mut objects);
    objects
}

fn object(rng: &mut Rng) -> Object {
    let tilted = rng.chance(0.2);
    Object {
        shape: Shape::ALL[rng.below(4) as usize],
        colour: Colour::ALL[rng.below(8) as usize],
        material: Material::ALL[rng.below(2) as usize],
        size: Size::ALL[rng.below(2) as usize],
        x: 0.0,
        y: 0.0,
        lift: 0.0,
        yaw_deg: rng.range(0.0, 360.0),
        pitch_deg: if tilted { rng.range(-40.0, 40.0) } else { 0.0 },
        roll_deg: if tilted { rng.range(-40.0, 40.0) } else { 0.0 },
        scale: 1.0,
    }
}

fn light(rng: &mut Rng) -> Light {
    Light {
        azimuth_deg: rng.range(-180.0, 180.0),
        elevation_deg: rng.range(35.0, 70.0),
        softness_deg: if rng.chance(0.3) { 0.0 } else { rng.range(1.0, 5.0) },
        strength: rng.range(0.85, 1.15),
        ambient: rng.range(0.85, 1.15),
    }
}

fn camera(rng: &mut Rng) -> Camera {
    Camera {
        azimuth_deg: rng.range(-30.0, 30.0),
        elevation_deg: rng.range(24.0, 48.0),
        distance: rng.range(6.8, 8.6),
    }
}

/// Light, unsaturated grounds under a darker or lighter background of a like hue.
fn surroundings(rng: &mut Rng) -> Surroundings {
    const GROUNDS: [[f32; 3]; 6] = [
        [214.0, 208.0, 196.0],
        [204.0, 210.0, 216.0],
        [218.0, 206.0, 202.0],
        [200.0, 210.0, 200.0],
        [210.0, 206.0, 218.0],
        [192.0, 194.0, 196.0],
    ];
    let ground = GROUNDS[rng.below(6) as usize];
    let lightness = rng.range(0.82, 1.06);
    let (horizon, zenith) = (rng.range(0.84, 1.04), rng.range(0.62, 0.80));
    let tint = |factor: f32| ground.map(|channel| (channel * lightness * factor).clamp(0.0, 255.0) as u8);
    Surroundings { ground: tint(1.0), horizon: tint(horizon), zenith: tint(zenith) }
}

/// Puts every object somewhere in the picture and clear of the others; false when one finds no place.
fn place(scene: &mut Scene, rng: &mut Rng) -> bool {
    let lens = Lens::new(&scene.camera);
    let mut placed: Vec<(f32, f32, f32)> = Vec::with_capacity(scene.objects.len());
    'objects: for object in &mut scene.objects {
        let body = Body::new(object);
        let radius = body.bound_radius;
        for _ in 0..PLACE_ATTEMPTS {
            let ray = lens.ray(rng.range(-0.92, 0.92), rng.range(-0.92, 0.80));
            let t = (body.centre.z - ray.origin.z) / ray.direction.z;
            let spot = ray.at(t);
            if ray.direction.z > -0.05 || spot.x * spot.x + spot.y * spot.y > REACH * REACH {
                continue;
            }
            let clear = placed.iter().all(|(x, y, other)| {
                let (dx, dy, apart) = (spot.x - x, spot.y - y, radius + other + GAP);
                dx * dx + dy * dy > apart * apart
            });
            let inside = lens.bounds(spot, radius).is_some_and(|bounds| {
                bounds[0] > -0.99 && bounds[1] < 0.99 && bounds[2] > -0.99 && bounds[3] < 0.99
            });
            if clear && inside {
                (object.x, object.y) = (spot.x, spot.y);
                placed.push((spot.x, spot.y, radius));
                continue 'objects;
            }
        }
        return false;
    }
    true
}

fn all_show(scene: &Scene) -> bool {
    View::new(scene).seen.iter().all(|object| {
        object.shown_px >= SHOWN_PX && object.shown_px as f32 >= SHOWN_SHARE * object.alone_px as f32
    })
}
