//! What a scene is asked in training: a bank of questions per scene, drawn once, and the mixture of kinds that
//! changes as training goes on.

use super::world::Sample;
use flipside_shared::rng::{Rng, stream};
use flipside_shared::scene::{Attributes, QuestionKind, QuestionSpec, View, Visibility, ask, caption};

/// Draws of each kind per scene. Many fail on purpose, which keeps the answers balanced; the failures are kept as
/// empty places and skipped when picked, so the balance carries over.
const DRAWS: usize = 24;

/// All kinds that are trained on.
pub(super) const KINDS: [QuestionKind; 10] = [
    QuestionKind::Existence,
    QuestionKind::Count,
    QuestionKind::Colour,
    QuestionKind::Shape,
    QuestionKind::Material,
    QuestionKind::Size,
    QuestionKind::Relation,
    QuestionKind::Comparison,
    QuestionKind::Column,
    QuestionKind::Row,
];

/// A question with its answer, and for each object phrase in it what it refers to.
#[derive(Clone)]
pub(super) struct Lesson {
    pub(super) spec: QuestionSpec,
    pub(super) right: usize,
    pub(super) phrases: Vec<Phrase>,
}

/// What an object phrase refers to: how many clearly visible objects, and which when it is one.
#[derive(Clone, Copy)]
pub(super) struct Phrase {
    pub(super) count: u32,
    pub(super) object: Option<u8>,
}

/// The questions of one scene and its caption.
pub(super) struct Bank {
    draws: Vec<Option<Lesson>>,
    pub(super) caption: String,
}

impl Bank {
    /// Draws the bank of a scene; `seed` is the scene's.
    pub(super) fn new(sample: &Sample, seed: u64) -> Self {
        let view = View::new(&sample.scene);
        let mut rng = Rng::new(seed, stream::QUESTION);
        let mut draws = Vec::with_capacity(KINDS.len() * DRAWS);
        for kind in KINDS {
            for _ in 0..DRAWS {
                draws.push(ask(&view, kind, &mut rng).map(|(question, right)| {
                    let phrases =
                        phrases(&question.spec).into_iter().flatten().map(|a| resolve(&view, &a)).collect();
                    Lesson { spec: question.spec, right, phrases }
                }));
            }
        }
        Self { draws, caption: caption(&view) }
    }

    /// `count` lessons, their kinds by weight (in the order of [`KINDS`]).
    pub(super) fn pick(&self, weights: &[f32; KINDS.len()], count: usize, rng: &mut Rng) -> Vec<&Lesson> {
        let mut picked = Vec::with_capacity(count);
        for _ in 0..count * 20 {
            let kind = rng.weighted(weights);
            if let Some(lesson) = &self.draws[kind * DRAWS + rng.below(DRAWS as u32) as usize] {
                picked.push(lesson);
                if picked.len() == count {
                    break;
                }
            }
        }
        picked
    }

    /// The first lesson of each kind that has one.
    pub(super) fn one_of_each(&self) -> Vec<&Lesson> {
        self.draws.chunks_exact(DRAWS).filter_map(|draws| draws[0].as_ref()).collect()
    }
}

/// The object phrases of a question, in the order of its words.
fn phrases(spec: &QuestionSpec) -> [Option<Attributes>; 2] {
    match *spec {
        QuestionSpec::Existence { what } | QuestionSpec::Count { what } => [Some(what), None],
        QuestionSpec::Colour { of }
        | QuestionSpec::Shape { of }
        | QuestionSpec::Material { of }
        | QuestionSpec::Size { of }
        | QuestionSpec::Column { of }
        | QuestionSpec::Row { of } => [Some(of), None],
        QuestionSpec::Relation { subject, reference, .. } => [Some(subject), Some(reference)],
        QuestionSpec::Comparison { these, those } => [Some(these), Some(those)],
    }
}

fn resolve(view: &View, what: &Attributes) -> Phrase {
    let fitting: Vec<usize> = (0..view.scene.objects.len())
        .filter(|i| view.visibility(*i) == Visibility::Clear && what.fit(&view.scene.objects[*i]))
        .collect();
    Phrase { count: fitting.len() as u32, object: (fitting.len() == 1).then(|| fitting[0] as u8) }
}

/// The weights of the kinds while everything learns together. Counts and comparisons weigh so much because most draws
/// of them fail: of the lessons that are picked, about a fifth are counts.
pub(super) const JOINT_MIXTURE: [f32; KINDS.len()] = [1.0, 10.0, 0.9, 1.8, 0.6, 0.6, 2.0, 4.0, 0.6, 0.6];

/// The weights of the kinds when `share` (0 to 1) of the language stage is over: look-ups and places first, then
/// what is built from them.
pub(super) fn mixture(share: f64) -> [f32; KINDS.len()] {
    if share < 0.10 {
        [1.0, 0.8, 1.0, 1.0, 0.7, 0.7, 0.5, 0.3, 1.4, 1.4]
    } else {
        [1.0, 1.4, 1.0, 1.0, 0.8, 0.8, 2.4, 1.4, 0.5, 0.5]
    }
}
