//! Finds states of the lab worth showing with a checkpoint: `cargo run -p flipside-vlm --example find_presets --
//! FOLDER [SCENES]`. Prints one JSON object a line, {story, clean_margin, margin, drift_percent, state}; whoever keeps
//! `frontend/presets.json` chooses among them.
//!
//! Only states count in which the model is right about the clean scene and the edit leaves the true answer alone.

use flipside_shared::lab::{LabQuestion, LabState};
use flipside_shared::metrics::drift::cosine_distance;
use flipside_shared::metrics::predictions::{arg_max, margin_of};
use flipside_shared::perturb::perturb;
use flipside_shared::raster::Raster;
use flipside_shared::recipe::{DEFAULT_CANVAS_PX, Operation, ParamValue, Recipe, Source};
use flipside_shared::rng::Rng;
use flipside_shared::scene::{QuestionKind, QuestionSpec, Scene, View, answer, ask, gallery, render};
use flipside_vlm::{OptionScores, Placement, PromptRegime, Result, ScoreRequest, VisionTokens, Vlm};

/// Other pictures that the drift is measured against.
const CONTROLS: u64 = 25;

type Numbers<'a> = &'a [(&'a str, f64)];

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("give the folder of a checkpoint")?;
    let scenes: u64 = arguments.next().map_or(Ok(20), |count| count.parse())?;
    let model = flipside_vlm::load(folder.as_ref(), &Placement::cpu())?;
    let controls: Vec<Raster> =
        (0..CONTROLS).map(|seed| picture(&Scene::from_seed(900_000 + seed))).collect();
    let controls = model.encode(&controls.iter().collect::<Vec<_>>())?;
    for seed in gallery().iter().map(|entry| entry.seed).chain(1..scenes) {
        let scene = Scene::from_seed(seed);
        let tokens = model.encode(&[&picture(&scene)])?.remove(0);
        for kind in QuestionKind::ALL {
            let mut rng = Rng::new(seed, 7);
            let asked = (0..20).find_map(|_| ask(&View::new(&scene), kind, &mut rng));
            let Some((question, truth)) = asked else { continue };
            let clean = score(&*model, &tokens, &question.spec)?;
            if arg_max(&clean.log_likelihoods) != truth {
                continue;
            }
            let case = Case { model: &*model, controls: &controls, seed, spec: question.spec, truth, clean };
            for (story, operation) in candidates(&scene)? {
                if let Some(line) = case.try_out(story, operation)? {
                    println!("{line}");
                }
            }
        }
    }
    Ok(())
}

/// What is tried on each scene and question.
fn candidates(
    scene: &Scene,
) -> std::result::Result<Vec<(&'static str, Operation)>, Box<dyn std::error::Error>> {
    let with = |id: &str, numbers: Numbers<'_>| {
        let operation = Operation::with_defaults(id).ok_or("no such operation")?;
        numbers.iter().try_fold(operation, |operation, (key, number)| {
            Ok::<_, Box<dyn std::error::Error>>(operation.with_param(key, &ParamValue::Number(*number))?)
        })
    };
    let mut all = Vec::new();
    for angle in [8.0, 15.0, 22.0, 30.0, 40.0] {
        all.push(("rotation", with("rotate", &[("angle_deg", angle)])?));
    }
    for shift in [16.0, 48.0] {
        all.push(("translation", with("translate", &[("dx_px", shift)])?));
    }
    for y_percent in [15.0, 50.0, 85.0] {
        all.push(("overlay", with("text_overlay", &[("y_percent", y_percent)])?));
    }
    for (x, y) in [(1.6, -1.6), (-1.8, -1.2), (0.2, -2.0), (2.2, 1.0)] {
        for colour in ["cyan", "gray", "orange"] {
            let added = with("add_object", &[("x", x), ("y", y)])?;
            all.push(("distractor", added.with_param("colour", &ParamValue::Text(colour.to_owned()))?));
        }
    }
    for object in 0..scene.objects.len() {
        for roll in [35.0, 90.0] {
            all.push((
                "tipped",
                with("object_pose", &[("object", object as f64), ("yaw_deg", 0.0), ("roll_deg", roll)])?,
            ));
        }
    }
    Ok(all)
}

struct Case<'a> {
    model: &'a dyn Vlm,
    controls: &'a [VisionTokens],
    seed: u64,
    spec: QuestionSpec,
    truth: usize,
    clean: OptionScores,
}

impl Case<'_> {
    /// A line when the operation flips the answer, or moves the representation far without flipping it.
    fn try_out(
        &self,
        story: &str,
        operation: Operation,
    ) -> std::result::Result<Option<serde_json::Value>, Box<dyn std::error::Error>> {
        let mut recipe = Recipe::new(Source::Scene { seed: self.seed });
        recipe.operations.push(operation.into());
        let Ok(done) = perturb(&recipe, None, DEFAULT_CANVAS_PX) else { return Ok(None) };
        let edited = done.scene.map(|pair| pair.edited);
        if edited.is_none_or(|scene| answer(&View::new(&scene), &self.spec) != Some(self.truth)) {
            return Ok(None);
        }
        let scores = score(self.model, &self.model.encode(&[&done.perturbed])?[0], &self.spec)?;
        let flipped = arg_max(&scores.log_likelihoods) != self.truth;
        let drift = cosine_distance(&self.clean.context_state, &scores.context_state);
        let quiet = story == "overlay" || story == "translation";
        if flipped == quiet {
            return Ok(None);
        }
        let mut control = 0.0;
        for other in self.controls {
            let state = score(self.model, other, &self.spec)?.context_state;
            control += cosine_distance(&self.clean.context_state, &state) / CONTROLS as f64;
        }
        let drift_percent = 100.0 * drift / control;
        if quiet && drift_percent < 20.0 {
            return Ok(None);
        }
        Ok(Some(serde_json::json!({
            "story": story,
            "clean_margin": margin_of(&self.clean.log_likelihoods, self.truth),
            "margin": margin_of(&scores.log_likelihoods, self.truth),
            "drift_percent": drift_percent,
            "state": LabState { recipe, question: LabQuestion::of(self.spec), model: None },
        })))
    }
}

fn picture(scene: &Scene) -> Raster {
    render(scene, DEFAULT_CANVAS_PX)
}

fn score(model: &dyn Vlm, vision: &VisionTokens, spec: &QuestionSpec) -> Result<OptionScores> {
    let (question, options) = (spec.text(), spec.options());
    let regime = PromptRegime::Plain;
    let request = ScoreRequest { vision, question: &question, options: &options, regime };
    Ok(model.score(&[request])?.remove(0))
}
