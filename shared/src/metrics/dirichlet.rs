//! Dirichlet energy of vision tokens on their grid: structural smoothness (arXiv 2602.06652).
//!
//! E(V) = (1/|E|) sum over edges of ||v_i - v_j||^2 with 4-neighbour edges within each frame, no wrap, unit weights,
//! features as they are (not normalised). |E| = T H'(W' - 1) + T (H' - 1) W'.

use super::error::MetricError;

/// Vision tokens laid out on a grid: `frames * rows * columns` tokens of `width` values, row-major.
///
/// A grid with fewer tokens than cells is a caller's mistake, which [`TokenGrid::checked`] tells; the metrics take the
/// missing tokens for zero.
#[derive(Clone, Copy, Debug)]
pub struct TokenGrid<'a> {
    /// Frames (T), 1 for a picture.
    pub frames: usize,
    /// Rows (H').
    pub rows: usize,
    /// Columns (W').
    pub columns: usize,
    /// Values per token (D).
    pub width: usize,
    /// All values.
    pub tokens: &'a [f32],
}

impl TokenGrid<'_> {
    /// The grid, if it has as many finite values as it has cells.
    ///
    /// # Errors
    /// Another number of values, or one that is not finite.
    pub fn checked(self) -> Result<Self, MetricError> {
        let (left, right) = (self.tokens.len(), self.frames * self.rows * self.columns * self.width);
        if left != right {
            return Err(MetricError::LengthsDiffer { left, right });
        }
        match self.tokens.iter().position(|value| !value.is_finite()) {
            Some(index) => Err(MetricError::NotFinite { index }),
            None => Ok(self),
        }
    }

    /// One token, empty where the grid has none.
    pub(super) fn token(&self, frame: usize, row: usize, column: usize) -> &[f32] {
        let index = (frame * self.rows + row) * self.columns + column;
        self.tokens.get(index * self.width..(index + 1) * self.width).unwrap_or_default()
    }

    /// Calls `edge(frame, (row, column), (row, column), squared distance)` for every edge.
    fn edges(&self, mut edge: impl FnMut((usize, usize, usize), (usize, usize, usize), f64)) {
        for frame in 0..self.frames {
            for row in 0..self.rows {
                for column in 0..self.columns {
                    let here = self.token(frame, row, column);
                    if column + 1 < self.columns {
                        let distance = squared_distance(here, self.token(frame, row, column + 1));
                        edge((frame, row, column), (frame, row, column + 1), distance);
                    }
                    if row + 1 < self.rows {
                        let distance = squared_distance(here, self.token(frame, row + 1, column));
                        edge((frame, row, column), (frame, row + 1, column), distance);
                    }
                }
            }
        }
    }
}

fn squared_distance(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(x, y)| f64::from(*x) - f64::from(*y)).map(|d| d * d).sum()
}

/// E(V); 0 for a grid without edges.
pub fn energy(grid: TokenGrid<'_>) -> f64 {
    let (mut sum, mut count) = (0.0, 0u32);
    grid.edges(|_, _, distance| {
        sum += distance;
        count += 1;
    });
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}

/// E(V) / mean_i ||v_i - mean(v)||^2, to compare models and resolutions (our reconstruction); 0 when all tokens are
/// equal.
pub fn scale_free_energy(grid: TokenGrid<'_>) -> f64 {
    let count = grid.frames * grid.rows * grid.columns;
    if count == 0 {
        return 0.0;
    }
    let mut mean = vec![0.0f64; grid.width];
    for token in grid.tokens.chunks_exact(grid.width.max(1)) {
        for (sum, value) in mean.iter_mut().zip(token) {
            *sum += f64::from(*value) / count as f64;
        }
    }
    let mut variance = 0.0;
    for token in grid.tokens.chunks_exact(grid.width.max(1)) {
        let distance: f64 = token.iter().zip(&mean).map(|(v, m)| f64::from(*v) - m).map(|d| d * d).sum();
        variance += distance / count as f64;
    }
    if variance == 0.0 { 0.0 } else { energy(grid) / variance }
}

/// The heat map: for each cell of the `rows * columns` grid the mean squared distance of its token to its
/// 4-neighbours, averaged over frames; row-major.
pub fn token_energy(grid: TokenGrid<'_>) -> Vec<f32> {
    let mut sums = vec![0.0f64; grid.rows * grid.columns];
    let mut counts = vec![0u32; grid.rows * grid.columns];
    grid.edges(|(_, row_a, column_a), (_, row_b, column_b), distance| {
        for cell in [row_a * grid.columns + column_a, row_b * grid.columns + column_b] {
            sums[cell] += distance;
            counts[cell] += 1;
        }
    });
    sums.iter().zip(&counts).map(|(sum, count)| (sum / f64::from((*count).max(1))) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: usize, columns: usize, width: usize, tokens: &[f32]) -> TokenGrid<'_> {
        TokenGrid { frames: 1, rows, columns, width, tokens }
    }

    /// 2 x 2 with values 0 1 / 3 7: edges 1, 9, 36, 16 -> mean 15.5.
    #[test]
    fn hand_computed_energy() {
        let tokens = [0.0, 1.0, 3.0, 7.0];
        let grid = grid(2, 2, 1, &tokens);
        assert_eq!(energy(grid), 15.5);
        assert_eq!(token_energy(grid), vec![5.0, 18.5, 12.5, 26.0]);
        // mean 2.75, variance (7.5625 + 3.0625 + 0.0625 + 18.0625) / 4 = 7.1875
        assert!((scale_free_energy(grid) - 15.5 / 7.1875).abs() < 1e-12);
    }

    #[test]
    fn constant_tokens_have_none() {
        let tokens = [2.5; 24];
        assert_eq!(energy(grid(3, 4, 2, &tokens)), 0.0);
        assert_eq!(scale_free_energy(grid(3, 4, 2, &tokens)), 0.0);
    }

    #[test]
    fn doubling_features_quadruples_energy_but_not_the_scale_free_one() {
        let tokens: Vec<f32> = (0..30).map(|i| (i * i % 17) as f32).collect();
        let doubled: Vec<f32> = tokens.iter().map(|v| v * 2.0).collect();
        let (a, b) = (grid(3, 5, 2, &tokens), grid(3, 5, 2, &doubled));
        assert_eq!(energy(b), 4.0 * energy(a));
        assert!((scale_free_energy(b) - scale_free_energy(a)).abs() < 1e-12);
    }

    #[test]
    fn frames_have_no_edges_between_them() {
        let tokens = [0.0, 0.0, 9.0, 9.0];
        let grid = TokenGrid { frames: 2, rows: 1, columns: 2, width: 1, tokens: &tokens };
        assert_eq!(energy(grid), 0.0);
    }

    #[test]
    fn a_grid_that_does_not_fit_its_tokens_is_told_and_does_not_panic() {
        let short = grid(2, 2, 1, &[1.0]);
        assert_eq!(short.checked().unwrap_err(), MetricError::LengthsDiffer { left: 1, right: 4 });
        assert!(energy(short).is_finite() && scale_free_energy(grid(2, 2, 0, &[])) == 0.0);
        let nan = grid(1, 1, 1, &[f32::NAN]).checked();
        assert_eq!(nan.unwrap_err(), MetricError::NotFinite { index: 0 });
    }

    #[test]
    fn one_token_has_no_edges() {
        assert_eq!(energy(grid(1, 1, 2, &[1.0, 2.0])), 0.0);
        assert_eq!(token_energy(grid(1, 1, 2, &[1.0, 2.0])), vec![0.0]);
    }
}
