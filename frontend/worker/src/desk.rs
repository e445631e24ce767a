//! Carries out requests, one at a time, and keeps what the next one is likely to need: decoded pictures, the clean
//! scene and its render, the edited scene's render, and the last result.

use crate::measuring::{Measuring, Pair};
use flipside_shared::chart::{
    HeatMap, ProbabilityBars, ResponseCurve, heat_map, probability_bars, response_curve,
};
use flipside_shared::image_file::{DecodeLimits, decode, encode_png};
use flipside_shared::metrics::difference::{Difference, difference, difference_map};
use flipside_shared::perturb::{PerturbError, check_canvas, check_source, edited_scene, perturb_pixels};
use flipside_shared::raster::{ImageId, Raster};
use flipside_shared::recipe::{Recipe, Source};
use flipside_shared::rng::{Rng, stream};
use flipside_shared::scene::{Attributes, QuestionKind, QuestionSpec, Scene, View, answer, render, suggest};
use flipside_shared::worker_protocol::{
    Applied, AppliedScene, Apply, AskedQuestion, Chart, Command, Decoded, Measure, Outcome, Picture, Request,
    Size, Truth,
};
use std::collections::VecDeque;
use std::rc::Rc;

/// Decoded pictures kept: a visitor goes back and forth between a few.
const KEPT_PICTURES: usize = 4;

/// The outcome of a request with its buffers.
pub struct Done {
    /// What came of it.
    pub outcome: Outcome,
    /// The buffers that the outcome's description names.
    pub buffers: Vec<Vec<u8>>,
}

/// The worker's memory.
#[derive(Default)]
pub struct Desk {
    pictures: VecDeque<(ImageId, Rc<Raster>)>,
    scene: Option<(u64, Rc<Scene>)>,
    clean_render: Option<Render>,
    edited_render: Option<Render>,
    last: Option<Last>,
    measuring: Measuring,
}

struct Render {
    scene: Rc<Scene>,
    size_px: u32,
    picture: Rc<Raster>,
}

struct Last {
    id: u32,
    clean: Rc<Raster>,
    perturbed: Raster,
    difference: Difference,
    /// The clean scene, and a question about it.
    about: Option<(Rc<Scene>, QuestionSpec)>,
}

/// A code for programs and a sentence for people.
type Failure = (String, String);

impl Desk {
    /// Carries out one request. `now_ms` is any clock in milliseconds.
    pub fn carry_out(&mut self, request: Request, buffers: Vec<Vec<u8>>, now_ms: impl Fn() -> f64) -> Done {
        let id = request.id;
        let done = match request.command {
            Command::Decode => self.decode(&buffers),
            Command::Apply(apply) => self.apply(id, &apply, now_ms),
            Command::EncodePng { applied, picture } => Ok(self.encode(applied, picture)),
            Command::DifferenceMap { applied, gain } => Ok(self.difference_map(applied, gain)),
            Command::Render { seed, size_px } => rendered(seed, size_px),
            Command::Ask { seed, question_seed } => Ok(self.ask(seed, question_seed)),
            Command::Measure(measure) => Ok(self.measure(&measure)),
            Command::Draw(chart) => Ok(plain(Outcome::Drawn { svg: draw(&chart) })),
        };
        done.unwrap_or_else(|(code, message)| plain(Outcome::Failed { code, message }))
    }

    fn decode(&mut self, buffers: &[Vec<u8>]) -> Result<Done, Failure> {
        let bytes = buffers.first().map_or(&[][..], Vec::as_slice);
        let file = decode(bytes, DecodeLimits::default())
            .map_err(|error| (error.code().to_owned(), error.to_string()))?;
        let id = file.raster.id();
        let (width_px, height_px) = file.original_size_px;
        let decoded =
            Decoded { id: id.clone(), size: size(&file.raster), original_size: Size { width_px, height_px } };
        self.pictures.retain(|(kept, _)| *kept != id);
        self.pictures.truncate(KEPT_PICTURES - 1);
        self.pictures.push_front((id, Rc::new(file.raster)));
        Ok(plain(Outcome::Decoded(decoded)))
    }

