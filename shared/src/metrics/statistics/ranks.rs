//! Ranks, ties sharing their mean rank.

/// Twice the rank of every value, counted from 1: whole numbers even where a tie shares half a rank.
pub(super) fn doubled_ranks(values: &[f64]) -> Vec<u64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0; values.len()];
    let mut first = 0;
    for tie in order.chunk_by(|a, b| values[*a] == values[*b]) {
        // Ranks first + 1 ..= first + length: twice their mean is the sum of the ends.
        let doubled = (2 * first + tie.len() + 1) as u64;
        tie.iter().for_each(|index| ranks[*index] = doubled);
        first += tie.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::doubled_ranks;

    #[test]
    fn ties_share() {
        assert_eq!(doubled_ranks(&[3.0, 1.0, 3.0, 2.0]), [7, 2, 7, 4]);
        assert_eq!(doubled_ranks(&[0.0, -0.0]), [3, 3]);
        assert!(doubled_ranks(&[]).is_empty());
    }
}
