//! The whole of training on tiny plans: it learns, it repeats itself, and it trains what inference runs.

use super::adamw::AdamW;
use super::dense::Heads;
use super::files::Files;
use super::language::{Sight, Speaker};
use super::lessons::Bank;
use super::parameters::Parameters;
use super::sheet::{Page, Scribe, Sheets};
use super::world::{Sample, patches};
use super::{ModelSize, Plan, Split, TrainConfig, TrainEvent, export, run, shards};
use crate::preprocess::PreprocessorConfig;
use crate::qwen2_5_vl::Config;
use crate::{Placement, PromptRegime, ScoreRequest};
use candle_core::{D, DType, Device, Tensor};
use candle_nn::{VarBuilder, VarMap};
use std::ops::ControlFlow;
use std::path::PathBuf;

/// A folder of its own for a test, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("flipside-train-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn tiny(folder: &Folder, threads: usize) -> TrainConfig {
    TrainConfig {
        folder: folder.0.clone(),
        size: ModelSize::Small,
        seed: 7,
        plan: Plan {
            dense_steps: 1,
            language_steps: 2,
            joint_steps: 1,
            pictures_per_step: Plan::SHARDS,
            validation_scenes: 1,
        },
        device: Device::Cpu,
        threads,
        checkpoint_every: 1,
        resume: false,
    }
}

