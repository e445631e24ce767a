//! Draws questions so that no answer is favoured: neither overall nor given the words of the question.
//!
//! Where both answers of a pattern can be had in a scene, the answer is drawn first and the words after it.
//! Where they cannot (counts, places), rare answers are drawn more often, by the tables in `balance`.

use super::attributes::Attributes;
use super::balance::{COLUMN_WEIGHTS, COUNT_PATTERNS, ROW_WEIGHTS, UNEQUAL_KEPT};
use super::object::{Colour, Material, Object, Shape, Size};
use super::oracle::{answer, count, find};
use super::question::{Axis, Question, QuestionKind, QuestionSpec};
use super::visibility::View;
use crate::rng::Rng;

/// Draws a question of this kind with the index of its right option.
///
/// None when the draw does not suit the scene; that is part of the balance (counts are refused most), see
/// [`suggest`] for a question at any price.
pub fn ask(view: &View, kind: QuestionKind, rng: &mut Rng) -> Option<(Question, usize)> {
    let spec = match kind {
        QuestionKind::Existence => existence(view, rng)?,
        QuestionKind::Count => counting(view, rng)?,
        QuestionKind::Colour => {
            QuestionSpec::Colour { of: any_reference(view, Slots::ALL.without(Slots::COLOUR), rng)? }
        }
        QuestionKind::Shape => {
            QuestionSpec::Shape { of: any_reference(view, Slots::ALL.without(Slots::SHAPE), rng)? }
        }
        QuestionKind::Material => {
            QuestionSpec::Material { of: any_reference(view, Slots::ALL.without(Slots::MATERIAL), rng)? }
        }
        QuestionKind::Size => {
            QuestionSpec::Size { of: any_reference(view, Slots::ALL.without(Slots::SIZE), rng)? }
        }
        QuestionKind::Relation => relation(view, rng)?,
        QuestionKind::Comparison => comparison(view, rng)?,
        QuestionKind::Column => in_cell(view, &COLUMN_WEIGHTS, |of| QuestionSpec::Column { of }, rng)?,
        QuestionKind::Row => in_cell(view, &ROW_WEIGHTS, |of| QuestionSpec::Row { of }, rng)?,
    };
    let right = answer(view, &spec)?;
    Some((spec.into(), right))
}

/// Any question of this kind that suits the scene, for a visitor who wants one: `ask` until it agrees.
///
/// Not balanced. None when the scene has hardly anything to ask about in this kind.
pub fn suggest(view: &View, kind: QuestionKind, rng: &mut Rng) -> Option<(Question, usize)> {
    (0..64).find_map(|_| ask(view, kind, rng))
}

/// A set of attributes: which of them a phrase names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slots(pub u8);

impl Slots {
    pub const NONE: Self = Self(0);
    pub const SIZE: Self = Self(1);
    pub const COLOUR: Self = Self(2);
    pub const MATERIAL: Self = Self(4);
    pub const SHAPE: Self = Self(8);
    pub const ALL: Self = Self(15);
    pub const EACH: [Self; 4] = [Self::SIZE, Self::COLOUR, Self::MATERIAL, Self::SHAPE];

    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The attributes of this set that an object has.
    fn of(self, object: &Object) -> Attributes {
        let full = Attributes::of(object);
        Attributes {
            size: full.size.filter(|_| self.has(Self::SIZE)),
            colour: full.colour.filter(|_| self.has(Self::COLOUR)),
            material: full.material.filter(|_| self.has(Self::MATERIAL)),
            shape: full.shape.filter(|_| self.has(Self::SHAPE)),
        }
    }

    /// Every combination of values of this set.
    pub fn combinations(self) -> Vec<Attributes> {
        fn values<T: Copy>(named: bool, all: &[T]) -> Vec<Option<T>> {
            if named { all.iter().copied().map(Some).collect() } else { vec![None] }
        }
        let mut combinations = Vec::new();
        for &size in &values(self.has(Self::SIZE), Size::ALL) {
            for &colour in &values(self.has(Self::COLOUR), Colour::ALL) {
                for &material in &values(self.has(Self::MATERIAL), Material::ALL) {
                    for &shape in &values(self.has(Self::SHAPE), Shape::ALL) {
                        combinations.push(Attributes { size, colour, material, shape });
                    }
                }
            }
        }
        combinations
    }
}

/// A phrase from `allowed` attributes that names this object alone. Of two that do, the shorter.
fn reference(view: &View, object: &Object, allowed: Slots, rng: &mut Rng) -> Option<Attributes> {
    let naming: Vec<Slots> = (0..=allowed.0)
        .map(Slots)
        .filter(|slots| allowed.has(*slots) && find(view, &slots.of(object)).is_some())
        .collect();
    let (one, other) = (*rng.pick(&naming)?, *rng.pick(&naming)?);
    Some(if one.0.count_ones() <= other.0.count_ones() { one } else { other }.of(object))
}

fn any_object<'a>(view: &View<'a>, rng: &mut Rng) -> Option<(usize, &'a Object)> {
    let clear: Vec<_> = view.clear().collect();
    rng.pick(&clear).copied()
}

