//! Correlations between metrics: Dirichlet energy with drift, band energies with margins, anything with flips
//! (arXiv 2602.06652 reports Pearson's over all instances, flips and non-flips).
//!
//! Pearson: r = sum (x - mean x)(y - mean y)/sqrt(sum (x - mean x)^2 sum (y - mean y)^2). With a flip as 0 or 1 it is
//! the point-biserial correlation. Spearman: Pearson's of the ranks, ties sharing their mean rank.

use super::ranks::doubled_ranks;
use crate::metrics::error::{MetricError, finite, same_length};
use crate::metrics::mean::mean;

/// Pearson's r, in [-1, 1].
///
/// # Errors
/// No values, lengths that differ, a value that is not finite, or one side that does not vary.
pub fn pearson(x: &[f64], y: &[f64]) -> Result<f64, MetricError> {
    same_length(x, y)?;
    let (mean_x, mean_y) = (mean(x)?, mean(y)?);
    let (mut both, mut squares_x, mut squares_y) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (dx, dy) = (x - mean_x, y - mean_y);
        both += dx * dy;
        squares_x += dx * dx;
        squares_y += dy * dy;
    }
    // One root of the product, so that a perfect correlation is exactly 1.
    let scale = (squares_x * squares_y).sqrt();
    if constant(x) || constant(y) || scale == 0.0 {
        return Err(MetricError::Undefined { why: "a value that does not vary correlates with nothing" });
    }
    Ok((both / scale).clamp(-1.0, 1.0))
}

/// Whether all values are the same: the mean's rounding would else look like variation.
fn constant(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[0] == pair[1])
}

/// Spearman's rank correlation, in [-1, 1].
///
/// # Errors
/// As [`pearson`].
pub fn spearman(x: &[f64], y: &[f64]) -> Result<f64, MetricError> {
    same_length(x, y)?;
    finite(x)?;
    finite(y)?;
    let ranks = |values| doubled_ranks(values).into_iter().map(|rank| rank as f64).collect::<Vec<_>>();
    pearson(&ranks(x), &ranks(y))
}

/// Pearson's r over all instances and over either part; none where a part is too small or does not vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CorrelationByFlip {
    /// Over all instances.
    pub all: Option<f64>,
    /// Over those that flip.
    pub flipped: Option<f64>,
    /// Over those that do not.
    pub kept: Option<f64>,
    /// Of the first quantity with the flip itself.
    pub with_flip: Option<f64>,
}

impl CorrelationByFlip {
    /// Of two quantities per instance and whether it flips.
    ///
    /// # Errors
    /// No instances, lengths that differ, or a value that is not finite.
    pub fn of(x: &[f64], y: &[f64], flipped: &[bool]) -> Result<Self, MetricError> {
        same_length(x, y)?;
        same_length(x, flipped)?;
        finite(x)?;
        finite(y)?;
        let part = |wanted: bool| {
            let pick = |values: &[f64]| -> Vec<f64> {
                values
                    .iter()
                    .zip(flipped)
                    .filter(|(_, flip)| **flip == wanted)
                    .map(|(value, _)| *value)
                    .collect()
            };
            pearson(&pick(x), &pick(y)).ok()
        };
        let flips: Vec<f64> = flipped.iter().map(|flip| f64::from(u8::from(*flip))).collect();
        Ok(Self {
            all: pearson(x, y).ok(),
            flipped: part(true),
            kept: part(false),
            with_flip: pearson(x, &flips).ok(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// x = 1 2 3, y = 2 1 3: deviations -1 0 1 and 0 -1 1, r = 1/2; the ranks are the same.
    #[test]
    fn hand_computed() {
        assert!((pearson(&[1.0, 2.0, 3.0], &[2.0, 1.0, 3.0]).unwrap() - 0.5).abs() < 1e-15);
        assert!((spearman(&[1.0, 20.0, 300.0], &[2.0, 1.0, 3.0]).unwrap() - 0.5).abs() < 1e-15);
        assert_eq!(spearman(&[1.0, 2.0, 9.0], &[-1.0, -5.0, -6.0]), Ok(-1.0));
    }

    #[test]
    fn parts_by_flip() {
        let (x, y) = ([0.0, 1.0, 2.0, 3.0], [0.0, 2.0, 5.0, 4.0]);
        let found = CorrelationByFlip::of(&x, &y, &[false, false, true, true]).unwrap();
        assert_eq!((found.flipped, found.kept), (Some(-1.0), Some(1.0)));
        assert!((found.with_flip.unwrap() - 0.8f64.sqrt()).abs() < 1e-15);
        let none = CorrelationByFlip::of(&x, &y, &[false; 4]).unwrap();
        assert_eq!((none.flipped, none.with_flip, none.kept), (None, None, none.all));
    }

    #[test]
    fn unusable_input_is_told() {
        let undefined = |found| matches!(found, Err(MetricError::Undefined { .. }));
        assert!(undefined(pearson(&[0.1; 3], &[1.0, 2.0, 3.0])));
        assert!(undefined(spearman(&[1.0], &[1.0])));
        assert_eq!(pearson(&[], &[]), Err(MetricError::Empty));
        assert!(matches!(spearman(&[1.0], &[]), Err(MetricError::LengthsDiffer { .. })));
        assert_eq!(spearman(&[1.0, f64::NAN], &[1.0, 2.0]), Err(MetricError::NotFinite { index: 1 }));
    }

    proptest! {
        #[test]
        fn linear_maps_leave_it_alone(
            pairs in prop::collection::vec((-9.0f64..9.0, -9.0f64..9.0), 3..40), slope in 0.1f64..9.0,
        ) {
            let (x, y): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let moved: Vec<f64> = x.iter().map(|x| 3.0 - slope * x).collect();
            let (r, turned) = (pearson(&x, &y).unwrap(), pearson(&moved, &y).unwrap());
            prop_assert!((r + turned).abs() < 1e-9 && r.abs() <= 1.0);
            prop_assert!((pearson(&x, &x).unwrap() - 1.0).abs() < 1e-12);
        }
    }
}
