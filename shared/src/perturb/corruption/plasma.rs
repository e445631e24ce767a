//! Fractal heights by the diamond-square algorithm: fog, and the ice of frost.

use super::field::Field;

/// A square of heights, periodic in both directions.
pub(super) struct Plasma {
    pub side: usize,
    /// `side * side` heights from 0 to 1.
    pub heights: Vec<f32>,
}

impl Plasma {
    /// Heights on a square of at least `side` places, a power of two. The wobble of a place is uniform within `wobble`
    /// squared, where `wobble` is divided by `decay` each time that the distance of the places is halved.
    pub fn new(side: usize, decay: f64, field: Field) -> Self {
        let side = side.next_power_of_two();
        let mut plasma = Self { side, heights: vec![0.0; side * side] };
        let (mut step, mut wobble) = (side, 100.0);
        while step >= 2 {
            let (half, size) = (step / 2, (wobble * wobble) as f32);
            let draw = |at: usize| (2.0 * field.unit(at as u32) - 1.0) * size;
            plasma.squares(step, draw);
            // Between two neighbours across, then between two neighbours down.
            plasma.diamonds(step, (0, half), draw);
            plasma.diamonds(step, (half, 0), draw);
            step = half;
            wobble /= decay;
        }
        let (lowest, highest) = plasma.range();
        let scale = 1.0 / (highest - lowest).max(f32::MIN_POSITIVE);
        plasma.heights.iter_mut().for_each(|height| *height = (*height - lowest) * scale);
        plasma
    }

    /// The middle of every square of four places.
    fn squares(&mut self, step: usize, draw: impl Fn(usize) -> f32) {
        // The side is a power of two, which spares the divisions.
        let (side, last) = (self.side, self.side - 1);
        for y in (0..side).step_by(step) {
            let below = ((y + step) & last) * side;
            let to = (y + step / 2) * side;
            for x in (0..side).step_by(step) {
                let right = (x + step) & last;
                let sum = self.heights[y * side + x]
                    + self.heights[below + x]
                    + self.heights[y * side + right]
                    + self.heights[below + right];
                let at = to + x + step / 2;
                self.heights[at] = sum * 0.25 + draw(at);
            }
        }
    }

    /// The middle of every diamond of two places and two middles of squares, `first` being the uppermost and leftmost.
    fn diamonds(&mut self, step: usize, first: (usize, usize), draw: impl Fn(usize) -> f32) {
        let (side, last, half) = (self.side, self.side - 1, step / 2);
        for y in (first.0..side).step_by(step) {
            let (above, below) = (((y + side - half) & last) * side, ((y + half) & last) * side);
            for x in (first.1..side).step_by(step) {
                let (left, right) = ((x + side - half) & last, (x + half) & last);
                let sum = self.heights[above + x]
                    + self.heights[below + x]
                    + self.heights[y * side + left]
                    + self.heights[y * side + right];
                let at = y * side + x;
                self.heights[at] = sum * 0.25 + draw(at);
            }
        }
    }

    fn range(&self) -> (f32, f32) {
        let mut ranges = [(f32::MAX, f32::MIN); 4];
        for four in self.heights.chunks_exact(4) {
            for (range, height) in ranges.iter_mut().zip(four) {
                *range = (range.0.min(*height), range.1.max(*height));
            }
        }
        let [a, b, c, d] = ranges;
        (a.0.min(b.0).min(c.0).min(d.0), a.1.max(b.1).max(c.1).max(d.1))
    }
}
