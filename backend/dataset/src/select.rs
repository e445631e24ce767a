//! Which samples of a data set are read: the first N, a seeded sample of N, one shard of n.
//!
//! Pure functions of a sample's position in the file, so that a choice is the same whatever else is read, and shards are
//! disjoint and merge to the whole.

use flipside_shared::rng::Rng;
use flipside_shared::shard::Shard;
use std::collections::BinaryHeap;

/// Keeps the draws of samples apart from those of scenes and questions.
const SAMPLE_STREAM: u64 = 0x5A3D_0001;

/// A seeded sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeededSample {
    /// How many are drawn; all when there are fewer.
    pub count: u64,
    /// The seed. With the same seed a larger sample contains a smaller one.
    pub seed: u64,
}

/// What is read, by positions in the file (bad rows have theirs too): the limit applies first, the sample is drawn from what is left, the shard is a part of that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only the first so many.
    pub limit: Option<u64>,
    /// Only so many at random, in the order of the file.
    pub sample: Option<SeededSample>,
    /// Only this part.
    pub shard: Shard,
}

impl Selection {
    /// Whether the choice depends on how many samples there are.
    pub fn needs_total(&self) -> bool {
        self.sample.is_some()
    }

    /// The choice among `total` samples; `total` counts only where [`Selection::needs_total`].
    pub fn choose(&self, total: u64) -> Choice {
        let end = self.limit.unwrap_or(u64::MAX);
        let drawn = self.sample.map(|sample| draw(sample, total.min(end)));
        Choice { end, drawn, shard: self.shard }
    }
}

/// The positions, ascending, of a sample out of `total`.
fn draw(sample: SeededSample, total: u64) -> Vec<u64> {
    // Those with the smallest of independent random keys.
    let mut rng = Rng::new(sample.seed, SAMPLE_STREAM);
    let mut smallest: BinaryHeap<(u64, u64)> = BinaryHeap::new();
    for position in 0..total {
        let key = (u64::from(rng.u32()) << 32) | u64::from(rng.u32());
        smallest.push((key, position));
        if smallest.len() as u64 > sample.count {
            smallest.pop();
        }
    }
    let mut positions: Vec<u64> = smallest.into_iter().map(|(_, position)| position).collect();
    positions.sort_unstable();
    positions
}

/// A decided [`Selection`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    end: u64,
    drawn: Option<Vec<u64>>,
    shard: Shard,
}

impl Choice {
    /// Whether the sample at this position of the file, from 0, is read.
    pub fn admits(&self, position: u64) -> bool {
        let rank = match &self.drawn {
            None => (position < self.end).then_some(position),
            Some(drawn) => drawn.binary_search(&position).ok().map(|rank| rank as u64),
        };
        rank.is_some_and(|rank| self.shard.admits(rank))
    }

    /// How many samples are read of so many; of an unknown number only where they are drawn already.
    pub fn count(&self, total: Option<u64>) -> Option<u64> {
        let ranks = match &self.drawn {
            Some(drawn) => drawn.len() as u64,
            None => total?.min(self.end),
        };
        Some(self.shard.count(ranks))
    }

    /// Whether no sample at this position or after it is read.
    pub fn is_over(&self, position: u64) -> bool {
        match &self.drawn {
            None => position >= self.end,
            Some(drawn) => drawn.last().is_none_or(|last| position > *last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chosen(selection: Selection, total: u64) -> Vec<u64> {
        let choice = selection.choose(total);
        (0..total).filter(|position| choice.admits(*position)).collect()
    }

    #[test]
    fn a_sample_of_a_seed_is_fixed() {
        let sample =
            |count, seed| Selection { sample: Some(SeededSample { count, seed }), ..Selection::default() };
        assert_eq!(chosen(sample(5, 1), 100), [19, 27, 71, 73, 76]);
        assert_ne!(chosen(sample(5, 2), 100), chosen(sample(5, 1), 100));
        assert_eq!(chosen(sample(5, 1), 3), [0, 1, 2]);
        assert!(chosen(sample(0, 1), 3).is_empty());
    }

    proptest! {
        #[test]
        fn shards_are_disjoint_and_merge_to_the_whole(
            total in 0u64..200, of in 1u64..9, limit in proptest::option::of(0u64..250),
            count in proptest::option::of(0u64..250), seed: u64,
        ) {
            let whole = Selection { limit, sample: count.map(|count| SeededSample { count, seed }), shard: Shard::WHOLE };
            let mut merged: Vec<u64> = (1..=of)
                .flat_map(|number| chosen(Selection { shard: Shard { number, of }, ..whole }, total))
                .collect();
            merged.sort_unstable();
            prop_assert_eq!(&merged, &chosen(whole, total));
            for number in 1..=of {
                let part = Selection { shard: Shard { number, of }, ..whole };
                prop_assert_eq!(part.choose(total).count(Some(total)), Some(chosen(part, total).len() as u64));
            }
            let choice = whole.choose(total);
            let after = merged.last().map_or(0, |last| last + 1);
            prop_assert!((after..total).all(|position| !choice.admits(position)));
            prop_assert_eq!((0..total).find(|position| choice.is_over(*position)).unwrap_or(total) >= after, true);
        }

        #[test]
        fn a_larger_sample_contains_a_smaller(total in 0u64..200, count in 0u64..50, more in 0u64..50, seed: u64) {
            let draw = |count| chosen(Selection { sample: Some(SeededSample { count, seed }), ..Selection::default() }, total);
            let (small, large) = (draw(count), draw(count + more));
            prop_assert_eq!(small.len() as u64, count.min(total));
            prop_assert!(small.iter().all(|position| large.contains(position)));
        }
    }
}
