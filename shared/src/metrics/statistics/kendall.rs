//! Kendall's rank correlation, form b: how far two rankings of the same things agree, ties counted.
//!
//! tau_b = (C - D) / sqrt((C + D + X)(C + D + Y)): C pairs in the same order, D in opposite order, X tied in the first
//! alone, Y in the second alone; 1 is the same order, -1 the reverse.

use crate::metrics::error::{MetricError, finite, same_length};
use core::cmp::Ordering;

/// tau_b of two lists of scores, in [-1, 1].
///
/// # Errors
/// No values, lengths that differ, a value that is not finite, or one side in which all are tied.
pub fn kendall(x: &[f64], y: &[f64]) -> Result<f64, MetricError> {
    same_length(x, y)?;
    finite(x)?;
    finite(y)?;
    let (mut same, mut opposite, mut tied_x, mut tied_y) = (0u64, 0u64, 0u64, 0u64);
    for second in 0..x.len() {
        for first in 0..second {
            match (order(x[first], x[second]), order(y[first], y[second])) {
                (Ordering::Equal, Ordering::Equal) => {}
                (Ordering::Equal, _) => tied_x += 1,
                (_, Ordering::Equal) => tied_y += 1,
                (a, b) if a == b => same += 1,
                _ => opposite += 1,
            }
        }
    }
    let untied = |tied: u64| (same + opposite + tied) as f64;
    let scale = (untied(tied_x) * untied(tied_y)).sqrt();
    if scale == 0.0 {
        return Err(MetricError::Undefined { why: "a ranking in which all are tied agrees with nothing" });
    }
    Ok((same as f64 - opposite as f64) / scale)
}

/// The order of two finite numbers; 0 and -0 are tied.
fn order(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Of the six pairs of 1 2 3 4 and 1 3 2 4 five agree; with a tie, as SciPy has it: 2 of 3, one tied in y.
    #[test]
    fn by_hand() {
        let x = [1.0, 2.0, 3.0, 4.0];
        assert!((kendall(&x, &[1.0, 3.0, 2.0, 4.0]).unwrap() - 4.0 / 6.0).abs() < 1e-15);
        assert!((kendall(&x[..3], &[1.0, 2.0, 2.0]).unwrap() - 2.0 / 6f64.sqrt()).abs() < 1e-15);
        assert_eq!((kendall(&x, &x), kendall(&x, &[4.0, 3.0, 2.0, 1.0])), (Ok(1.0), Ok(-1.0)));
    }

    #[test]
    fn unusable_input_is_told() {
        assert_eq!(kendall(&[], &[]), Err(MetricError::Empty));
        assert!(matches!(kendall(&[1.0, 1.0], &[1.0, 2.0]), Err(MetricError::Undefined { .. })));
        assert!(matches!(kendall(&[1.0], &[2.0]), Err(MetricError::Undefined { .. })));
        assert!(matches!(kendall(&[1.0], &[1.0, 2.0]), Err(MetricError::LengthsDiffer { .. })));
        assert_eq!(kendall(&[f64::NAN], &[1.0]), Err(MetricError::NotFinite { index: 0 }));
    }

    proptest! {
        #[test]
        fn symmetric_and_blind_to_scale(pairs in prop::collection::vec((0i8..5, 0i8..5), 2..20)) {
            let (x, y): (Vec<f64>, Vec<f64>) = pairs.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).unzip();
            let turned: Vec<f64> = x.iter().map(|x| 7.0 - 2.0 * x).collect();
            match kendall(&x, &y) {
                Ok(tau) => {
                    prop_assert!((-1.0..=1.0).contains(&tau));
                    prop_assert_eq!(kendall(&y, &x), Ok(tau));
                    prop_assert_eq!(kendall(&turned, &y), Ok(-tau));
                }
                Err(error) => prop_assert_eq!(kendall(&y, &x), Err(error)),
            }
        }
    }
}
