//! `flipside evaluate` without a run folder: how often a model is right on fresh scenes, per type of question, beside
//! the majority answer.

use super::EvaluateArgs;
use crate::{cli::progress, models};
use anyhow::{Context, Result};
use flipside_shared::{
    raster::Raster,
    rng::Rng,
    scene::{Question, QuestionKind, Scene, Split, View, ask, render},
};
use flipside_vlm::{PromptRegime, ScoreRequest, Vlm};
use serde::Serialize;
use std::collections::BTreeMap;

/// Around the numbers in a model card.
const CARD_MARKS: (&str, &str) = ("<!-- numbers -->", "<!-- end of numbers -->");
/// Scenes that go through the model together.
const SCENES_PER_BATCH: u32 = 16;
/// Keeps the draws of questions apart from those of scenes.
const QUESTION_STREAM: u64 = 0x0E7A_1A7E;

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Report {
    model: String,
    weights_sha256: String,
    scenes: u32,
    seed: u64,
    size_px: u32,
    overall: Tally,
    kinds: BTreeMap<&'static str, Tally>,
}

/// Accuracy over some questions.
#[derive(Clone, Debug, Default, Serialize)]
struct Tally {
    questions: u32,
    right: u32,
    accuracy: f64,
    majority_accuracy: f64,
    #[serde(skip)]
    right_answers: BTreeMap<String, u32>,
}

/// Evaluates and prints.
///
/// # Errors
/// When the model cannot be loaded or fails.
pub fn run(args: &EvaluateArgs) -> Result<()> {
    let placement = args.compute.open()?;
    let model = models::load(args.model.as_deref(), &placement).context("the model cannot be loaded")?;
    let mut kinds: BTreeMap<&'static str, Tally> = BTreeMap::new();
    let bar = progress::bar(u64::from(args.world), "scenes");
    for first in (0..args.world).step_by(SCENES_PER_BATCH as usize) {
        let last = args.world.min(first + SCENES_PER_BATCH);
        let scenes: Vec<Examined> = (first..last).map(|index| examine(args, index)).collect();
        mark(&*model, &scenes, &mut kinds)?;
        bar.inc(u64::from(last - first));
    }
    bar.finish_and_clear();
    let report = summarise(&*model, args, kinds);
    if let Some(card) = &args.card {
        let text =
            std::fs::read_to_string(card).with_context(|| format!("cannot read {}", card.display()))?;
        let text =
            with_numbers(&text, &report).with_context(|| format!("{} has no marks", card.display()))?;
        std::fs::write(card, text).with_context(|| format!("cannot write {}", card.display()))?;
    }
    if args.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print_for_people(&report);
    }
    Ok(())
}

/// The card with the report's table between its marks; none when a mark is absent.
fn with_numbers(card: &str, report: &Report) -> Option<String> {
    let (before, rest) = card.split_once(CARD_MARKS.0)?;
    let (_, after) = rest.split_once(CARD_MARKS.1)?;
    let command = format!(
        "flipside evaluate --world {} --seed {} --size {}",
        report.scenes, report.seed, report.size_px
    );
    let mut table = format!(
        "\n`{command}`, weights `{}`:\n\n| question | asked | accuracy | majority answer |\n|---|---:|---:|---:|\n",
        &report.weights_sha256[..report.weights_sha256.len().min(12)]
    );
    let rows = report.kinds.iter().map(|(name, tally)| (*name, tally));
    for (name, tally) in rows.chain([("**overall**", &report.overall)]) {
        let (accuracy, majority) = (tally.accuracy, tally.majority_accuracy);
        table += &format!("| {name} | {} | {accuracy:.3} | {majority:.3} |\n", tally.questions);
    }
    Some(format!("{before}{}\n{table}\n{}{after}", CARD_MARKS.0, CARD_MARKS.1))
}

/// A scene with its questions and the right answers.
struct Examined {
    picture: Raster,
    questions: Vec<(Question, usize)>,
}

