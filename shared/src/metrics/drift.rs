//! Drift of a representation, and its size relative to the distance between different pictures
//! (arXiv 2602.06652, "perturbation drift against control drift").
//!
//! - P_v(x): mean over the instances of family v of d(h(x), h(x_i)); C(x): mean over K other clean samples x' of
//!   d(h(x), h(x')), see [`super::control`]
//! - relative drift 100 mean(P)/mean(C) %, +- 100 std(P)/mean(C), std with ddof 1
//! - Cohen's d = (mean P - mean C) / sqrt(((n_P - 1) s_P^2 + (n_C - 1) s_C^2)/(n_P + n_C - 2))

/// 1 - cos(a, b), in [0, 2]; 0 when either vector is zero. The vectors have the same length.
pub fn cosine_distance(a: &[f32], b: &[f32]) -> f64 {
    let (mut dot, mut aa, mut bb) = (0.0f64, 0.0f64, 0.0f64);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (f64::from(*x), f64::from(*y));
        dot += x * y;
        aa += x * x;
        bb += y * y;
    }
    if aa == 0.0 || bb == 0.0 {
        return 0.0;
    }
    // One root of the product, so that equal vectors are at exactly 0.
    (1.0 - dot / (aa * bb).sqrt()).clamp(0.0, 2.0)
}

/// Euclidean distance. The vectors have the same length.
pub fn l2(a: &[f32], b: &[f32]) -> f64 {
    let sum: f64 = a.iter().zip(b).map(|(x, y)| f64::from(*x) - f64::from(*y)).map(|d| d * d).sum();
    sum.sqrt()
}

/// Perturbation drift P_v against control drift C over samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelativeDrift {
    /// 100 mean(P) / mean(C), in percent.
    pub percent: f64,
    /// 100 std(P) / mean(C), std with ddof 1, in percent.
    pub spread_percent: f64,
    /// (mean P - mean C) / pooled standard deviation; none when nothing varies.
    pub cohens_d: Option<f64>,
}

/// Mean, standard deviation (ddof 1) and number of a set of drifts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DriftSummary {
    /// Mean.
    pub mean: f64,
    /// Standard deviation with ddof 1; 0 for fewer than two values.
    pub std: f64,
    /// Number of values.
    pub count: usize,
}

impl DriftSummary {
    /// Summary of some drifts; all zero for none.
    pub fn of(values: &[f64]) -> Self {
        let count = values.len();
        if count == 0 {
            return Self { mean: 0.0, std: 0.0, count };
        }
        let mean = values.iter().sum::<f64>() / count as f64;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let std = if count > 1 { (squares / (count - 1) as f64).sqrt() } else { 0.0 };
        Self { mean, std, count }
    }
}

/// 100 P / C in percent; 0 where the control pictures do not differ, since nothing can be said then.
pub fn relative_percent(drift: f64, control: DriftSummary) -> f64 {
    if control.mean > 0.0 { 100.0 * drift / control.mean } else { 0.0 }
}

/// The published comparison; `None` where it is undefined: mean(C) is 0 or there are fewer than three values in all.
pub fn relative_drift(perturbation: DriftSummary, control: DriftSummary) -> Option<RelativeDrift> {
    if control.mean == 0.0 || perturbation.count + control.count < 3 {
        return None;
    }
    let (p, c) = (perturbation, control);
    let weighted = |s: DriftSummary| (s.count as f64 - 1.0) * s.std * s.std;
    let pooled = ((weighted(p) + weighted(c)) / (p.count + c.count - 2) as f64).sqrt();
    Some(RelativeDrift {
        percent: relative_percent(p.mean, c),
        spread_percent: relative_percent(p.std, c),
        cohens_d: (pooled > 0.0).then(|| (p.mean - c.mean) / pooled),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_computed_distances() {
        assert_eq!(cosine_distance(&[1.0, 0.0], &[0.0, 2.0]), 1.0);
        assert_eq!(cosine_distance(&[1.0, 0.0], &[-3.0, 0.0]), 2.0);
        assert_eq!(cosine_distance(&[1.0, 2.0], &[2.0, 4.0]), 0.0);
        assert_eq!(cosine_distance(&[0.0, 0.0], &[2.0, 4.0]), 0.0);
        assert_eq!(l2(&[1.0, 2.0], &[4.0, 6.0]), 5.0);
    }

    /// The published run (arXiv 2602.06652, ans_mcq_free, 600 samples): Translation 4.1 %, d -3.88; TextOverlay
    /// 77.7 % +- 88.6, d -.336. The overlay's deviation is its spread times the control's mean, .2023. The other two
    /// are not printed: .0719 for the control is what d -.336 leaves, and .0347 for Translation what d -3.88 leaves.
    #[test]
    fn published_relative_drift() {
        let control = DriftSummary { mean: 0.2283, std: 0.0719, count: 600 };
        let of = |mean, std| relative_drift(DriftSummary { mean, std, count: 600 }, control).unwrap();
        let translation = of(0.0093, 0.0347);
        assert!((translation.percent - 4.1).abs() < 0.05);
        assert!((translation.cohens_d.unwrap() + 3.88).abs() < 0.005);
        let overlay = of(0.1773, 0.2023);
        assert!((overlay.percent - 77.7).abs() < 0.05 && (overlay.spread_percent - 88.6).abs() < 0.05);
        assert!((overlay.cohens_d.unwrap() + 0.336).abs() < 0.0005);
    }

    /// Two groups of three, worked by hand: means 2 and 5, both std 1, so d = -3.
    #[test]
    fn cohens_d_by_hand() {
        let p = DriftSummary::of(&[1.0, 2.0, 3.0]);
        let c = DriftSummary::of(&[4.0, 5.0, 6.0]);
        assert_eq!((p.mean, p.std), (2.0, 1.0));
        let drift = relative_drift(p, c).unwrap();
        assert_eq!(drift.cohens_d, Some(-3.0));
        assert_eq!(drift.percent, 40.0);
        assert_eq!(drift.spread_percent, 20.0);
    }

    #[test]
    fn undefined_without_control() {
        let p = DriftSummary::of(&[1.0, 2.0, 3.0]);
        assert_eq!(relative_drift(p, DriftSummary::of(&[])), None);
        let constant = DriftSummary::of(&[2.0, 2.0]);
        assert_eq!(relative_drift(constant, constant).unwrap().cohens_d, None);
    }
}
