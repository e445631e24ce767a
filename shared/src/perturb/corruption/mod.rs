//! The 19 corruptions of ImageNet-C (Hendrycks and Dietterich, ICLR 2019) with the constants of `imagecorruptions`
//! 1.1.2, at any size from 32 pixels on, and at any severity from 0 to 5.
//!
//! Severity 0 is the picture itself; 1 to 5 are the published levels, exactly; between two neighbouring whole numbers
//! every constant lies on the straight line between its two values. Counts go the same way: a fraction of a round, a
//! layer or a step counts in part (see `glass`, `zoom`, `motion`), and spatter, which is water up to 3 and mud from 4
//! on, is the two pictures faded into each other between. The constants of saturate go down to level 2 and up again
//! afterwards, so near 2.47 it passes through the picture as it is.
//!
//! What is random follows the seed alone: one severity more is the same noise, flakes or drops, only stronger. All
//! random numbers come from `field`, all weighted sums from `layer`.

mod dct;
mod defocus;
mod edges;
mod elastic;
mod field;
mod glass;
mod jpeg;
mod kind;
mod layer;
mod motion;
mod noise;
mod pixelate;
mod plasma;
mod severity;
mod spatter;
mod tone;
mod weather;
mod zoom;

pub use kind::{Corruption, CorruptionKind};

use crate::raster::Raster;
use field::Field;
use glass::Glass;
use layer::{Layer, TO_BELOW, gaussian};
use motion::Motion;
use severity::{Levels, at};
use spatter::Drops;
use weather::Snow;

/// Smallest side of a picture that can be corrupted, pixels.
pub const MIN_SIDE_PX: u32 = 32;

/// Highest severity.
pub const MAX_SEVERITY: f64 = 5.0;

/// The largest number of photons: their noise is then one level.
const MAX_PHOTONS: f64 = 255.0 * 255.0;

/// The picture corrupted; its sides are to be at least [`MIN_SIDE_PX`]. Severities beyond 0 and [`MAX_SEVERITY`] are
/// taken for the nearest of the two.
pub fn corrupt(kind: CorruptionKind, severity: f64, image: &Raster, seed: u64) -> Raster {
    let mut image = image.clone();
    let severity = severity.clamp(0.0, MAX_SEVERITY);
    if severity > 0.0 {
        apply(kind, severity, &mut image, seed);
    }
    image
}

fn apply(kind: CorruptionKind, severity: f64, image: &mut Raster, seed: u64) {
    let number = kind as u32;
    let field = Field::new(seed, number);
    let fields = [field, Field::new(seed, number + 0x100)];
    // The draw of what there is one of for the whole picture.
    let once = Field::new(seed, number + 0x200).unit(0);
    let c = |levels: &'static Levels| at(levels, severity);
    match kind {
        CorruptionKind::GaussianNoise => {
            let everywhere = c(&[0.0, 0.08, 0.12, 0.18, 0.26, 0.38]);
            noise::normal_noise(image, field, &noise::Spread { everywhere, by_value: 0.0 });
        }
        CorruptionKind::SpeckleNoise => {
            let by_value = c(&[0.0, 0.15, 0.2, 0.35, 0.45, 0.6]);
            noise::normal_noise(image, field, &noise::Spread { everywhere: 0.0, by_value });
        }
        CorruptionKind::ShotNoise => {
            // Below 1 the variance goes straight to 0, and with it the number of photons to infinity.
            let photons = c(&[60.0, 60.0, 25.0, 12.0, 5.0, 3.0]) / severity.min(1.0);
            noise::shot_noise(image, field, photons.min(MAX_PHOTONS));
        }
        CorruptionKind::ImpulseNoise => {
            noise::impulse_noise(image, field, c(&[0.0, 0.03, 0.06, 0.09, 0.17, 0.27]));
        }
        CorruptionKind::DefocusBlur => {
            let radius = c(&[0.0, 3.0, 4.0, 6.0, 8.0, 10.0]);
            defocus::defocus_blur(image, radius, c(&[0.0, 0.1, 0.5, 0.5, 0.5, 0.5]));
        }
        CorruptionKind::GlassBlur => {
            let glass = Glass {
                sigma: c(&[0.0, 0.7, 0.9, 1.0, 1.1, 1.5]),
                reach: c(&[0.0, 1.0, 2.0, 2.0, 3.0, 4.0]),
                rounds: c(&[2.0, 2.0, 1.0, 3.0, 2.0, 2.0]),
            };
            glass::glass_blur(image, field, &glass);
        }
        CorruptionKind::MotionBlur => {
            let motion = Motion {
                radius: c(&[0.0, 10.0, 15.0, 15.0, 15.0, 20.0]),
                sigma: c(&[0.0, 3.0, 5.0, 8.0, 12.0, 15.0]),
                angle_deg: 90.0 * once - 45.0,
            };
            image.rgba = motion.blurred(Layer::of(image), TO_BELOW);
        }
        CorruptionKind::ZoomBlur => {
            let step = c(&[0.0, 0.01, 0.01, 0.02, 0.02, 0.03]);
            zoom::zoom_blur(image, step, c(&[12.0, 12.0, 16.0, 11.0, 13.0, 11.0]));
        }
        CorruptionKind::GaussianBlur => {
            image.rgba = gaussian(Layer::of(image), c(&[0.0, 1.0, 2.0, 3.0, 4.0, 6.0]));
        }
        CorruptionKind::Snow => weather::snow(image, field, &snow(severity, once)),
        CorruptionKind::Frost => {
            let (a, b) = (c(&[1.0, 1.0, 0.8, 0.7, 0.65, 0.6]), c(&[0.0, 0.4, 0.6, 0.7, 0.7, 0.75]));
            weather::frost(image, field, a, b);
        }
        CorruptionKind::Fog => {
            let decay = c(&[2.0, 2.0, 2.0, 1.7, 1.5, 1.4]);
            weather::fog(image, field, c(&[0.0, 1.5, 2.0, 2.5, 2.5, 3.0]), decay);
        }
        CorruptionKind::Brightness => tone::brightness(image, c(&[0.0, 0.1, 0.2, 0.3, 0.4, 0.5])),
        CorruptionKind::Contrast => tone::contrast(image, c(&[1.0, 0.4, 0.3, 0.2, 0.1, 0.05])),
        CorruptionKind::Saturate => {
            let (a, b) = (c(&[1.0, 0.3, 0.1, 2.0, 5.0, 20.0]), c(&[0.0, 0.0, 0.0, 0.0, 0.1, 0.2]));
            tone::saturate(image, a, b);
        }
        CorruptionKind::ElasticTransform => {
            elastic::elastic_transform(image, fields, c(&[0.0, 12.5, 16.25, 21.25, 25.0, 30.0]));
        }
        CorruptionKind::Pixelate => {
            pixelate::pixelate(image, c(&[1.0, 0.6, 0.5, 0.4, 0.3, 0.25]));
        }
        CorruptionKind::JpegCompression => {
            jpeg::jpeg_compression(image, c(&[100.0, 25.0, 18.0, 15.0, 10.0, 7.0]));
        }
        CorruptionKind::Spatter => spatter(severity, image, field),
    }
}