    fn apply(&mut self, id: u32, apply: &Apply, now_ms: impl Fn() -> f64) -> Result<Done, Failure> {
        let begun_ms = now_ms();
        let failed = |error: PerturbError| (error.code().to_owned(), error.to_string());
        let (clean, base, scene) = match &apply.recipe.source {
            Source::Scene { seed } => {
                check_canvas(apply.canvas_px).map_err(failed)?;
                self.scene_pictures(*seed, apply).map_err(failed)?
            }
            Source::Image { id, .. } => {
                let picture = self.picture(id, &apply.recipe).map_err(failed)?;
                (picture.clone(), picture, None)
            }
        };
        let perturbed = perturb_pixels(&apply.recipe, &base).map_err(failed)?;
        // The page still has the clean picture that it was last sent.
        let clean_changed = self.last.as_ref().is_none_or(|last| !Rc::ptr_eq(&last.clean, &clean));
        let mut buffers = vec![perturbed.rgba.clone()];
        if clean_changed {
            buffers.push(clean.rgba.clone());
        }
        let difference = difference(&clean, &perturbed);
        let about = match (&apply.recipe.source, apply.question) {
            (Source::Scene { seed }, Some(spec)) => Some((self.scene(*seed), spec)),
            _ => None,
        };
        let applied = Applied {
            clean: size(&clean),
            clean_changed,
            perturbed: size(&perturbed),
            difference,
            scene,
            elapsed_ms: now_ms() - begun_ms,
        };
        self.last = Some(Last { id, clean, perturbed, difference, about });
        Ok(Done { outcome: Outcome::Applied(Box::new(applied)), buffers })
    }

    /// The clean picture, the picture that pixel operations start from, and the scenes.
    #[allow(clippy::type_complexity)]
    fn scene_pictures(
        &mut self,
        seed: u64,
        apply: &Apply,
    ) -> Result<(Rc<Raster>, Rc<Raster>, Option<AppliedScene>), PerturbError> {
        let clean = self.scene(seed);
        let edited = Rc::new(edited_scene(&apply.recipe, &clean)?);
        let clean_picture = drawn(&mut self.clean_render, &clean, apply.canvas_px);
        let base = if edited == clean {
            clean_picture.clone()
        } else {
            drawn(&mut self.edited_render, &edited, apply.canvas_px)
        };
        let truth = apply.question.as_ref().map(|spec| {
            let truth = answer(&View::new(&clean), spec);
            let edited = if edited == clean { truth } else { answer(&View::new(&edited), spec) };
            Truth { clean: truth, edited }
        });
        let scene = AppliedScene { objects: clean.objects.iter().map(Attributes::of).collect(), truth };
        Ok((clean_picture, base, Some(scene)))
    }

    fn scene(&mut self, seed: u64) -> Rc<Scene> {
        match &self.scene {
            Some((kept, scene)) if *kept == seed => scene.clone(),
            _ => {
                let scene = Rc::new(Scene::from_seed(seed));
                self.scene = Some((seed, scene.clone()));
                scene
            }
        }
    }

    fn picture(&self, id: &ImageId, recipe: &Recipe) -> Result<Rc<Raster>, PerturbError> {
        let kept = self.pictures.iter().find(|(kept, _)| kept == id);
        let picture = kept.map(|(_, picture)| picture.clone()).ok_or(PerturbError::SourceMissing)?;
        check_source(recipe, &picture)?;
        Ok(picture)
    }

    fn encode(&self, applied: u32, picture: Picture) -> Done {
        let Some(last) = self.last.as_ref().filter(|last| last.id == applied) else {
            return plain(Outcome::Superseded);
        };
        let raster = match picture {
            Picture::Clean => &last.clean,
            Picture::Perturbed => &last.perturbed,
        };
        Done { outcome: Outcome::Png, buffers: vec![encode_png(raster)] }
    }

    fn difference_map(&self, applied: u32, gain: u32) -> Done {
        let Some(last) = self.last.as_ref().filter(|last| last.id == applied) else {
            return plain(Outcome::Superseded);
        };
        let map = difference_map(&last.clean, &last.perturbed, gain);
        Done { outcome: Outcome::DifferenceMap(size(&map)), buffers: vec![map.rgba] }
    }

    fn measure(&mut self, measure: &Measure) -> Done {
        let Some(last) = self.last.as_ref().filter(|last| last.id == measure.applied) else {
            return plain(Outcome::Superseded);
        };
        let Last { clean, perturbed, difference, about, .. } = last;
        let pair = Pair { clean, perturbed, difference, about: about.as_ref() };
        plain(Outcome::Measured { shown: self.measuring.measure(measure, &pair) })
    }

