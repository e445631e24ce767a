//! A part of some work: which of a list's entries one process of several does.
//!
//! A pure function of an entry's rank, so that parts are disjoint and together are the whole.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Part `number` of `of`, written `3/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// From 1.
    pub number: u64,
    /// How many parts there are.
    pub of: u64,
}

/// Not a shard.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is not a shard; write 3/8 for the third of eight")]
pub struct NotAShard(String);

impl Shard {
    /// All of it.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Whether the entry of this rank, from 0, belongs to the part.
    pub fn admits(self, rank: u64) -> bool {
        rank.checked_rem(self.of) == self.number.checked_sub(1)
    }

    /// How many of `ranks` entries belong to the part.
    pub fn count(self, ranks: u64) -> u64 {
        ranks.saturating_add(self.of).saturating_sub(self.number).checked_div(self.of).unwrap_or(0)
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl std::str::FromStr for Shard {
    type Err = NotAShard;

    fn from_str(text: &str) -> Result<Self, NotAShard> {
        let parts =
            text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if 1 <= number && number <= of => Ok(Self { number, of }),
            _ => Err(NotAShard(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn shards_are_written_as_fractions() {
        assert_eq!("3/8".parse(), Ok(Shard { number: 3, of: 8 }));
        assert_eq!(Shard::WHOLE.to_string(), "1/1");
        for wrong in ["0/8", "9/8", "3", "3/", "a/b", "-1/2", "1/0"] {
            assert!(wrong.parse::<Shard>().unwrap_err().to_string().contains("3/8"), "{wrong}");
        }
    }

    #[test]
    fn what_no_text_says_admits_nothing() {
        let never = Shard { number: 1, of: 0 };
        assert!(!never.admits(0) && never.count(9) == 0);
    }

    proptest! {
        #[test]
        fn parts_are_disjoint_and_counted(of in 1u64..9, ranks in 0u64..60) {
            for rank in 0..ranks {
                prop_assert_eq!((1..=of).filter(|number| Shard { number: *number, of }.admits(rank)).count(), 1);
            }
            for number in 1..=of {
                let shard = Shard { number, of };
                prop_assert_eq!(shard.count(ranks), (0..ranks).filter(|rank| shard.admits(*rank)).count() as u64);
            }
        }
    }
}
