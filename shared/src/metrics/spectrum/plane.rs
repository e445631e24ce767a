//! The two-dimensional transform of a plane of numbers, and where each coefficient lies among the frequencies.

use super::fft::{Complex, Fft};
use crate::metrics::error::MetricError;

/// Columns or rows that are transformed together: as many as keep a block in the cache.
const LANES: usize = 16;

/// A plane of complex numbers, row-major; as a spectrum with the zero frequency first, not shifted to the centre.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// Columns, at least 1.
    pub width: usize,
    /// Rows, at least 1.
    pub height: usize,
    /// `width * height` values.
    pub values: Vec<Complex>,
}

impl Plane {
    /// A plane, if it has a value for each place and a place at all.
    ///
    /// # Errors
    /// No place, or another number of values.
    pub fn new(width: usize, height: usize, values: Vec<Complex>) -> Result<Self, MetricError> {
        if width == 0 || height == 0 {
            return Err(MetricError::Empty);
        }
        let (left, right) = (values.len(), width * height);
        if left == right {
            Ok(Self { width, height, values })
        } else {
            Err(MetricError::LengthsDiffer { left, right })
        }
    }

    /// The spectrum, not scaled.
    pub fn forward(self) -> Self {
        self.transformed(Fft::forward)
    }

    /// The plane of a spectrum: the inverse of [`Plane::forward`].
    pub fn inverse(self) -> Self {
        self.transformed(Fft::inverse)
    }

    /// Transforms all columns, then all rows.
    fn transformed(mut self, transform: impl Fn(&Fft, &mut Vec<Complex>, usize)) -> Self {
        if self.width == 0 || self.values.len() != self.width * self.height {
            return self;
        }
        let (down, across) = (Fft::new(self.height), Fft::new(self.width));
        let mut block = Vec::new();
        for left in (0..self.width).step_by(LANES) {
            let columns = left..(left + LANES).min(self.width);
            block.clear();
            for row in self.values.chunks_exact(self.width) {
                block.extend_from_slice(&row[columns.clone()]);
            }
            transform(&down, &mut block, columns.len());
            for (row, done) in self.values.chunks_exact_mut(self.width).zip(block.chunks_exact(columns.len()))
            {
                row[columns.clone()].copy_from_slice(done);
            }
        }
        for rows in self.values.chunks_mut(LANES * self.width) {
            let lanes = rows.len() / self.width;
            block.clear();
            for x in 0..self.width {
                block.extend(rows[x..].iter().step_by(self.width));
            }
            transform(&across, &mut block, lanes);
            for (x, done) in block.chunks_exact(lanes).enumerate() {
                let place = rows[x..].iter_mut().step_by(self.width);
                place.zip(done).for_each(|(value, done)| *value = *done);
            }
        }
        self
    }
}

/// Distance of an index from the zero frequency, which is index 0: 0 1 2 .. 2 1.
pub(super) fn frequency(index: usize, length: usize) -> usize {
    index.min(length - index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(width: usize, height: usize) -> Plane {
        let value = |index: usize| Complex { re: (index * 7919 % 256) as f64, im: (index % 3) as f64 };
        Plane::new(width, height, (0..width * height).map(value).collect()).unwrap()
    }

    /// 1 2 / 3 4: sum, difference across, difference down, both.
    #[test]
    fn two_by_two_by_hand() {
        let real = |re| Complex { re, im: 0.0 };
        let found = Plane::new(2, 2, [1.0, 2.0, 3.0, 4.0].map(real).to_vec()).unwrap().forward();
        assert_eq!(found.values, [10.0, -2.0, -4.0, 0.0].map(real));
    }

    #[test]
    fn there_and_back() {
        for (width, height) in [(1, 1), (5, 1), (12, 35), (17, 34), (64, 48)] {
            let before = plane(width, height);
            let after = before.clone().forward().inverse();
            for (a, b) in before.values.iter().zip(&after.values) {
                assert!((*a - *b).power().sqrt() < 1e-11);
            }
        }
    }

    #[test]
    fn what_is_no_plane_is_told() {
        assert_eq!(Plane::new(0, 3, vec![]), Err(MetricError::Empty));
        let short = Plane::new(2, 2, vec![Complex::default()]);
        assert_eq!(short, Err(MetricError::LengthsDiffer { left: 1, right: 4 }));
    }

    #[test]
    fn frequencies_fall_off_on_both_sides() {
        let of = |length: usize| (0..length).map(|index| frequency(index, length)).collect::<Vec<_>>();
        assert_eq!((of(4), of(5)), (vec![0, 1, 2, 1], vec![0, 1, 2, 2, 1]));
    }
}
