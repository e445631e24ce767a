//! Which of the finer features of a picture are kept, and how many: whole numbers and their rounding, as the reference
//! has them.

/// How the tiles of a picture become rows of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// Tiles down and across.
    pub tiles: [usize; 2],
    /// First row that is kept.
    pub top: usize,
    /// First column that is kept.
    pub left: usize,
    /// Rows and columns that are kept; the rest lies on the padding.
    pub kept: [usize; 2],
    /// Rows and columns after reduction, where there were too many.
    pub reduced: Option<[usize; 2]>,
}

/// What the arrangement of every picture depends on.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Features along a side of a tile.
    pub side: usize,
    /// More features than so many tiles have (and a fifth above) are reduced to as many.
    pub most_tiles: usize,
}

impl Arrangement {
    /// For a picture of `width` and `height` in pixels whose larger copy has `tiles` down and across.
    pub fn new(bounds: Bounds, tiles: [usize; 2], (width, height): (u32, u32)) -> Self {
        let (width, height) = (f64::from(width), f64::from(height));
        let [rows, columns] = tiles.map(|count| count * bounds.side);
        let padding = |whole: usize, used: f64| (whole.saturating_sub(seventh(used) as usize)) / 2;
        let (top, left) = if width / height > columns as f64 / rows as f64 {
            (padding(rows, height * (columns as f64 / width)), 0)
        } else {
            (0, padding(columns, width * (rows as f64 / height)))
        };
        let kept = [rows - 2 * top, columns - 2 * left];
        let ratio =
            ((kept[0] * kept[1]) as f64 / (bounds.most_tiles * bounds.side * bounds.side) as f64).sqrt();
        let shrunk = kept.map(|count| (count as f64 / ratio).floor() as usize);
        Self { tiles, top, left, kept, reduced: (ratio > 1.1).then_some(shrunk) }
    }

    /// Rows and columns of tokens, with the one that closes each row.
    pub fn tokens(&self) -> [usize; 2] {
        let [rows, columns] = self.reduced.unwrap_or(self.kept);
        [rows, columns + 1]
    }
}

/// Rounded to seven places, then cut to a whole number.
fn seventh(x: f64) -> f64 {
    ((x * 1e7).round_ties_even() / 1e7).trunc()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLISHED: Bounds = Bounds { side: 27, most_tiles: 9 };

    #[test]
    fn what_lies_on_padding_is_left_out() {
        // 640 x 480 in 768 x 768: full width, 40.5 of 54 rows, an even number of rows goes.
        let how = Arrangement::new(PUBLISHED, [2, 2], (640, 480));
        assert_eq!((how.top, how.left, how.kept, how.reduced), (7, 0, [40, 54], None));
        assert_eq!(how.tokens(), [40, 55]);
        let tall = Arrangement::new(PUBLISHED, [6, 1], (100, 2000));
        assert_eq!((tall.left, tall.kept), (9, [162, 9]));
    }

    #[test]
    fn too_many_are_reduced() {
        let how = Arrangement::new(PUBLISHED, [6, 6], (3000, 3000));
        assert_eq!((how.kept, how.reduced), ([162, 162], Some([81, 81])));
        assert_eq!(Arrangement::new(PUBLISHED, [3, 3], (3000, 3000)).reduced, None);
    }
}
