//! The 8 x 8 cosine transform and its inverse in whole numbers, after C. Loeffler, A. Ligtenberg and G. Moschytz, "Practical
//! fast 1-D DCT algorithms with 11 multiplications" (1989), with the fractions and roundings of libjpeg's slow integer
//! transform, so that the results are the same to the bit.

/// Rows of columns.
pub(super) type Block = [[i32; 8]; 8];

/// Bits of the fraction of the factors.
const BITS: u32 = 13;

/// Bits of the fraction that values keep between the passes.
const KEPT_BITS: u32 = 2;

/// The transform; the result is eight times the coefficients. First along the rows, then along the columns.
pub(super) fn forward(block: &mut Block) {
    transpose(block);
    forward_columns(block, BITS - KEPT_BITS);
    transpose(block);
    forward_columns(block, BITS + KEPT_BITS);
}

/// From coefficients to values. First along the columns, then along the rows.
pub(super) fn inverse(block: &mut Block) {
    inverse_columns(block, BITS - KEPT_BITS);
    transpose(block);
    // The three bits more are the eight of the forward direction.
    inverse_columns(block, BITS + KEPT_BITS + 3);
    transpose(block);
}

#[inline(never)]
fn transpose(block: &mut Block) {
    *block = core::array::from_fn(|row| core::array::from_fn(|column| block[column][row]));
}

/// The odd half, which both directions share: four inputs against four cosines.
#[inline]
fn odd([a, b, c, d]: [i32; 4]) -> [i32; 4] {
    let (ad, bc, ac, bd) = (-7373 * (a + d), -20995 * (b + c), a + c, b + d);
    let both = 9633 * (ac + bd);
    let (ac, bd) = (both - 16069 * ac, both - 3196 * bd);
    [2446 * a + ad + ac, 16819 * b + bc + bd, 25172 * c + bc + ac, 12299 * d + ad + bd]
}

/// The turn by which both directions mix their two middle even terms.
#[inline]
fn turn(a: i32, b: i32) -> [i32; 2] {
    let both = 4433 * (a + b);
    [both + 6270 * a, both - 15137 * b]
}

/// Every column at once; the result loses `shift` bits, rounded.
fn forward_columns(rows: &mut Block, shift: u32) {
    let half = 1 << (shift - 1);
    for column in 0..8 {
        let v: [i32; 8] = core::array::from_fn(|row| rows[row][column]);
        let sums = [v[0] + v[7], v[1] + v[6], v[2] + v[5], v[3] + v[4]];
        let [e, f, g, h] = odd([v[3] - v[4], v[2] - v[5], v[1] - v[6], v[0] - v[7]]);
        let (outer, inner) = (sums[0] + sums[3], sums[1] + sums[2]);
        let [c, d] = turn(sums[0] - sums[3], sums[1] - sums[2]);
        let result = [(outer + inner) << BITS, h, c, g, (outer - inner) << BITS, f, d, e];
        for (row, value) in rows.iter_mut().zip(result) {
            row[column] = (value + half) >> shift;
        }
    }
}

/// Every column at once; the result loses `shift` bits, rounded.
fn inverse_columns(rows: &mut Block, shift: u32) {
    let half = 1 << (shift - 1);
    for column in 0..8 {
        let v: [i32; 8] = core::array::from_fn(|row| rows[row][column]);
        let [c, d] = turn(v[2], v[6]);
        let (sum, difference) = ((v[0] + v[4]) << BITS, (v[0] - v[4]) << BITS);
        let [e, f, g, h] = odd([v[7], v[5], v[3], v[1]]);
        let [p, q, r, s] = [sum + c, difference + d, difference - d, sum - c];
        let result = [p + h, q + g, r + f, s + e, s - e, r - f, q - g, p - h];
        for (row, value) in rows.iter_mut().zip(result) {
            row[column] = (value + half) >> shift;
        }
    }
}
