//! Weights that make the answers of counting and placing questions equally frequent.
//!
//! Measured on the scenes of `Scene::from_seed`: each is one over the share of scenes in which the pattern has
//! that answer. They belong to the distribution of scenes: change that and measure again.

use super::ask::Slots;

/// What a counting question names, how often, and how its answers 0 to 4 are weighted.
#[derive(Clone, Copy)]
pub(super) struct CountPattern {
    pub slots: Slots,
    pub share: f32,
    pub answer_weights: [f32; 5],
}

const fn pattern(slots: Slots, share: f32, answer_weights: [f32; 5]) -> CountPattern {
    CountPattern { slots, share, answer_weights }
}

/// The patterns of counting questions. All objects together are never 0, which the others make up for.
pub(super) const COUNT_PATTERNS: [CountPattern; 9] = [
    pattern(Slots::NONE, 0.358, [0.0, 5.96, 5.95, 6.10, 5.85]),
    pattern(Slots::SIZE, 0.384, [2.35, 2.08, 2.58, 3.81, 5.40]),
    pattern(Slots::COLOUR, 0.688, [1.07, 1.22, 2.74, 7.11, 11.09]),
    pattern(Slots::MATERIAL, 0.376, [2.34, 2.07, 2.60, 3.74, 5.14]),
    pattern(Slots::SHAPE, 0.558, [1.16, 1.31, 2.32, 4.86, 9.20]),
    pattern(Slots::COLOUR.and(Slots::SHAPE), 0.775, [1.06, 1.11, 4.24, 12.48, 20.36]),
    pattern(Slots::SIZE.and(Slots::SHAPE), 0.531, [1.08, 1.17, 2.48, 7.34, 14.82]),
    pattern(Slots::MATERIAL.and(Slots::SHAPE), 0.555, [1.06, 1.18, 2.54, 7.29, 16.03]),
    pattern(Slots::SIZE.and(Slots::COLOUR), 0.662, [1.07, 1.12, 3.27, 9.57, 18.47]),
];

/// Share of unequal pairs kept where a scene offers only one pair of groups.
pub(super) const UNEQUAL_KEPT: f32 = 0.323;

/// Weights of the columns, left to right.
pub(super) const COLUMN_WEIGHTS: [f32; 7] = [9.8, 2.3, 2.3, 2.3, 2.2, 2.3, 10.3];
/// Weights of the rows, top to bottom. Next to nothing lies in the first.
pub(super) const ROW_WEIGHTS: [f32; 7] = [2.0, 7.3, 1.7, 1.8, 2.1, 2.4, 13.8];
