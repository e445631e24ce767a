//! Which rows belong together: versions of one image, questions about one scene.

use std::collections::BTreeMap;

/// Rows grouped into clusters. Clusters are independent of each other, rows within one are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clusters {
    members: Vec<Vec<usize>>,
    rows: usize,
}

impl Clusters {
    /// Rows with the same key (the image, the scene) form a cluster; clusters are ordered by key.
    pub fn by<K: Ord>(keys: &[K]) -> Self {
        let mut groups: BTreeMap<&K, Vec<usize>> = BTreeMap::new();
        for (row, key) in keys.iter().enumerate() {
            groups.entry(key).or_default().push(row);
        }
        Self { members: groups.into_values().collect(), rows: keys.len() }
    }

    /// Every row on its own: independent samples.
    pub fn singles(rows: usize) -> Self {
        Self { members: (0..rows).map(|row| vec![row]).collect(), rows }
    }

    /// The rows of each cluster, in ascending order.
    pub fn members(&self) -> &[Vec<usize>] {
        &self.members
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The sum of one value per row, over each cluster; missing values count nothing.
    pub(super) fn sums(&self, values: &[f64]) -> Vec<f64> {
        let sum = |rows: &Vec<usize>| rows.iter().filter_map(|row| values.get(*row)).sum();
        self.members.iter().map(sum).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Clusters;

    #[test]
    fn rows_with_a_key_are_together() {
        let clusters = Clusters::by(&["b", "a", "b"]);
        assert_eq!(clusters.members(), [vec![1], vec![0, 2]]);
        assert_eq!(clusters.sums(&[1.0, 2.0, 4.0]), [2.0, 5.0]);
        assert_eq!(Clusters::by(&[3, 1, 2]).members().len(), Clusters::singles(3).members().len());
        assert_eq!(Clusters::by::<u64>(&[]), Clusters::singles(0));
    }
}
