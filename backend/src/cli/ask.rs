//! `flipside ask`: one question about one picture, without a server.

use super::{regime::Regime, source};
use crate::{
    config::{ComputeConfig, LimitsConfig},
    engine::{Pass, Question, regime},
    models,
};
use anyhow::{Context, Result, bail};
use clap::Args;
use flipside_shared::{api::QuestionBody, raster::Raster, recipe::DEFAULT_CANVAS_PX};
use flipside_vlm::ScoreRequest;
use serde::Serialize;
use std::{path::PathBuf, time::Instant};

/// Score one question on one picture
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct AskArgs {
    /// Picture file: PNG, JPEG or WebP; beside a recipe, the picture that it starts from
    #[arg(long, value_name = "FILE", required_unless_present = "recipe")]
    image: Option<PathBuf>,
    /// Recipe: a JSON file, or a link copied from the page, which brings its question along
    #[arg(long, value_name = "FILE|LINK")]
    recipe: Option<String>,
    /// The question
    #[arg(long, value_name = "TEXT", required_unless_present = "recipe")]
    question: Option<String>,
    /// An option; give two or more
    #[arg(long = "option", value_name = "TEXT")]
    options: Vec<String>,
    /// How the question is put to the model
    #[arg(long, value_enum, default_value = "plain")]
    regime: Regime,
    /// Side at which a scene recipe is rendered, in pixels
    #[arg(long, default_value_t = DEFAULT_CANVAS_PX, value_name = "PX")]
    size: u32,
    /// Folder of a checkpoint as published; the embedded model when absent
    #[arg(long, value_name = "DIR")]
    model: Option<PathBuf>,
    #[command(flatten)]
    compute: ComputeConfig,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  flipside ask --image scene.png --question \"Is there a red cube?\" --option yes --option no
  flipside ask --recipe 'http://127.0.0.1:7878/#...' --json
  flipside ask --image photo.jpg --model ./Qwen2.5-VL-7B-Instruct --regime mcq \\
               --question \"What is shown?\" --option cat --option dog

The score of an option is the sum of the log-probabilities of its tokens after the question, the end of turn included
(arXiv 2602.06652). With --json: options [{text, log_likelihood, probability}], margin, entropy, dirichlet_energy,
timings in milliseconds.";

/// What `--json` prints.
#[derive(Debug, Serialize)]
struct Answer {
    options: Vec<AnswerOption>,
    answer: String,
    margin: f64,
    entropy: f64,
    dirichlet_energy: f64,
    model: String,
    timings: Timings,
}

#[derive(Debug, Serialize)]
struct AnswerOption {
    text: String,
    log_likelihood: f64,
    log_likelihood_per_token: f64,
    probability: f64,
}

#[derive(Debug, Serialize)]
struct Timings {
    load_ms: f64,
    encode_ms: f64,
    score_ms: f64,
}

/// Asks and prints.
///
/// # Errors
/// When picture, recipe, question or model is unusable.
pub fn run(args: &AskArgs) -> Result<()> {
    let (raster, question) = read(args)?;
    let started = Instant::now();
    let placement = args.compute.open()?;
    let model = models::load(args.model.as_deref(), &placement).context("the model cannot be loaded")?;
    let load_ms = lap_ms(started);
    let started = Instant::now();
    let vision = model.encode(&[&raster])?;
    let Some(vision) = vision.first() else { bail!("the model encoded nothing") };
    let encode_ms = lap_ms(started);
    let started = Instant::now();
    let request = ScoreRequest {
        vision,
        question: &question.text,
        options: &question.options,
        regime: regime(question.regime),
    };
    let Some(scores) = model.score(&[request])?.pop() else { bail!("the model scored nothing") };
    let score_ms = lap_ms(started);
    let prediction = Pass::new(scores, vision).prediction(&question);
    let answer = Answer {
        answer: question.options[prediction.answer].clone(),
        options: prediction
            .options
            .into_iter()
            .map(|option| AnswerOption {
                text: option.text,
                log_likelihood: option.log_likelihood,
                log_likelihood_per_token: option.log_likelihood_per_token,
                probability: option.probability,
            })
            .collect(),
        margin: prediction.margin,
        entropy: prediction.entropy,
        dirichlet_energy: prediction.smoothness.dirichlet_energy,
        model: model.info().name.clone(),
        timings: Timings { load_ms, encode_ms, score_ms },
    };
    if args.json {
        println!("{}", serde_json::to_string(&answer)?);
    } else {
        print_for_people(&answer, &model.info().limits);
    }
    Ok(())
}

fn read(args: &AskArgs) -> Result<(Raster, Question)> {
    let picture = args.image.as_deref().map(source::picture).transpose()?;
    let mut body = QuestionBody {
        text: args.question.clone().unwrap_or_default(),
        options: args.options.clone(),
        regime: args.regime.into(),
    };
    let raster = match (&args.recipe, picture) {
        (Some(text), picture) => {
            let lab = source::lab(text)?;
            if let (None, Some(question)) = (&args.question, &lab.question) {
                body = question.body();
            }
            source::perturbed(&lab.recipe, picture.as_ref(), args.size)?
        }
        (None, Some(picture)) => picture,
        (None, None) => bail!("give a picture with --image or a recipe with --recipe"),
    };
    Ok((raster, Question::check(&body, &LimitsConfig::default())?))
}

fn print_for_people(answer: &Answer, limits: &str) {
    let widest = answer.options.iter().map(|option| option.text.chars().count()).max().unwrap_or(0);
    for option in &answer.options {
        let mark = if option.text == answer.answer { "*" } else { " " };
        let (text, percent) = (&option.text, option.probability * 100.0);
        println!("{mark} {text:<widest$}  {percent:6.2} %  s = {:9.3}", option.log_likelihood);
    }
    println!("margin {:.3} nats, entropy {:.3} nats", answer.margin, answer.entropy);
    println!("Dirichlet energy of the vision tokens {:.4}", answer.dirichlet_energy);
    let Timings { load_ms, encode_ms, score_ms } = answer.timings;
    println!(
        "{}: loaded in {load_ms:.0} ms, saw in {encode_ms:.0} ms, answered in {score_ms:.0} ms",
        answer.model
    );
    if !limits.is_empty() {
        println!("{limits}");
    }
}

fn lap_ms(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e3
}
