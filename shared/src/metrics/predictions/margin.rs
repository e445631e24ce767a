//! How the margin moves under perturbation: clean, flipped, not flipped, and with no picture at all
//! (arXiv 2602.06652).
//!
//! The margin is s(clean prediction) - max other, or s(Yes) - s(No) under POPE: see [`super::margin_of`].

use crate::metrics::error::{MetricError, finite};
use crate::metrics::mean::mean;

/// The margin on one perturbed picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerturbedMargin {
    /// In nats.
    pub margin: f64,
    /// Whether the prediction is another than on the clean picture.
    pub flipped: bool,
}

/// Mean margins in nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarginDynamics {
    /// On the clean pictures.
    pub clean: f64,
    /// On the perturbed pictures, all of them.
    pub perturbed: f64,
    /// On those that flip; none without a flip.
    pub flipped: Option<f64>,
    /// On those that do not; none when all flip.
    pub kept: Option<f64>,
    /// On blank pictures of the same sizes, the language prior; none when it was not measured.
    pub blank: Option<f64>,
}

impl MarginDynamics {
    /// Means over the clean, the perturbed and the blank pictures; `blank` may be empty.
    ///
    /// # Errors
    /// No clean or no perturbed picture, or a margin that is not finite.
    pub fn of(clean: &[f64], perturbed: &[PerturbedMargin], blank: &[f64]) -> Result<Self, MetricError> {
        let all: Vec<f64> = perturbed.iter().map(|point| point.margin).collect();
        finite(&all)?;
        let part = |flipped| {
            let part = perturbed.iter().filter(|point| point.flipped == flipped);
            mean(&part.map(|point| point.margin).collect::<Vec<_>>()).ok()
        };
        Ok(Self {
            clean: mean(clean)?,
            perturbed: mean(&all)?,
            flipped: part(true),
            kept: part(false),
            blank: if blank.is_empty() { None } else { Some(mean(blank)?) },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hand_computed() {
        let point = |margin, flipped| PerturbedMargin { margin, flipped };
        let perturbed = [point(2.0, false), point(-1.0, true), point(1.0, false), point(-2.0, true)];
        let found = MarginDynamics::of(&[3.0, 1.0], &perturbed, &[]).unwrap();
        let expected =
            MarginDynamics { clean: 2.0, perturbed: 0.0, flipped: Some(-1.5), kept: Some(1.5), blank: None };
        assert_eq!(found, expected);
        let steady = MarginDynamics::of(&[3.0], &perturbed[..1], &[0.5]).unwrap();
        assert_eq!((steady.flipped, steady.kept, steady.blank), (None, Some(2.0), Some(0.5)));
    }

    #[test]
    fn unusable_input_is_told() {
        let point = PerturbedMargin { margin: f64::NAN, flipped: false };
        assert_eq!(MarginDynamics::of(&[1.0], &[], &[]), Err(MetricError::Empty));
        assert_eq!(MarginDynamics::of(&[1.0], &[point], &[]), Err(MetricError::NotFinite { index: 0 }));
        let fine = [PerturbedMargin { margin: 1.0, flipped: false }];
        assert_eq!(MarginDynamics::of(&[], &fine, &[]), Err(MetricError::Empty));
        assert!(MarginDynamics::of(&[1.0], &fine, &[f64::INFINITY]).is_err());
    }
}
