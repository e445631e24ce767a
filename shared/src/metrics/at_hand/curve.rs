//! Metrics of a set of perturbed versions, over the points of the response curve at hand.

use super::{CURVE, Measured};
use crate::api::CurvePoint;
use crate::metrics::error::MetricError;
use crate::metrics::labels::{Label, visual_entropy::visual_entropy};
use crate::metrics::mean::{mean, share};

/// The values; none without points. `clean` is the answer on the clean picture, an index into the options.
///
/// # Errors
/// Not with points.
pub fn along_curve(clean: usize, points: &[CurvePoint]) -> Result<Vec<Measured>, MetricError> {
    if points.is_empty() {
        return Ok(Vec::new());
    }
    let flips = points.iter().filter(|point| point.flipped).count() as u64;
    let labels: Vec<Label> = std::iter::once(clean)
        .chain(points.iter().map(|point| point.answer))
        .map(|label| label as Label)
        .collect();
    // Over one image the means over images are those over its versions.
    let mean_of = |flipped: bool, of: fn(&CurvePoint) -> f64| {
        let part = points.iter().filter(|point| point.flipped == flipped);
        mean(&part.map(of).collect::<Vec<_>>()).ok()
    };
    let values = [
        ("visual_entropy", Some(visual_entropy(&labels)?)),
        ("instance_flip_rate", share(flips, points.len() as u64)),
        ("image_vulnerability", share(u64::from(flips > 0), 1)),
        ("margin_flipped", mean_of(true, |point| point.margin)),
        ("margin_kept", mean_of(false, |point| point.margin)),
        ("hidden_drift", mean_of(false, |point| point.drift)),
    ];
    let number =
        |(id, value): (&str, Option<f64>)| value.map(|value| Measured::number(id, value).part(CURVE));
    Ok(values.into_iter().filter_map(number).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::hidden_drift::{DriftByFlip, InstanceDrift};
    use crate::metrics::predictions::margin::{MarginDynamics, PerturbedMargin};

    #[test]
    fn four_points_one_of_which_flips_by_hand() {
        let point = |answer: usize, margin: f64, drift: f64| CurvePoint {
            index: 0,
            value: 0.0,
            margin,
            drift,
            relative_drift_percent: 0.0,
            answer,
            flipped: answer != 1,
        };
        let points = [point(1, 2.0, 0.1), point(1, 1.0, 0.3), point(0, -1.5, 0.9)];
        let values = along_curve(1, &points).unwrap();
        let of = |id: &str| values.iter().find(|value| value.id == id).unwrap().value.unwrap();
        assert_eq!((of("instance_flip_rate"), of("image_vulnerability")), (1.0 / 3.0, 1.0));
        assert_eq!((of("margin_flipped"), of("margin_kept")), (-1.5, 1.5));
        assert!((of("hidden_drift") - 0.2).abs() < 1e-12);
        // Three of four versions agree.
        let expected = 0.75 * libm::log(4.0 / 3.0) + 0.25 * libm::log(4.0);
        assert!((of("visual_entropy") - expected).abs() < 1e-12);
        assert!(values.iter().all(|value| value.part == CURVE));
        // As the summaries over many images say it of one.
        let drift =
            |point: CurvePoint| InstanceDrift { image: 7, distance: point.drift, flipped: point.flipped };
        let drifts = DriftByFlip::of(&points.map(drift)).unwrap();
        assert!((of("hidden_drift") - drifts.kept.mean).abs() < 1e-12);
        let margin = |point: CurvePoint| PerturbedMargin { margin: point.margin, flipped: point.flipped };
        let margins = MarginDynamics::of(&[0.0], &points.map(margin), &[]).unwrap();
        assert_eq!((Some(of("margin_flipped")), Some(of("margin_kept"))), (margins.flipped, margins.kept));
        assert_eq!(along_curve(1, &[]), Ok(Vec::new()));
        assert!(along_curve(1, &points[2..]).unwrap().iter().all(|value| value.id != "hidden_drift"));
    }
}
