//! Three bands of spatial frequency: low, middle, high (arXiv 2602.06652).
//!
//! The radius of a coefficient is its distance from the centre of the shifted spectrum, in cycles per picture. A band
//! holds radii from its lower edge up to, not including, its upper one; the last holds the largest radius too.

use super::plane::frequency;
use crate::metrics::statistics::quantile;

/// Number of bands.
pub const BANDS: usize = 3;

/// Where the edges between bands lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Binning {
    /// geomspace(1, r_max + 1, 4) - 1: the paper's default.
    #[default]
    Log,
    /// Radii of equal width.
    Equal,
    /// As many coefficients in each, as far as equal radii allow.
    Percentile,
}

/// Bands for spectra of one size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bands {
    /// Columns of the spectra.
    pub width: usize,
    /// Rows of the spectra.
    pub height: usize,
    /// Radii from 0 to r_max: band b lies between edges b and b + 1.
    pub edges: [f64; BANDS + 1],
}

impl Bands {
    /// The bands of spectra of this size.
    pub fn new((width, height): (usize, usize), binning: Binning) -> Self {
        let largest = radius(frequency(width / 2, width.max(1)), frequency(height / 2, height.max(1)));
        let inner = match binning {
            Binning::Log => [1.0, 2.0].map(|third| libm::pow(largest + 1.0, third / 3.0) - 1.0),
            Binning::Equal => [1.0, 2.0].map(|third| largest * third / 3.0),
            Binning::Percentile => {
                let radii = Ascending::new(width, height);
                [1.0, 2.0].map(|third| quantile(width * height, |place| radii.get(place), third / 3.0))
            }
        };
        Self { width, height, edges: [0.0, inner[0], inner[1], largest] }
    }

    /// The band of every coefficient, row by row, zero frequency first.
    pub fn of_coefficients(&self) -> impl Iterator<Item = usize> {
        let [_, low, high, _] = self.edges;
        radii(self.width, self.height)
            .map(move |radius| usize::from(radius >= low) + usize::from(radius >= high))
    }
}

/// The radii of all coefficients in ascending order, counted by their squares, which are whole: how many coefficients
/// lie at each. A million radii are not worth sorting for two of them.
struct Ascending(Vec<u32>);

impl Ascending {
    fn new(width: usize, height: usize) -> Self {
        let mut counts = vec![0; (width / 2).pow(2) + (height / 2).pow(2) + 1];
        for y in 0..height {
            for x in 0..width {
                counts[frequency(x, width).pow(2) + frequency(y, height).pow(2)] += 1;
            }
        }
        Self(counts)
    }

    /// The radius at a place.
    fn get(&self, place: usize) -> Option<f64> {
        let mut before = 0;
        let square = self.0.iter().position(|count| {
            before += *count as usize;
            before > place
        });
        square.map(|square| (square as f64).sqrt())
    }
}

fn radii(width: usize, height: usize) -> impl Iterator<Item = f64> {
    (0..height).flat_map(move |y| (0..width).map(move |x| radius(frequency(x, width), frequency(y, height))))
}

fn radius(x: usize, y: usize) -> f64 {
    ((x * x + y * y) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A row of 7: radii 0 1 2 3 3 2 1, r_max 3. Log edges 4^(1/3) - 1 = .587 and 4^(2/3) - 1 = 1.52.
    #[test]
    fn a_row_of_seven_by_hand() {
        let bands = |binning| Bands::new((7, 1), binning).of_coefficients().collect::<Vec<_>>();
        assert_eq!(bands(Binning::Log), [0, 1, 2, 2, 2, 2, 1]);
        assert_eq!(bands(Binning::Equal), [0, 1, 2, 2, 2, 2, 1]);
        // Sorted 0 1 1 2 2 3 3: the thirds lie at 1 and 2.
        assert_eq!(bands(Binning::Percentile), [0, 1, 2, 2, 2, 2, 1]);
        let log = Bands::new((7, 1), Binning::Log).edges;
        assert!((log[1] - 0.587_401_05).abs() < 1e-8 && (log[2] - 1.519_842_1).abs() < 1e-7 && log[3] == 3.0);
    }

    #[test]
    fn degenerate_sizes_do_not_panic() {
        for size in [(0, 0), (1, 1), (0, 5), (2, 1)] {
            for binning in [Binning::Log, Binning::Equal, Binning::Percentile] {
                let bands = Bands::new(size, binning);
                assert_eq!(bands.of_coefficients().count(), size.0 * size.1);
            }
        }
    }

    proptest! {
        #[test]
        fn edges_ascend_and_percentiles_share_evenly(width in 8usize..40, height in 8usize..40) {
            for binning in [Binning::Log, Binning::Equal, Binning::Percentile] {
                let edges = Bands::new((width, height), binning).edges;
                prop_assert!(edges.windows(2).all(|pair| pair[0] < pair[1]));
            }
            let mut counts = [0usize; BANDS];
            Bands::new((width, height), Binning::Percentile).of_coefficients().for_each(|band| counts[band] += 1);
            let third = width * height / 3;
            // Coefficients of one radius stay together: up to a dozen or so of them.
            prop_assert!(counts.iter().all(|count| count.abs_diff(third) < 20), "{:?}", counts);
        }
    }
}
