//! Which scenes may be learnt from: the two highest bits of a scene's seed say what it is for.
//!
//! Disjoint by construction. Seeds with neither bit set belong to galleries and visitors.

/// What a scene is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Learnt from.
    Training,
    /// Watched while training, to see how it goes.
    Validation,
    /// Measured once training is over, never before.
    HeldOut,
}

impl Split {
    /// The seed of scene `index` of world `world` (a run's or an evaluation's own seed; its low 30 bits count).
    pub fn scene_seed(self, world: u64, index: u32) -> u64 {
        let tag = match self {
            Self::Training => 1,
            Self::Validation => 2,
            Self::HeldOut => 3,
        };
        (tag << 62) | ((world & 0x3fff_ffff) << 32) | u64::from(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_never_meet() {
        let seeds = [Split::Training, Split::Validation, Split::HeldOut].map(|split| {
            [(0, 0), (u64::MAX, u32::MAX), (5, 77)].map(|(world, index)| split.scene_seed(world, index) >> 62)
        });
        assert_eq!(seeds, [[1; 3], [2; 3], [3; 3]]);
        assert_ne!(Split::Training.scene_seed(1, 0), Split::Training.scene_seed(2, 0));
    }
}
