//! Standard error of a mean whose rows come in clusters (Liang and Zeger 1986).
//!
//! SE^2 = G/(G-1) (1/n^2) sum over clusters of (sum over rows of (x - mean))^2, for n rows in G clusters: the sandwich
//! estimator of a regression on a constant with the usual correction for few clusters.

use super::clusters::Clusters;
use super::normal;
use crate::metrics::error::{MetricError, in_range};
use crate::metrics::mean::mean;

/// A mean and its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusteredMean {
    /// The mean over rows.
    pub mean: f64,
    /// Its standard error over clusters.
    pub standard_error: f64,
    /// The error that independent rows would have.
    pub naive_error: f64,
    /// Number of clusters.
    pub clusters: u64,
}

impl ClusteredMean {
    /// Of one value per row.
    ///
    /// # Errors
    /// No rows, a value that is not finite, another number of rows in the clusters, fewer than two clusters.
    pub fn of(values: &[f64], clusters: &Clusters) -> Result<Self, MetricError> {
        let mean = mean(values)?;
        if values.len() != clusters.rows() {
            return Err(MetricError::LengthsDiffer { left: values.len(), right: clusters.rows() });
        }
        in_range(clusters.members().len() > 1, "the number of clusters")?;
        let residuals: Vec<f64> = values.iter().map(|value| value - mean).collect();
        let error = |clusters: &Clusters| {
            let count = clusters.members().len() as f64;
            let squares: f64 = clusters.sums(&residuals).iter().map(|sum| sum * sum).sum();
            (squares * count / (count - 1.0)).sqrt() / values.len() as f64
        };
        Ok(Self {
            mean,
            standard_error: error(clusters),
            naive_error: error(&Clusters::singles(values.len())),
            clusters: clusters.members().len() as u64,
        })
    }

    /// mean -+ z SE, at a confidence level inside (0, 1); for several dozen clusters and more.
    pub fn interval(&self, level: f64) -> (f64, f64) {
        let reach = normal::inverse(0.5 + 0.5 * level) * self.standard_error;
        (self.mean - reach, self.mean + reach)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Rows 0 0 1 1 in two clusters of equal rows: cluster sums -+1, SE = sqrt(2/1 x 2)/4 = .5; the rows alone:
    /// sqrt(4/3 x 1)/4.
    #[test]
    fn hand_computed() {
        let found = ClusteredMean::of(&[0.0, 0.0, 1.0, 1.0], &Clusters::by(&[1, 1, 2, 2])).unwrap();
        assert_eq!((found.mean, found.standard_error, found.clusters), (0.5, 0.5, 2));
        assert!((found.naive_error - (4.0f64 / 3.0).sqrt() / 4.0).abs() < 1e-15);
        let (low, high) = found.interval(0.95);
        assert!((low - (0.5 - 0.979_981_992)).abs() < 1e-9 && (high + low - 1.0).abs() < 1e-15);
    }

    #[test]
    fn unusable_input_is_told() {
        assert_eq!(ClusteredMean::of(&[], &Clusters::singles(0)), Err(MetricError::Empty));
        let lengths = ClusteredMean::of(&[1.0], &Clusters::singles(2));
        assert_eq!(lengths, Err(MetricError::LengthsDiffer { left: 1, right: 2 }));
        let one = ClusteredMean::of(&[1.0, 2.0], &Clusters::by(&[1, 1]));
        assert!(matches!(one, Err(MetricError::OutOfRange { .. })));
    }

    proptest! {
        #[test]
        fn copying_rows_within_clusters_changes_nothing(values in prop::collection::vec(-5.0f64..5.0, 2..20)) {
            let single = ClusteredMean::of(&values, &Clusters::singles(values.len())).unwrap();
            let doubled: Vec<f64> = values.iter().flat_map(|value| [*value, *value]).collect();
            let keys: Vec<usize> = (0..doubled.len()).map(|row| row / 2).collect();
            let found = ClusteredMean::of(&doubled, &Clusters::by(&keys)).unwrap();
            prop_assert!((found.standard_error - single.standard_error).abs() < 1e-12);
            prop_assert!(found.naive_error <= found.standard_error + 1e-12);
        }
    }
}
