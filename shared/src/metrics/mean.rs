//! Means and shares: the two sums under almost every metric, always in index order.

use super::error::{MetricError, finite};

/// The arithmetic mean.
///
/// # Errors
/// No values, or one that is not finite.
pub fn mean(values: &[f64]) -> Result<f64, MetricError> {
    finite(values)?;
    Ok(values.iter().sum::<f64>() / values.len() as f64)
}

/// `part / whole`, in [0, 1]; none of nothing.
pub fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(mean(&[1.0, 2.0, 6.0]), Ok(3.0));
        assert_eq!(mean(&[]), Err(MetricError::Empty));
        assert_eq!(mean(&[1.0, f64::NAN]), Err(MetricError::NotFinite { index: 1 }));
        assert_eq!((share(1, 4), share(0, 0)), (Some(0.25), None));
    }
}