    fn ask(&mut self, seed: u64, question_seed: u64) -> Done {
        let scene = self.scene(seed);
        let view = View::new(&scene);
        let mut rng = Rng::new(question_seed, stream::QUESTION);
        let questions = QuestionKind::ALL
            .iter()
            .filter_map(|kind| suggest(&view, *kind, &mut rng))
            .map(|(question, answer)| AskedQuestion {
                kind: question.kind,
                spec: question.spec,
                text: question.text,
                options: question.options,
                answer,
            })
            .collect();
        plain(Outcome::Questions { questions })
    }
}

fn plain(outcome: Outcome) -> Done {
    Done { outcome, buffers: Vec::new() }
}

fn size(raster: &Raster) -> Size {
    Size { width_px: raster.width_px, height_px: raster.height_px }
}

fn draw(chart: &Chart) -> String {
    match chart {
        Chart::Curve { parameter, from, to, points, flips, current } => response_curve(&ResponseCurve {
            parameter,
            range: (*from, *to),
            points,
            flips,
            current: *current,
        }),
        Chart::Bars { question, options, clean, perturbed } => {
            probability_bars(&ProbabilityBars { question, options, clean, perturbed })
        }
        Chart::Heat { title, rows, columns, values } => {
            heat_map(&HeatMap { title, rows: *rows, columns: *columns, values, top: None })
        }
    }
}

/// The render kept in `kept`, made anew when it is of another scene or size.
fn drawn(kept: &mut Option<Render>, scene: &Rc<Scene>, size_px: u32) -> Rc<Raster> {
    match kept {
        Some(render) if render.size_px == size_px && render.scene == *scene => render.picture.clone(),
        _ => {
            let picture = Rc::new(render(scene, size_px));
            *kept = Some(Render { scene: scene.clone(), size_px, picture: picture.clone() });
            picture
        }
    }
}