fn any_reference(view: &View, allowed: Slots, rng: &mut Rng) -> Option<Attributes> {
    let (_, object) = any_object(view, rng)?;
    reference(view, object, allowed, rng)
}

/// Half of the questions are about something present. Of the others half mix attributes of objects present.
fn existence(view: &View, rng: &mut Rng) -> Option<QuestionSpec> {
    let slots = Slots(1 + rng.below(15) as u8);
    let absent: Vec<Attributes> =
        slots.combinations().into_iter().filter(|what| count(view, what) == Some(0)).collect();
    let any_absent = *rng.pick(&absent)?;
    if rng.chance(0.5) {
        return Some(QuestionSpec::Existence { what: slots.of(any_object(view, rng)?.1) });
    }
    if rng.chance(0.5) {
        for _ in 0..16 {
            let [size, colour, material, shape] = [(); 4].map(|()| any_object(view, rng));
            let mixed = Object {
                size: size?.1.size,
                colour: colour?.1.colour,
                material: material?.1.material,
                ..shape?.1.clone()
            };
            let what = slots.of(&mixed);
            if absent.contains(&what) {
                return Some(QuestionSpec::Existence { what });
            }
        }
    }
    Some(QuestionSpec::Existence { what: any_absent })
}

/// The pattern of words is drawn first, then the count, then what has that count.
fn counting(view: &View, rng: &mut Rng) -> Option<QuestionSpec> {
    let pattern = &COUNT_PATTERNS[rng.weighted(&COUNT_PATTERNS.map(|pattern| pattern.share))];
    let wanted = rng.weighted(&pattern.answer_weights);
    let fitting: Vec<Attributes> =
        pattern.slots.combinations().into_iter().filter(|what| count(view, what) == Some(wanted)).collect();
    Some(QuestionSpec::Count { what: *rng.pick(&fitting)? })
}

fn relation(view: &View, rng: &mut Rng) -> Option<QuestionSpec> {
    let axis = if rng.chance(0.5) { Axis::Sideways } else { Axis::Depth };
    let (subject, reference_object) = (any_object(view, rng)?, any_object(view, rng)?);
    if subject.0 == reference_object.0 {
        return None;
    }
    Some(QuestionSpec::Relation {
        axis,
        subject: reference(view, subject.1, Slots::ALL, rng)?,
        reference: reference(view, reference_object.1, Slots::ALL, rng)?,
    })
}

/// Two groups that differ in one attribute and may share another. Both equal and unequal pairs must be at hand;
/// where an attribute has only two values there is one pair, and unequal ones are thinned out instead.
fn comparison(view: &View, rng: &mut Rng) -> Option<QuestionSpec> {
    let differing = Slots::EACH[rng.below(4) as usize];
    let shared = if rng.chance(0.5) { Slots::EACH[rng.below(4) as usize] } else { Slots::NONE };
    if shared == differing {
        return None;
    }
    let groups: Vec<(Attributes, usize)> = differing
        .and(shared)
        .combinations()
        .into_iter()
        .filter_map(|what| Some((what, count(view, &what)?)))
        .collect();
    let (mut equal, mut unequal) = (Vec::new(), Vec::new());
    for (index, (one, one_count)) in groups.iter().enumerate() {
        for (other, other_count) in &groups[index + 1..] {
            if one_count + other_count == 0 || !same(shared, one, other) {
                continue;
            }
            match one_count.cmp(other_count) {
                std::cmp::Ordering::Greater => unequal.push((*one, *other)),
                std::cmp::Ordering::Less => unequal.push((*other, *one)),
                std::cmp::Ordering::Equal => equal.push((*one, *other)),
            }
        }
    }
    let single_pair = shared == Slots::NONE && (differing == Slots::SIZE || differing == Slots::MATERIAL);
    let pair = if single_pair {
        match equal.pop() {
            Some(pair) => pair,
            None => unequal.pop().filter(|_| rng.chance(UNEQUAL_KEPT))?,
        }
    } else {
        let (equal, unequal) = (rng.pick(&equal)?, rng.pick(&unequal)?);
        *if rng.below(3) == 0 { equal } else { unequal }
    };
    let (these, those) = if rng.chance(0.5) { pair } else { (pair.1, pair.0) };
    Some(QuestionSpec::Comparison { these, those })
}

/// Whether two phrases agree on the shared attributes.
fn same(shared: Slots, one: &Attributes, other: &Attributes) -> bool {
    (!shared.has(Slots::SIZE) || one.size == other.size)
        && (!shared.has(Slots::COLOUR) || one.colour == other.colour)
        && (!shared.has(Slots::MATERIAL) || one.material == other.material)
        && (!shared.has(Slots::SHAPE) || one.shape == other.shape)
}

/// The cell is drawn first, then an object in it.
fn in_cell(
    view: &View,
    weights: &[f32; 7],
    spec: fn(Attributes) -> QuestionSpec,
    rng: &mut Rng,
) -> Option<QuestionSpec> {
    let wanted = rng.weighted(weights);
    let mut fitting = Vec::new();
    for (_, object) in view.clear() {
        if let Some(of) = reference(view, object, Slots::ALL, rng)
            && answer(view, &spec(of)) == Some(wanted)
        {
            fitting.push(spec(of));
        }
    }
    rng.pick(&fitting).copied()
}
