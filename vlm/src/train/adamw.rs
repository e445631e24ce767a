//! AdamW on flat buffers, with gradient clipping by norm.

/// Settings that stay the same through a run.
const BETA1: f32 = 0.9;
const BETA2: f32 = 0.98;
const EPS: f32 = 1e-8;
const WEIGHT_DECAY: f32 = 0.05;
const CLIP_NORM: f64 = 1.0;

/// Weights and the moments of their gradients.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AdamW {
    pub(super) weights: Vec<f32>,
    pub(super) first: Vec<f32>,
    pub(super) second: Vec<f32>,
    /// Steps taken.
    pub(super) step: u64,
    decayed: Vec<bool>,
}

impl AdamW {
    pub(super) fn new(weights: Vec<f32>, decayed: Vec<bool>) -> Self {
        let zeros = vec![0.0; weights.len()];
        Self { first: zeros.clone(), second: zeros, weights, step: 0, decayed }
    }

    /// One step down `gradient`; gives the gradient's norm before clipping. A gradient that is not finite is left out.
    pub(super) fn step(&mut self, gradient: &[f32], learning_rate: f32) -> f64 {
        let norm = gradient.iter().map(|g| f64::from(*g) * f64::from(*g)).sum::<f64>().sqrt();
        if !norm.is_finite() {
            return norm;
        }
        let scale = (CLIP_NORM / norm.max(CLIP_NORM)) as f32;
        self.step += 1;
        let steps = self.step.min(1_000_000) as i32;
        let (correct1, correct2) = (1.0 - BETA1.powi(steps), 1.0 - BETA2.powi(steps));
        let moments = self.first.iter_mut().zip(&mut self.second);
        for (((weight, (first, second)), g), decayed) in
            self.weights.iter_mut().zip(moments).zip(gradient).zip(&self.decayed)
        {
            let g = g * scale;
            *first = BETA1 * *first + (1.0 - BETA1) * g;
            *second = BETA2 * *second + (1.0 - BETA2) * g * g;
            let step = (*first / correct1) / ((*second / correct2).sqrt() + EPS);
            let decay = if *decayed { WEIGHT_DECAY * *weight } else { 0.0 };
            *weight -= learning_rate * (step + decay);
        }
        norm
    }
}

/// Linear warm-up, then a half cosine down to `floor` times the peak.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    pub(super) peak: f32,
    pub(super) warm_up_steps: u64,
    pub(super) floor: f32,
}

impl Schedule {
    /// The rate at a step, when `share` (0 to 1) of the stage is over.
    pub(super) fn rate(&self, step: u64, share: f64) -> f32 {
        let warm = ((step + 1) as f32 / self.warm_up_steps as f32).min(1.0);
        let cosine = 0.5 * (1.0 + (std::f64::consts::PI * share.clamp(0.0, 1.0)).cos()) as f32;
        self.peak * warm * (self.floor + (1.0 - self.floor) * cosine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bowl() {
        let target = [1.0f32, -2.0, 0.5];
        let mut adam = AdamW::new(vec![0.0; 3], vec![false; 3]);
        for _ in 0..400 {
            let gradient: Vec<f32> = adam.weights.iter().zip(&target).map(|(w, t)| w - t).collect();
            adam.step(&gradient, 0.05);
        }
        for (w, t) in adam.weights.iter().zip(&target) {
            assert!((w - t).abs() < 0.01, "{w} instead of {t}");
        }
        let before = adam.clone();
        adam.step(&[f32::NAN; 3], 0.05);
        assert_eq!(adam, before, "a broken gradient changes nothing");
    }

    #[test]
    fn schedule_rises_and_falls() {
        let schedule = Schedule { peak: 1.0, warm_up_steps: 10, floor: 0.1 };
        assert!(schedule.rate(0, 0.0) < 0.11 && schedule.rate(20, 0.0) > 0.99);
        assert!((schedule.rate(1000, 1.0) - 0.1).abs() < 1e-6);
    }
}