#[test]
fn a_resumed_run_ends_where_an_uninterrupted_one_does() {
    let (whole, parts) = (Folder::new("whole"), Folder::new("parts"));
    let mut finished = 0;
    let done = run(&tiny(&whole, 2), &mut |event| {
        finished += u32::from(matches!(event, TrainEvent::Finished { .. }));
        ControlFlow::Continue(())
    });
    assert!(done.unwrap() && finished == 1);

    // Stop in the middle of the second stage, go on with another number of threads.
    let mut steps = 0;
    let stopped = run(&tiny(&parts, 1), &mut |event| {
        steps += u32::from(matches!(event, TrainEvent::Step { .. }));
        if steps == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(!stopped.unwrap());
    let resumed = TrainConfig { resume: true, ..tiny(&parts, 2) };
    assert!(run(&resumed, &mut |_| ControlFlow::Continue(())).unwrap());

    for file in ["model.safetensors", "config.json", "tokenizer.json", "learning_curve.csv"] {
        let read = |folder: &Folder| std::fs::read(folder.0.join("model").join(file)).unwrap();
        assert!(read(&whole) == read(&parts), "{file} differs");
    }
}

#[test]
fn nothing_to_resume_is_said() {
    let folder = Folder::new("empty");
    let config = TrainConfig { resume: true, ..tiny(&folder, 1) };
    let message = run(&config, &mut |_| ControlFlow::Continue(())).unwrap_err().to_string();
    assert!(message.contains("nothing to resume"), "{message}");
}

struct Fixture {
    map: VarMap,
    files: Files,
    speaker: Speaker,
    heads: Heads,
    preprocessor: PreprocessorConfig,
}

fn fixture() -> Fixture {
    let files = Files::new(ModelSize::Base);
    let config = Config::from_json(&files.config).unwrap();
    let map = VarMap::new();
    let weights = VarBuilder::from_varmap(&map, DType::F32, &Device::Cpu);
    let speaker = Speaker::new(&config, weights.clone()).unwrap();
    let heads = Heads::new(&config, weights.pp("dense")).unwrap();
    Parameters::of(&map, |_| true).draw(3).unwrap();
    let preprocessor = PreprocessorConfig::from_json(&files.preprocessor).unwrap();
    Fixture { map, files, speaker, heads, preprocessor }
}

#[test]
fn the_same_pictures_are_learnt() {
    let Fixture { map, speaker, heads, preprocessor, .. } = fixture();
    let sample = Sample::new(Split::Training.scene_seed(1, 1), &preprocessor).unwrap();
    let learning = Parameters::of(&map, |_| true);
    let mut adam = AdamW::new(learning.read().unwrap(), learning.decayed());
    let mut losses = Vec::new();
    for _ in 0..8 {
        let step = shards::gradient(&learning, 1, 1, |_| {
            let seen = speaker.see(&Sight::Patches(patches(&[&sample], &preprocessor)?))?;
            heads.loss(&seen.0, &seen.1, &[&sample])
        });
        let step = step.unwrap();
        losses.push(step.report[0]);
        adam.step(&step.gradient, 1e-3);
        learning.write(&adam.weights).unwrap();
    }
    assert!(losses[7] < 0.7 * losses[0], "{losses:?}");
}

/// The packed sequence of training and the conversation of inference are the same to the model.
#[test]
fn training_sees_what_inference_sees() {
    let Fixture { map, files, speaker, preprocessor, .. } = fixture();
    let seed = Split::Training.scene_seed(1, 3);
    let sample = Sample::new(seed, &preprocessor).unwrap();
    let bank = Bank::new(&sample, seed);
    let lessons = bank.one_of_each();
    assert!(lessons.len() > 3);

    let folder = Folder::new("parity");
    export::export(&map, &files, &folder.0).unwrap();
    // The exported weights are rounded; so must be those that are compared.
    for (_, var) in map.data().lock().unwrap().iter() {
        var.set(&var.to_dtype(DType::F16).unwrap().to_dtype(DType::F32).unwrap()).unwrap();
    }
    let scribe = Scribe::new(&files.vocabulary).unwrap();
    let page = Page { sample: &sample, lessons: lessons.clone(), caption: Some(&bank.caption) };
    let sheets = Sheets::new(&[page], &scribe).unwrap();
    let patches = patches(&[&sample], &preprocessor).unwrap();
    let (_, vision) = speaker.see(&Sight::Patches(patches)).unwrap();
    let (hidden, _) = speaker.read(&vision, &sheets).unwrap();
    let log = candle_nn::ops::log_softmax(&speaker.model.text.logits(&hidden).unwrap(), D::Minus1).unwrap();
    let log: Vec<Vec<f32>> = log.to_vec2().unwrap();
    let trained: Vec<f64> =
        sheets.targets.iter().map(|t| f64::from(log[t.slot as usize][t.token as usize])).collect();

    let vlm = crate::load(&folder.0, &Placement::cpu()).unwrap();
    let raster = sample.raster();
    let vision = vlm.encode(&[&raster]).unwrap().remove(0);
    for (lesson, asked) in lessons.iter().zip(&sheets.asked) {
        let (question, options) = (lesson.spec.text(), lesson.spec.options());
        let request = ScoreRequest {
            vision: &vision,
            question: &question,
            options: &options,
            regime: PromptRegime::Plain,
        };
        let scores = vlm.score(&[request]).unwrap().remove(0);
        let tokens = scores.token_counts[lesson.right] as usize;
        let packed: f64 = trained[asked.target..asked.target + tokens].iter().sum();
        let told = scores.log_likelihoods[lesson.right];
        assert!((packed - told).abs() < 1e-3, "{question} {packed} in training, {told} in inference");
    }
}

#[test]
fn the_head_of_a_sheet_is_not_padding() {
    let Fixture { files, preprocessor, .. } = fixture();
    let seed = Split::Training.scene_seed(1, 5);
    let sample = Sample::new(seed, &preprocessor).unwrap();
    let bank = Bank::new(&sample, seed);
    let scribe = Scribe::new(&files.vocabulary).unwrap();
    let page = |lessons| Page { sample: &sample, lessons, caption: None };
    let sheets = Sheets::new(&[page(bank.one_of_each()), page(Vec::new())], &scribe).unwrap();
    let sees = |row: usize, key: usize| sheets.mask[row * sheets.seq + key] == 0.0;
    let second = sheets.seq;
    assert!(sees(0, 0) && sees(51, 0) && !sees(0, 51), "the head is causal");
    assert!(
        sees(second + sheets.seq - 1, sheets.seq - 1) && !sees(second + sheets.seq - 1, 0),
        "padding sees itself"
    );
    let last = Tensor::new(sheets.rows.as_slice(), &Device::Cpu).unwrap().max(0).unwrap();
    let rows = sheets.text_ids.len() + 2 * super::sheet::IMAGE;
    assert_eq!(last.to_scalar::<u32>().unwrap() as usize, rows - 1, "every vision token has a slot");
}