fn rendered(seed: u64, size_px: u32) -> Result<Done, Failure> {
    check_canvas(size_px).map_err(|error| (error.code().to_owned(), error.to_string()))?;
    let picture = render(&Scene::from_seed(seed), size_px);
    Ok(Done { outcome: Outcome::Rendered(size(&picture)), buffers: vec![picture.rgba] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flipside_shared::recipe::Operation;
    use flipside_shared::worker_protocol::Shown;

    fn request(desk: &mut Desk, id: u32, command: Command) -> Done {
        desk.carry_out(Request { id, command }, Vec::new(), || 0.0)
    }

    fn apply(desk: &mut Desk, id: u32, source: Source, operations: &[&str]) -> Done {
        let mut recipe = Recipe::new(source);
        recipe.operations =
            operations.iter().map(|op| Operation::with_defaults(op).unwrap().into()).collect();
        let question = match request(desk, 0, Command::Ask { seed: 5, question_seed: 1 }).outcome {
            Outcome::Questions { questions } => Some(questions[0].spec),
            _ => None,
        };
        request(desk, id, Command::Apply(Apply { recipe, canvas_px: 48, question }))
    }

    fn applied(done: &Done) -> &Applied {
        match &done.outcome {
            Outcome::Applied(applied) => applied,
            other => panic!("{other:?}"),
        }
    }

    const SCENE: Source = Source::Scene { seed: 5 };

    #[test]
    fn the_clean_picture_is_sent_once() {
        let mut desk = Desk::default();
        let first = apply(&mut desk, 1, SCENE, &["translate"]);
        assert!(applied(&first).clean_changed && first.buffers.len() == 2);
        assert!(applied(&first).scene.as_ref().unwrap().truth.unwrap().clean.is_some());
        let second = apply(&mut desk, 2, SCENE, &["rotate", "camera"]);
        assert!(!applied(&second).clean_changed && second.buffers.len() == 1);
        assert!(applied(&second).difference.resized);
        let pixels = applied(&second).perturbed.width_px * applied(&second).perturbed.height_px;
        assert_eq!(second.buffers[0].len(), pixels as usize * 4);
        let third = apply(&mut desk, 3, Source::Scene { seed: 6 }, &[]);
        assert!(applied(&third).clean_changed);
        assert_eq!(applied(&third).difference.max, 0);
    }

    #[test]
    fn a_file_is_decoded_once_and_then_named() {
        let mut desk = Desk::default();
        let picture = Raster::filled(20, 10, [10, 200, 30, 255]);
        let file = vec![encode_png(&picture)];
        let done = desk.carry_out(Request { id: 1, command: Command::Decode }, file, || 0.0);
        let Outcome::Decoded(decoded) = done.outcome else { panic!("{:?}", done.outcome) };
        assert_eq!(decoded.id, picture.id());
        let Size { width_px, height_px } = decoded.size;
        let source = Source::Image { id: decoded.id, width_px, height_px };
        let done = apply(&mut desk, 2, source, &["pad_crop"]);
        assert_eq!(applied(&done).perturbed, Size { width_px: 52, height_px: 42 });
        let png = request(&mut desk, 3, Command::EncodePng { applied: 2, picture: Picture::Clean });
        assert_eq!(decode(&png.buffers[0], DecodeLimits::default()).unwrap().raster, picture);
        let stale = request(&mut desk, 4, Command::DifferenceMap { applied: 1, gain: 4 });
        assert_eq!(stale.outcome, Outcome::Superseded);
    }

    #[test]
    fn charts_are_drawn() {
        let chart = Chart::Heat { title: "<energy>".to_owned(), rows: 1, columns: 2, values: vec![0.0, 1.0] };
        let Outcome::Drawn { svg } = request(&mut Desk::default(), 1, Command::Draw(chart)).outcome else {
            panic!("no chart");
        };
        assert!(svg.starts_with("<svg") && svg.contains("&lt;energy&gt;"));
    }

    #[test]
    fn the_picture_at_hand_is_measured_and_joined_with_what_the_server_sent() {
        let mut desk = Desk::default();
        let shown =
            |desk: &mut Desk, measure: &Measure| match request(desk, 9, Command::Measure(measure.clone()))
                .outcome
            {
                Outcome::Measured { shown } => shown,
                other => panic!("{other:?}"),
            };
        let of = |shown: &[Shown], id: &str| -> Vec<Shown> {
            shown.iter().filter(|line| line.id == id).cloned().collect()
        };
        apply(&mut desk, 1, SCENE, &[]);
        let mut measure = Measure { applied: 1, events: Vec::new(), answer: 0, curve: Vec::new() };
        let clean = shown(&mut desk, &measure);
        assert_eq!(of(&clean, "l_infinity")[0].is, "0");
        assert_eq!(of(&clean, "edit_kind")[0].is, "nothing was changed");
        // Nine numbers and a chart.
        assert_eq!(of(&clean, "band_energy").len(), 10);
        assert_eq!(of(&clean, "band_energy")[0].was.as_ref(), Some(&of(&clean, "band_energy")[0].is));

        apply(&mut desk, 2, SCENE, &["rotate"]);
        let stale = request(&mut desk, 3, Command::Measure(measure.clone()));
        assert_eq!(stale.outcome, Outcome::Superseded);
        let values = r#"{"event":"values","values":[{"id":"margin","part":"","clean":2.5,"value":-0.125}]}"#;
        let maps = r#"{"event":"maps","rows":1,"columns":2,"energy":[0,1],"drift":[]}"#;
        measure = Measure {
            applied: 2,
            events: vec![values.to_owned(), maps.to_owned(), "{".to_owned()],
            ..measure
        };
        let turned = shown(&mut desk, &measure);
        assert_ne!(of(&turned, "l_infinity"), of(&clean, "l_infinity"));
        let [margin] = &of(&turned, "margin")[..] else { panic!("one margin") };
        assert_eq!((margin.was.as_deref(), &*margin.is), (Some("2.500"), "-0.1250"));
        assert!(of(&turned, "token_energy")[0].chart.as_ref().is_some_and(|svg| svg.starts_with("<svg")));
        assert!(of(&turned, "token_drift").is_empty());
    }

    #[test]
    fn what_cannot_be_done_is_said_and_forgotten() {
        let mut desk = Desk::default();
        let unknown = Source::Image { id: ImageId("0".repeat(64)), width_px: 1, height_px: 1 };
        let done = apply(&mut desk, 1, unknown, &[]);
        assert!(matches!(&done.outcome, Outcome::Failed { code, .. } if code == "source_missing"));
        let done =
            desk.carry_out(Request { id: 2, command: Command::Decode }, vec![b"GIF89a".to_vec()], || 0.0);
        assert!(matches!(&done.outcome, Outcome::Failed { code, .. } if code == "image_unsupported"));
        let done = request(&mut desk, 3, Command::Render { seed: 1, size_px: 100_000 });
        assert!(matches!(&done.outcome, Outcome::Failed { code, .. } if code == "canvas_size"));
        assert!(matches!(apply(&mut desk, 4, SCENE, &[]).outcome, Outcome::Applied(_)));
    }
}
