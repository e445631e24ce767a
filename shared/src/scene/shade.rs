//! The colour of what a ray meets: sun, sky, bounced light, contact shade, highlight and mirror image.

use super::body::Ray;
use super::stage::Stage;
use super::vector::{Vec3, smooth_step, vec3};

/// What a ray from the camera meets.
#[derive(Clone, Copy)]
pub(super) enum Seen {
    Body { index: usize, t: f32, normal: Vec3 },
    Ground { t: f32 },
    Background,
}

/// Linear light of a sample and what decides whether its neighbours need a closer look.
#[derive(Clone, Copy)]
pub(super) struct Sample {
    pub light: Vec3,
    /// Share of the sun seen, 0..=1; 1 where no surface is.
    pub sunlit: f32,
}

impl Stage {
    /// The ground or the background, for a ray that meets no body.
    pub fn beyond(&self, ray: Ray) -> Seen {
        if ray.direction.z < -1e-4 {
            Seen::Ground { t: -ray.origin.z / ray.direction.z }
        } else {
            Seen::Background
        }
    }

    pub fn shade(&self, ray: Ray, seen: Seen, phase: Option<usize>) -> Sample {
        match seen {
            Seen::Background => Sample { light: self.backdrop(ray.direction), sunlit: 1.0 },
            Seen::Ground { t } => {
                let point = ray.at(t);
                let sunlit = self.sunlit(point, None, phase);
                Sample { light: self.ground_light(ray, t, sunlit), sunlit }
            }
            Seen::Body { index, t, normal } => {
                let point = ray.at(t);
                let facing = normal.dot(self.sun.towards);
                let sunlit =
                    if facing > 0.0 { self.sunlit(point + normal * 1e-3, Some(index), phase) } else { 0.0 };
                let surface = &self.surfaces[index];
                let diffuse = self.diffuse(index, point, normal, sunlit);
                if !surface.shiny {
                    return Sample { light: diffuse, sunlit };
                }
                let half = (self.sun.towards - ray.direction).unit();
                let highlight = power64(normal.dot(half).max(0.0)) * sunlit;
                let view = -ray.direction.dot(normal);
                let grazing = 1.0 - view.clamp(0.0, 1.0);
                let mirror = 0.24 + 0.5 * grazing * grazing * grazing * grazing;
                let bounced = Ray {
                    origin: point + normal * 2e-3,
                    direction: (ray.direction + normal * (2.0 * view)).unit(),
                };
                let light = diffuse * (0.92 - 0.6 * mirror)
                    + self.mirrored(bounced, index).times(surface.glaze) * mirror
                    + self.sun.light * (1.1 * highlight);
                Sample { light, sunlit }
            }
        }
    }

    /// Sun, sky and bounce on a body's paint.
    fn diffuse(&self, index: usize, point: Vec3, normal: Vec3, sunlit: f32) -> Vec3 {
        let facing = normal.dot(self.sun.towards).max(0.0);
        let height = point.z.max(0.0);
        let lifted = height / (height + 0.35 * self.bodies[index].mean_radius());
        let upward = 0.5 + 0.5 * normal.z;
        let even = (self.sky * upward + self.bounce * ((1.0 - upward) * lifted))
            * self.open(point, normal, Some(index));
        self.surfaces[index].paint.times(even * (0.55 + 0.45 * lifted) + self.sun.light * (facing * sunlit))
    }

    fn ground_light(&self, ray: Ray, t: f32, sunlit: f32) -> Vec3 {
        let point = ray.at(t);
        let up = vec3(0.0, 0.0, 1.0);
        let even = self.sky * self.open(point, up, None);
        let lit = self.ground.times(even + self.sun.light * (self.sun.towards.z * sunlit));
        // The ground fades into the horizon: no hard line, and the eye stays in the middle.
        let away = (point.x * point.x + point.y * point.y).sqrt();
        lit.mix(self.horizon, smooth_step(5.0, 26.0, away))
    }

    /// The background in a direction, with the sun's glow left out.
    fn backdrop(&self, direction: Vec3) -> Vec3 {
        self.horizon.mix(self.zenith, smooth_step(0.0, 0.7, direction.z))
    }

    /// What a shiny body shows: other bodies without their own mirror images, the ground, a bright sky.
    fn mirrored(&self, ray: Ray, except: usize) -> Vec3 {
        if let Some((index, entry)) = self.nearest(ray, Some(except)) {
            return self.diffuse(index, ray.at(entry.t), entry.normal, 0.8);
        }
        match self.beyond(ray) {
            Seen::Ground { t } => self.ground_light(ray, t, self.sunlit(ray.at(t), None, Some(0))),
            _ => {
                let glow = smooth_step(0.80, 0.97, ray.direction.dot(self.sun.towards));
                self.backdrop(ray.direction) * 0.9 + vec3(0.35, 0.36, 0.40) + self.sun.light * (0.45 * glow)
            }
        }
    }

    /// The share of even light that reaches a point past the bodies near it, each taken as a ball.
    fn open(&self, point: Vec3, normal: Vec3, except: Option<usize>) -> f32 {
        let mut open = 1.0;
        for (index, body) in self.bodies.iter().enumerate() {
            if Some(index) == except {
                continue;
            }
            let offset = body.centre - point;
            let square = offset.dot(offset);
            let radius = body.mean_radius();
            let height = normal.dot(offset);
            if square > 36.0 * radius * radius || height <= 0.0 {
                continue;
            }
            let distance = square.sqrt();
            let share = (radius * radius / square).min(1.0) * (height / distance);
            open *= 1.0 - 0.85 * share;
        }
        open
    }
}

/// The 64th power.
fn power64(value: f32) -> f32 {
    let mut power = value;
    for _ in 0..6 {
        power *= power;
    }
    power
}