fn examine(args: &EvaluateArgs, index: u32) -> Examined {
    let seed = Split::HeldOut.scene_seed(args.seed, index);
    let scene = Scene::from_seed(seed);
    let view = View::new(&scene);
    let mut rng = Rng::new(seed, QUESTION_STREAM);
    let questions = QuestionKind::ALL.into_iter().filter_map(|kind| ask(&view, kind, &mut rng)).collect();
    Examined { picture: render(&scene, args.size), questions }
}

fn mark(model: &dyn Vlm, scenes: &[Examined], kinds: &mut BTreeMap<&'static str, Tally>) -> Result<()> {
    let pictures: Vec<&Raster> = scenes.iter().map(|scene| &scene.picture).collect();
    let vision = model.encode(&pictures)?;
    let asked: Vec<(&Question, usize)> = scenes
        .iter()
        .flat_map(|scene| &scene.questions)
        .map(|(question, right)| (question, *right))
        .collect();
    let per_scene = scenes.iter().zip(&vision);
    let requests: Vec<ScoreRequest<'_>> = per_scene
        .flat_map(|(scene, vision)| scene.questions.iter().map(move |(question, _)| (vision, question)))
        .map(|(vision, question)| ScoreRequest {
            vision,
            question: &question.text,
            options: &question.options,
            regime: PromptRegime::Plain,
        })
        .collect();
    for ((question, right), scores) in asked.into_iter().zip(model.score(&requests)?) {
        let tally = kinds.entry(question.kind.name()).or_default();
        tally.questions += 1;
        tally.right += u32::from(scores.best() == right);
        *tally.right_answers.entry(question.options[right].clone()).or_default() += 1;
    }
    Ok(())
}

fn summarise(model: &dyn Vlm, args: &EvaluateArgs, mut kinds: BTreeMap<&'static str, Tally>) -> Report {
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
    let mut overall = Tally::default();
    let mut majority_right = 0;
    for tally in kinds.values_mut() {
        let majority = tally.right_answers.values().copied().max().unwrap_or(0);
        tally.accuracy = share(tally.right, tally.questions);
        tally.majority_accuracy = share(majority, tally.questions);
        overall.questions += tally.questions;
        overall.right += tally.right;
        majority_right += majority;
    }
    overall.accuracy = share(overall.right, overall.questions);
    overall.majority_accuracy = share(majority_right, overall.questions);
    Report {
        model: model.info().name.clone(),
        weights_sha256: model.info().weights_sha256.clone(),
        scenes: args.world,
        seed: args.seed,
        size_px: args.size,
        overall,
        kinds,
    }
}

fn print_for_people(report: &Report) {
    println!(
        "{} on {} fresh scenes (seed {}, {} px)",
        report.model, report.scenes, report.seed, report.size_px
    );
    println!("{:<12} {:>9} {:>9} {:>9}", "question", "asked", "accuracy", "majority");
    let rows = report.kinds.iter().map(|(name, tally)| (*name, tally));
    for (name, tally) in rows.chain([("overall", &report.overall)]) {
        let (accuracy, majority) = (tally.accuracy, tally.majority_accuracy);
        println!("{name:<12} {:>9} {accuracy:>9.3} {majority:>9.3}", tally.questions);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_numbers_of_a_card_change() {
        let tally =
            Tally { questions: 4, right: 3, accuracy: 0.75, majority_accuracy: 0.5, ..Tally::default() };
        let report = Report {
            model: "m".to_owned(),
            weights_sha256: "ab".repeat(32),
            scenes: 2,
            seed: 1,
            size_px: 448,
            overall: tally.clone(),
            kinds: BTreeMap::from([("count", tally)]),
        };
        let (open, close) = CARD_MARKS;
        let once = with_numbers(&format!("# Card\n{open}old{close}\nend\n"), &report).unwrap();
        assert!(once.starts_with("# Card\n") && once.ends_with("\nend\n") && !once.contains("old"), "{once}");
        assert!(once.contains("| count | 4 | 0.750 | 0.500 |"), "{once}");
        assert_eq!(with_numbers(&once, &report).unwrap(), once);
        assert!(with_numbers("no marks", &report).is_none());
    }
}
