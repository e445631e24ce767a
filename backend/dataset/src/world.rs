//! The scene world as a data set: fresh scenes that training never sees, with every kind of question.

use crate::error::{Place, RowNumber};
use crate::image::{ImageSource, SampleImage, ScenePicture};
use crate::sample::{Answer, Regime, Sample, Scoring};
use flipside_shared::rng::Rng;
use flipside_shared::scene::{Question, QuestionKind, Scene, Split, View, ask};
use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;

/// Keeps the draws of questions apart from those of scenes; the same as in `flipside evaluate --world`.
const QUESTION_STREAM: u64 = 0x0E7A_1A7E;

/// A number of held-out scenes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct World {
    /// How many scenes. Each gives a sample per kind of question that suits it, at most eight.
    pub count: u32,
    /// Which world; its low 30 bits count.
    pub seed: u64,
    /// Side of the pictures, pixels.
    pub size_px: u32,
}

impl World {
    /// What messages call it.
    pub const NAME: &str = "scene world";

    pub(crate) fn samples(self) -> WorldSamples {
        WorldSamples {
            world: self,
            next_scene: 0,
            entry: 0,
            waiting: VecDeque::new(),
            file: Path::new(Self::NAME).into(),
        }
    }
}

/// The samples of a world, one scene at a time.
pub(crate) struct WorldSamples {
    world: World,
    next_scene: u32,
    entry: u64,
    waiting: VecDeque<(u64, Question, usize)>,
    file: Arc<Path>,
}

impl WorldSamples {
    /// How many there will be, judged by the scenes looked at so far.
    pub fn expected(&self) -> Option<u64> {
        let found = self.entry + self.waiting.len() as u64;
        (found * u64::from(self.world.count)).checked_div(u64::from(self.next_scene))
    }

    fn look_at_next_scene(&mut self) {
        let seed = Split::HeldOut.scene_seed(self.world.seed, self.next_scene);
        self.next_scene += 1;
        let scene = Scene::from_seed(seed);
        let view = View::new(&scene);
        let mut rng = Rng::new(seed, QUESTION_STREAM);
        let asked = QuestionKind::ALL.into_iter().filter_map(|kind| ask(&view, kind, &mut rng));
        self.waiting.extend(asked.map(|(question, right)| (seed, question, right)));
    }
}

impl Iterator for WorldSamples {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        while self.waiting.is_empty() && self.next_scene < self.world.count {
            self.look_at_next_scene();
        }
        let (seed, question, right) = self.waiting.pop_front()?;
        self.entry += 1;
        let kind = question.kind.name().to_owned();
        let picture = ScenePicture { seed, size_px: self.world.size_px };
        Some(Sample {
            id: format!("{seed:016x}-{kind}"),
            place: Place { file: self.file.clone(), row: RowNumber::Entry(self.entry) },
            images: vec![SampleImage::new(ImageSource::Scene(picture))],
            question: question.text,
            hint: None,
            options: question.options,
            answer: Some(Answer::Option(right)),
            categories: BTreeMap::from([("category".to_owned(), vec![kind])]),
            boxes: Vec::new(),
            scoring: Scoring::Accuracy,
            split: Some("held-out".to_owned()),
            regime: Regime::Plain,
        })
    }
}
