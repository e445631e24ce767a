//! What the model answers as frequencies are taken away: the margin at each cutoff and the first one that flips it
//! (arXiv 2602.06652: ten cutoffs in [0, 1]).

use super::filter::Keep;
use crate::metrics::error::{MetricError, finite};

/// The model's answer at one cutoff.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeepPoint {
    /// The cutoff of [`super::filter::keep`].
    pub cutoff: f64,
    /// The margin of the clean answer, in nats.
    pub margin: f64,
    /// Whether the answer is another than on the unfiltered picture.
    pub flipped: bool,
}

/// The published cutoffs: 0, 1/9, ..., 1.
pub fn published_cutoffs() -> [f64; 10] {
    std::array::from_fn(|index| index as f64 / 9.0)
}

/// The first cutoff with another answer, walking from the whole picture on: downwards for low-pass, upwards for
/// high-pass; none when the answer stands throughout. The paper says "first"; from which end is **our
/// reconstruction**, since from the other one nearly every curve begins flipped.
///
/// # Errors
/// No points, or a cutoff that is not finite.
pub fn flip_threshold(points: &[KeepPoint], keep: Keep) -> Result<Option<f64>, MetricError> {
    let cutoffs: Vec<f64> = points.iter().map(|point| point.cutoff).collect();
    finite(&cutoffs)?;
    let flips = points.iter().filter(|point| point.flipped).map(|point| point.cutoff);
    Ok(match keep {
        Keep::Low => flips.reduce(f64::max),
        Keep::High => flips.reduce(f64::min),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flip_nearest_to_the_whole_picture() {
        let flips = [true, false, true, true, false, false, false, false, false, false];
        let points: Vec<KeepPoint> = published_cutoffs()
            .into_iter()
            .zip(flips)
            .map(|(cutoff, flipped)| KeepPoint { cutoff, margin: 1.0, flipped })
            .collect();
        assert_eq!(flip_threshold(&points, Keep::Low), Ok(Some(3.0 / 9.0)));
        assert_eq!(flip_threshold(&points, Keep::High), Ok(Some(0.0)));
        assert_eq!(flip_threshold(&points[4..], Keep::Low), Ok(None));
        assert_eq!(flip_threshold(&[], Keep::Low), Err(MetricError::Empty));
        let nan = [KeepPoint { cutoff: f64::NAN, ..points[0] }];
        assert_eq!(flip_threshold(&nan, Keep::Low), Err(MetricError::NotFinite { index: 0 }));
    }
}
