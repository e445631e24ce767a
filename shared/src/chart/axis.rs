//! A linear axis: from values to coordinates, with round tick values.

use crate::decimal::{fixed, trimmed};

/// A linear map from values to coordinates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Axis {
    /// Values `from..to` on coordinates `start..end`; an empty or unusable range is widened around its start.
    pub fn new(from: f64, to: f64, start: f64, end: f64) -> Self {
        let from = if from.is_finite() { from } else { 0.0 };
        let to = if to.is_finite() && to != from { to } else { from + 1.0 };
        Self { from, to, start, end }
    }

    /// An axis that covers some values and always `also`.
    pub fn covering(values: impl Iterator<Item = f64>, also: f64, start: f64, end: f64) -> Self {
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((also, also), |(low, high), value| (low.min(value), high.max(value)));
        let room = (high - low) * 0.06;
        let low = if low < also { low - room } else { low };
        Self::new(low, if high > low { high + room } else { low + 1.0 }, start, end)
    }

    /// The coordinate of a value.
    pub fn at(&self, value: f64) -> f64 {
        self.start + (value - self.from) / (self.to - self.from) * (self.end - self.start)
    }

    /// Round values (1, 2 or 5 times a power of ten apart) inside the range: about `count`, never more than 2 x count.
    pub fn ticks(&self, count: u32) -> Vec<f64> {
        let (low, high) = if self.from < self.to { (self.from, self.to) } else { (self.to, self.from) };
        let rough = (high - low) / f64::from(count.max(1));
        let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
        let step =
            [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|s| *s >= rough).unwrap_or(rough);
        let first = libm::ceil(low / step - 1e-9);
        (0..=2 * count)
            .map(|i| (first + f64::from(i)) * step)
            .take_while(|tick| *tick <= high + step * 1e-9)
            .collect()
    }
}

/// A tick's label: as many decimals as its size asks for.
pub(super) fn tick_label(value: f64) -> String {
    let size = value.abs();
    let decimals = if size == 0.0 || size >= 10.0 {
        0
    } else if size >= 1.0 {
        1
    } else if size >= 0.1 {
        2
    } else {
        3
    };
    trimmed(&fixed(value, decimals)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_ends_to_ends() {
        let axis = Axis::new(-30.0, 30.0, 40.0, 640.0);
        assert_eq!((axis.at(-30.0), axis.at(0.0), axis.at(30.0)), (40.0, 340.0, 640.0));
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(
            Axis::new(-30.0, 30.0, 0.0, 1.0).ticks(6),
            vec![-30.0, -20.0, -10.0, 0.0, 10.0, 20.0, 30.0]
        );
        assert_eq!(Axis::new(0.0, 1.0, 0.0, 1.0).ticks(5).len(), 6);
        assert!(Axis::new(3.0, 3.0, 0.0, 1.0).ticks(5).len() > 1);
    }

    #[test]
    fn covering_keeps_zero_and_survives_nothing() {
        let axis = Axis::covering([2.0, 5.0].into_iter(), 0.0, 100.0, 0.0);
        assert_eq!(axis.at(0.0), 100.0);
        assert!(Axis::covering(std::iter::empty(), 0.0, 0.0, 1.0).at(0.5).is_finite());
    }

    #[test]
    fn labels() {
        assert_eq!(
            ["0", "-30", "2.5", "0.25"],
            [0.0, -30.0, 2.5, 0.25].map(tick_label).each_ref().map(String::as_str)
        );
    }
}