/// At severity 0 the mean is so far below the threshold that nothing is a flake.
fn snow(severity: f64, once: f32) -> Snow {
    let c = |levels: &'static Levels| at(levels, severity);
    Snow {
        loc: c(&[-0.7, 0.1, 0.2, 0.55, 0.55, 0.55]),
        scale: 0.3,
        zoom: c(&[3.0, 3.0, 2.0, 4.0, 4.5, 2.5]),
        threshold: c(&[0.5, 0.5, 0.5, 0.9, 0.85, 0.85]),
        motion: Motion {
            radius: c(&[10.0, 10.0, 12.0, 12.0, 12.0, 12.0]),
            sigma: c(&[4.0, 4.0, 4.0, 8.0, 8.0, 12.0]),
            angle_deg: 90.0 * once - 135.0,
        },
        blend: c(&[1.0, 0.8, 0.7, 0.7, 0.65, 0.55]),
    }
}

/// Water up to 3, mud from 4 on, and between the two pictures faded into each other.
fn spatter(severity: f64, image: &mut Raster, field: Field) {
    let drops = |severity: f64| {
        let c = |levels: &'static Levels| at(levels, severity);
        Drops {
            loc: c(&[0.65, 0.65, 0.65, 0.65, 0.65, 0.67]),
            scale: c(&[0.3, 0.3, 0.3, 0.3, 0.3, 0.4]),
            sigma: c(&[4.0, 4.0, 3.0, 2.0, 1.0, 1.0]),
            threshold: c(&[0.69, 0.69, 0.68, 0.68, 0.65, 0.65]),
        }
    };
    let muddy = (severity > 3.0).then(|| {
        let mut muddy = image.clone();
        spatter::mud(&mut muddy, field, &drops(severity.max(4.0)), 1.5);
        muddy
    });
    if severity < 4.0 {
        let wet = severity.min(3.0);
        let strength = at(&[0.0, 0.6, 0.6, 0.5, 0.5, 0.5], wet);
        spatter::water(image, field, &drops(wet), strength);
    }
    if let Some(muddy) = muddy {
        let share = ((severity - 3.0).min(1.0) * 256.0) as u32;
        for (value, muddy) in image.rgba.iter_mut().zip(&muddy.rgba) {
            *value = ((u32::from(*value) * (256 - share) + u32::from(*muddy) * share) >> 8) as u8;
        }
    }
}
