//! Where a representation moves: the drift of each vision token between the clean and the perturbed picture, as a map
//! over the grid. Our own addition to the channels of arXiv 2602.06652, which look at whole answers.

use super::dirichlet::TokenGrid;
use super::drift::{cosine_distance, l2};
use super::error::{MetricError, not_empty};

/// The distance between two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenDistance {
    /// 1 - cos, in [0, 2]; 0 where a token is zero.
    Cosine,
    /// Euclidean.
    L2,
}

/// Per cell of the `rows * columns` grid the distance of its tokens, averaged over frames; row-major.
///
/// # Errors
/// Grids of different shapes (padding and cropping change it), an empty one, or values that are missing or not finite.
pub fn token_drift(
    clean: TokenGrid<'_>,
    perturbed: TokenGrid<'_>,
    distance: TokenDistance,
) -> Result<Vec<f32>, MetricError> {
    let (clean, perturbed) = (clean.checked()?, perturbed.checked()?);
    not_empty(clean.tokens)?;
    let shape = |grid: &TokenGrid<'_>| [grid.frames, grid.rows, grid.columns, grid.width];
    if shape(&clean) != shape(&perturbed) {
        return Err(MetricError::OutOfRange { what: "the shape of the perturbed grid" });
    }
    let measure = match distance {
        TokenDistance::Cosine => cosine_distance,
        TokenDistance::L2 => l2,
    };
    let mut map = Vec::with_capacity(clean.rows * clean.columns);
    for row in 0..clean.rows {
        for column in 0..clean.columns {
            let frames = (0..clean.frames)
                .map(|frame| measure(clean.token(frame, row, column), perturbed.token(frame, row, column)));
            map.push((frames.sum::<f64>() / clean.frames as f64) as f32);
        }
    }
    Ok(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(frames: usize, tokens: &[f32]) -> TokenGrid<'_> {
        TokenGrid { frames, rows: 1, columns: 2, width: 2, tokens }
    }

    #[test]
    fn hand_computed() {
        let (clean, other) = ([1.0, 0.0, 3.0, 4.0], [0.0, 2.0, 3.0, 4.0]);
        let map = |distance| token_drift(grid(1, &clean), grid(1, &other), distance);
        assert_eq!(map(TokenDistance::Cosine), Ok(vec![1.0, 0.0]));
        assert_eq!(map(TokenDistance::L2), Ok(vec![5.0f32.sqrt(), 0.0]));
    }

    #[test]
    fn frames_are_averaged() {
        let clean = [0.0; 8];
        let other = [3.0, 4.0, 0.0, 0.0, 0.0, 0.0, 6.0, 8.0];
        let map = token_drift(grid(2, &clean), grid(2, &other), TokenDistance::L2);
        assert_eq!(map, Ok(vec![2.5, 5.0]));
    }

    #[test]
    fn unusable_input_is_told() {
        let tokens = [1.0; 8];
        let two = |tokens| token_drift(grid(1, &[1.0; 4]), grid(2, tokens), TokenDistance::L2);
        assert!(matches!(two(&tokens), Err(MetricError::OutOfRange { .. })));
        assert!(matches!(two(&tokens[..3]), Err(MetricError::LengthsDiffer { .. })));
        assert_eq!(token_drift(grid(0, &[]), grid(0, &[]), TokenDistance::L2), Err(MetricError::Empty));
    }
}
