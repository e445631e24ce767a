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
use crate::nn::without_fused;
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

/// One picture's step of the last stage, where everything learns: the answers' loss and the dense one.
struct OneStep {
    fixture: Fixture,
    sample: Sample,
    bank: Bank,
    learning: Parameters,
    scribe: Scribe,
}

impl OneStep {
    fn new() -> Self {
        let fixture = fixture();
        let seed = Split::Training.scene_seed(1, 3);
        let sample = Sample::new(seed, &fixture.preprocessor).unwrap();
        let bank = Bank::new(&sample, seed);
        let scribe = Scribe::new(&fixture.files.vocabulary).unwrap();
        let learning = Parameters::of(&fixture.map, |_| true);
        // Heads start at zero, and nothing behind a zero has a gradient.
        let numbers = learning.read().unwrap();
        let moved: Vec<f32> =
            numbers.iter().zip(direction(numbers.len())).map(|(w, d)| w + 0.02 * d).collect();
        learning.write(&moved).unwrap();
        Self { bank, scribe, learning, sample, fixture }
    }

    fn loss(&self) -> Tensor {
        let Fixture { speaker, heads, preprocessor, .. } = &self.fixture;
        let seen = speaker.see(&Sight::Patches(patches(&[&self.sample], preprocessor).unwrap())).unwrap();
        let lessons = self.bank.one_of_each();
        let page = Page { sample: &self.sample, lessons, caption: Some(&self.bank.caption) };
        let answers = speaker.loss(&seen.1, &[page], &self.scribe).unwrap().loss;
        (answers + heads.loss(&seen.0, &seen.1, &[&self.sample]).unwrap().loss).unwrap()
    }

    fn gradient(&self) -> Vec<f32> {
        let mut flat = vec![0.0; self.learning.length];
        self.learning.gather(&self.loss().backward().unwrap(), &mut flat).unwrap();
        flat
    }
}

/// A fixed direction of ones and minus ones.
fn direction(length: usize) -> Vec<f32> {
    (0..length as u32).map(|i| if i.wrapping_mul(2_654_435_761) >> 31 == 0 { 1.0 } else { -1.0 }).collect()
}

fn norm(numbers: impl Iterator<Item = f32>) -> f64 {
    numbers.map(|x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt()
}

/// On a GPU the same step is made of the library's operations. Every single tensor has to get its gradient from them.
#[test]
fn a_step_off_the_processor_is_the_same_step() {
    let step = OneStep::new();
    let (fused, by_library) = (step.gradient(), without_fused(|| step.gradient()));
    let mut start = 0;
    for (name, tensor) in step.learning.named() {
        let own = start..start + tensor.elem_count();
        start = own.end;
        let size = norm(fused[own.clone()].iter().copied());
        let apart = norm(fused[own.clone()].iter().zip(&by_library[own]).map(|(a, b)| a - b));
        assert!(size > 0.0, "{name} has no gradient to compare");
        assert!(apart <= 1e-3 * size, "{name}: {apart} apart, of {size}");
    }

    // And it is the slope of the loss.
    let way: Vec<f32> = direction(by_library.len());
    let size = norm(by_library.iter().copied());
    let way: Vec<f32> =
        way.iter().zip(&by_library).map(|(d, g)| (f64::from(*g) / size) as f32 + d * 1e-4).collect();
    let weights = step.learning.read().unwrap();
    let at = |by: f32| {
        let moved: Vec<f32> = weights.iter().zip(&way).map(|(w, d)| w + by * d).collect();
        step.learning.write(&moved).unwrap();
        f64::from(without_fused(|| step.loss()).to_scalar::<f32>().unwrap())
    };
    let measured = (at(5e-3) - at(-5e-3)) / 1e-2;
    let told: f64 = by_library.iter().zip(&way).map(|(g, d)| f64::from(*g) * f64::from(*d)).sum();
    assert!((measured - told).abs() <= 0.02 * told.abs(), "{told} told, {measured} measured");
}

#[test]
fn logits_off_the_processor_are_the_same_logits() {
    let step = OneStep::new();
    let logits = || {
        let Fixture { speaker, preprocessor, .. } = &step.fixture;
        let seen = speaker.see(&Sight::Patches(patches(&[&step.sample], preprocessor).unwrap())).unwrap();
        let page = Page { sample: &step.sample, lessons: step.bank.one_of_each(), caption: None };
        let sheets = Sheets::new(&[page], &step.scribe).unwrap();
        let (hidden, _) = speaker.read(&seen.1.detach(), &sheets).unwrap();
        let logits = speaker.model.text.logits(&hidden).unwrap();
        logits.flatten_all().unwrap().to_vec1::<f32>().unwrap()
    };
    let (fused, by_library) = (logits(), without_fused(logits));
    let apart = fused.iter().zip(&by_library).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(apart < 1e-4, "{apart}");
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
