//! Motion blur: the picture smeared along a line.

use super::super::resample::quantised;
use super::layer::{Border, Layer, Tap, filtered};

/// A blur along a line.
pub(super) struct Motion {
    /// Half the length of the line, pixels.
    pub radius: f64,
    /// How fast the trace fades, pixels.
    pub sigma: f64,
    /// Direction; 0 is to the left, 90 is up.
    pub angle_deg: f32,
}

impl Motion {
    /// The layer smeared along the line: the pixel at `i` steps has the weight `exp(-i^2 / 2 sigma^2)`.
    ///
    /// The reference begins the line at the pixel itself and so displaces the picture by 2 to 11 pixels on average;
    /// here the middle of the weights stays in place. Up to that displacement, a whole number of pixels, the pictures
    /// are the same. It also breaks off where the line is longer than the picture, which darkens small pictures;
    /// not so here. Between two levels the last step of the line counts in part.
    pub fn blurred(&self, layer: Layer<'_>, rounding: i32) -> Vec<u8> {
        let (weights, middle) = self.weights();
        let (dx, dy) = self.place(middle);
        let places = weights.iter().enumerate().map(|(step, weight)| (self.place(step), *weight));
        let taps: Vec<Tap> =
            places.map(|((to_x, to_y), weight)| Tap { dx: dx - to_x, dy: dy - to_y, weight }).collect();
        filtered(layer, &taps, Border::Nearest, rounding)
    }

    /// The weights of the steps, and the step that their mean is nearest to.
    fn weights(&self) -> (Vec<i16>, usize) {
        let length = 2.0 * self.radius + 1.0;
        let sigma = self.sigma.max(1e-3);
        let mut weights: Vec<f64> = (0..libm::ceil(length) as u32)
            .map(f64::from)
            .map(|at| (length - at).min(1.0) * libm::exp(-0.5 * at * at / (sigma * sigma)))
            .collect();
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        let mean: f64 = weights.iter().enumerate().map(|(at, weight)| at as f64 * weight).sum();
        (quantised(&weights), libm::rint(mean) as usize)
    }

    /// By how much the reference shifts the picture for a step.
    fn place(&self, step: usize) -> (i64, i64) {
        let angle = self.angle_deg * (core::f32::consts::PI / 180.0);
        let shift = |part: f32| -libm::ceilf(step as f32 * part - 0.5) as i64;
        (shift(libm::cosf(angle)), shift(libm::sinf(angle)))
    }
}
