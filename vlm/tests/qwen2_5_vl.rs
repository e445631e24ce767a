//! Parity with Python's transformers on the goldens that `tests/parity/qwen2_5_vl.py` writes, for every checkpoint that
//! has some; and the gradient of the whole model against finite differences.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use candle_core::{Device, Tensor, Var, safetensors};
use flipside_shared::raster::Raster;
use flipside_vlm::checkpoint::Checkpoint;
use flipside_vlm::packing::{Conversation, pack};
use flipside_vlm::preprocess::patches;
use flipside_vlm::qwen2_5_vl::Qwen25Vl;
use flipside_vlm::reader::Sight;
use flipside_vlm::tokens::PromptTokens;
use flipside_vlm::{
    DeviceChoice, OptionScores, Placement, Precision, PromptRegime, ScoreRequest, VisionTokens, Vlm,
};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Both sides compute in f32 but add in another order; the largest difference seen is 3e-5.
const TOLERANCE: f32 = 1e-3;
/// Two levels of 255: fixed-point resizing, with the rounding of a second pass.
const PIXEL_TOLERANCE: f32 = 2.0 / 255.0;

#[derive(Deserialize)]
struct Cases {
    checkpoint: PathBuf,
    weights_sha256: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    key: String,
    picture: usize,
    grid: [usize; 3],
    regime: PromptRegime,
    question: String,
    options: Vec<String>,
    prompt_tokens: usize,
    scores: Vec<f64>,
    token_counts: Vec<u32>,
}

struct Golden {
    name: String,
    checkpoint: Checkpoint<'static>,
    model: Qwen25Vl,
    tensors: HashMap<String, Tensor>,
    cases: Vec<Case>,
}

impl Golden {
    /// Every folder of goldens.
    fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/qwen2_5_vl");
        let mut folders: Vec<PathBuf> =
            std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        assert!(folders.len() >= 2);
        folders.iter().map(|folder| Self::read(folder)).collect()
    }

    fn read(folder: &Path) -> Self {
        let cases: Cases =
            serde_json::from_slice(&std::fs::read(folder.join("cases.json")).unwrap()).unwrap();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let checkpoint = Checkpoint::Folder(folder.join(cases.checkpoint));
        let model = Qwen25Vl::load(&checkpoint, &name, &Placement::cpu()).unwrap();
        assert_eq!(
            model.info().weights_sha256,
            cases.weights_sha256,
            "the goldens of {name} are of other weights: run tests/parity/qwen2_5_vl.py on its checkpoint"
        );
        Self {
            model,
            tensors: safetensors::load(folder.join("golden.safetensors"), &Device::Cpu).unwrap(),
            cases: cases.cases,
            checkpoint,
            name,
        }
    }

    fn pictures(&self) -> Vec<Raster> {
        (0..).map_while(|index| self.tensors.get(&format!("picture_{index}"))).map(raster).collect()
    }

    fn encoded(&self) -> Vec<VisionTokens> {
        let pictures = self.pictures();
        self.model.encode(&pictures.iter().collect::<Vec<_>>()).unwrap()
    }

    fn tokens(&self, case: &Case) -> PromptTokens {
        let reader = self.model.reader();
        reader.tokens(&case.question, &case.options, case.regime, reader.tokenizer.image_text()).unwrap()
    }

    fn requests<'a>(&'a self, encoded: &'a [VisionTokens]) -> Vec<ScoreRequest<'a>> {
        self.cases
            .iter()
            .map(|case| ScoreRequest {
                vision: &encoded[case.picture],
                question: &case.question,
                options: &case.options,
                regime: case.regime,
            })
            .collect()
    }
}

fn raster(rgb: &Tensor) -> Raster {
    let (height, width, _) = rgb.dims3().unwrap();
    let bytes = rgb.flatten_all().unwrap().to_vec1::<u8>().unwrap();
    let rgba = bytes.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect();
    Raster { width_px: width as u32, height_px: height as u32, rgba }
}

fn numbers(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_dtype(candle_core::DType::F32).unwrap().to_vec1().unwrap()
}

fn furthest(ours: &[f32], theirs: &[f32]) -> f32 {
    assert_eq!(ours.len(), theirs.len());
    ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn pixels_agree() {
    for golden in Golden::all() {
        let config = golden.model.preprocessor();
        let plane = config.patch_size * config.patch_size;
        for (index, picture) in golden.pictures().iter().enumerate() {
            let (values, grid) = patches(picture, config).unwrap();
            let levels = numbers(&golden.tensors[&format!("levels_{index}")]);
            let values = numbers(&values);
            let frames = config.temporal_patch_size;
            assert_eq!(values.len(), levels.len() * frames, "{} {index} {grid:?}", golden.name);
            let mut worst = 0f32;
            for (at, value) in values.iter().enumerate() {
                let (stretch, inside) = (at / (plane * frames), at % plane); // a stretch is one channel of one patch
                let channel = stretch % 3;
                let unit = value * config.image_std[channel] + config.image_mean[channel];
                worst = worst.max((unit - levels[stretch * plane + inside] / 255.0).abs());
            }
            println!("{} picture {index}: {:.2} levels", golden.name, worst * 255.0);
            assert!(worst <= PIXEL_TOLERANCE + 1e-6, "{} {index}: {worst}", golden.name);
        }
    }
}

#[test]
fn vision_tokens_agree() {
    for golden in Golden::all() {
        for (index, tokens) in golden.encoded().iter().enumerate() {
            let worst = furthest(&tokens.tokens, &numbers(&golden.tensors[&format!("vision_{index}")]));
            println!("{} picture {index}: {worst:e}", golden.name);
            assert!(worst <= TOLERANCE, "{} {index}: {worst}", golden.name);
        }
    }
}

#[test]
fn states_logits_and_scores_agree() {
    for golden in Golden::all() {
        // From the reference's vision tokens, so that a last bit of the resize does not count against the decoder.
        let encoded: Vec<VisionTokens> = golden
            .encoded()
            .into_iter()
            .enumerate()
            .map(|(index, ours)| VisionTokens {
                tokens: numbers(&golden.tensors[&format!("vision_{index}")]),
                ..ours
            })
            .collect();
        let scores = golden.model.score(&golden.requests(&encoded)).unwrap();
        for (case, ours) in golden.cases.iter().zip(&scores) {
            let label = format!("{} {} {:?}", golden.name, case.key, case.question);
            let merge = golden.model.preprocessor().merge_size;
            let [t, h, w] = case.grid;
            assert_eq!(encoded[case.picture].grid, [t, h / merge, w / merge], "{label}");
            assert_eq!(ours.token_counts, case.token_counts, "{label}");
            let tokens = golden.tokens(case);
            let conversation = Conversation { tokens: &tokens, runs: &[encoded[case.picture].grid] };
            assert_eq!(conversation.prompt_length(), case.prompt_tokens, "{label}");

            let state =
                furthest(&ours.context_state, &numbers(&golden.tensors[&format!("context_{}", case.key)]));
            let hidden = Tensor::new(ours.context_state.as_slice(), &Device::Cpu).unwrap();
            let logits =
                numbers(&golden.model.reader().decoder.logits(&hidden.unsqueeze(0).unwrap()).unwrap());
            let theirs = numbers(&golden.tensors[&format!("logits_{}", case.key)]);
            let logit = furthest(&logits, &theirs);
            let score = ours.log_likelihoods.iter().zip(&case.scores).map(|(a, b)| (a - b).abs());
            let score = score.fold(0.0, f64::max);
            println!("{label}: state {state:e} logits {logit:e} scores {score:e}");
            assert!(state <= TOLERANCE && logit <= TOLERANCE && score <= f64::from(TOLERANCE), "{label}");
            assert_eq!(ours.best(), best(&case.scores), "{label}");
        }
    }
}

#[test]
fn the_whole_way_from_pixels_names_the_same_option() {
    for golden in Golden::all() {
        let encoded = golden.encoded();
        let scores = golden.model.score(&golden.requests(&encoded)).unwrap();
        for (case, ours) in golden.cases.iter().zip(&scores) {
            assert_eq!(ours.best(), best(&case.scores), "{} {}", golden.name, case.key);
        }
    }
}

#[test]
fn a_batch_gives_what_single_requests_give() {
    for golden in Golden::all() {
        let pictures = golden.pictures();
        let together = golden.encoded();
        for (picture, ours) in pictures.iter().zip(&together) {
            let alone = &golden.model.encode(&[picture]).unwrap()[0];
            assert_eq!(alone.grid, ours.grid);
            assert!(furthest(&alone.tokens, &ours.tokens) <= 1e-4, "{}", golden.name);
        }
        let requests = golden.requests(&together);
        let scores = golden.model.score(&requests).unwrap();
        for (request, ours) in requests.iter().zip(&scores) {
            let alone = &golden.model.score(std::slice::from_ref(request)).unwrap()[0];
            assert_close(alone, ours);
            // Options do not see each other: asked one by one they score the same.
            if matches!(request.regime, PromptRegime::Plain | PromptRegime::Open | PromptRegime::Pope) {
                for (index, option) in request.options.iter().enumerate() {
                    let only = ScoreRequest { options: std::slice::from_ref(option), ..*request };
                    let single = &golden.model.score(&[only]).unwrap()[0];
                    assert!((single.log_likelihoods[0] - ours.log_likelihoods[index]).abs() <= 1e-4);
                }
            }
        }
    }
}

/// On a GPU weights and layers are bf16, with sums in f32; on the CPU the same code rounds at the same places.
#[test]
fn bfloat16_stays_near() {
    let placement = Placement::open(DeviceChoice::Cpu, Precision::Bf16).unwrap().placement;
    for golden in Golden::all() {
        let half = Qwen25Vl::load(&golden.checkpoint, &golden.name, &placement).unwrap();
        assert_eq!((half.info().dtype.as_str(), half.info().device.as_str()), ("bf16", "cpu"));
        let pictures = golden.pictures();
        let encoded = half.encode(&pictures.iter().collect::<Vec<_>>()).unwrap();
        for (ours, exact) in encoded.iter().zip(golden.encoded()) {
            let square = |numbers: &mut dyn Iterator<Item = f32>| numbers.map(|x| x * x).sum::<f32>();
            let apart = square(&mut ours.tokens.iter().zip(&exact.tokens).map(|(a, b)| a - b));
            let apart = (apart / square(&mut exact.tokens.iter().copied())).sqrt();
            println!("{}: vision tokens {apart:e}", golden.name);
            assert!(apart <= 0.03, "{}: {apart}", golden.name);
        }
        for (case, ours) in golden.cases.iter().zip(half.score(&golden.requests(&encoded)).unwrap()) {
            for (ours, theirs) in ours.log_likelihoods.iter().zip(&case.scores) {
                println!("{} {}: {ours} instead of {theirs}", golden.name, case.key);
                let allowed = 0.05 + 0.02 * theirs.abs();
                assert!((ours - theirs).abs() <= allowed, "{} {}: {ours} {theirs}", golden.name, case.key);
            }
        }
    }
}

fn assert_close(a: &OptionScores, b: &OptionScores) {
    assert!(furthest(&a.context_state, &b.context_state) <= 1e-4);
    for (x, y) in a.option_states.iter().zip(&b.option_states) {
        assert!(furthest(x, y) <= 1e-4);
    }
    for (x, y) in a.log_likelihoods.iter().zip(&b.log_likelihoods) {
        assert!((x - y).abs() <= 1e-4, "{x} {y}");
    }
}

fn best(scores: &[f64]) -> usize {
    (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap()
}

/// The log-likelihood of the first option as a function of the patches, its gradient and a central difference along
/// the gradient and along a fixed random direction.
#[test]
fn the_gradient_reaches_the_pixels() {
    for golden in Golden::all() {
        let model = &golden.model;
        let (values, grid) = patches(&golden.pictures()[1], model.preprocessor()).unwrap();
        let case = &golden.cases[0];
        let tokens = golden.tokens(case);
        let (rows, columns) = grid.merged(model.preprocessor().merge_size);
        let packed = pack(&[Conversation { tokens: &tokens, runs: &[[grid.t, rows, columns]] }]);
        let first = packed.requests[0].predictions[0].clone();
        let likelihood = |values: &Tensor| {
            let tokens = model.visual().forward(values, &[grid]).unwrap();
            let sight = Sight { tokens, added: Vec::new() };
            let log_probs = model.reader().run(&packed, &sight).unwrap().log_probs;
            log_probs.narrow(0, first.start, first.len()).unwrap().sum_all().unwrap()
        };
        let variable = Var::from_tensor(&values).unwrap();
        let grads = likelihood(&variable).backward().unwrap();
        let gradient = grads.get(&variable).expect("the gradient stops on the way").clone();
        let norm = numbers(&gradient.sqr().unwrap().sum_all().unwrap())[0].sqrt();
        assert!(norm > 1e-3, "{}: {norm}", golden.name);

        let along = (&gradient / f64::from(norm)).unwrap();
        let count = values.elem_count();
        let signs: Vec<f32> = (0..count as u32)
            .map(|i| if i.wrapping_mul(2_654_435_761) >> 31 == 0 { 0.02 } else { -0.02 })
            .collect();
        let random = Tensor::from_vec(signs, values.shape(), &Device::Cpu).unwrap();
        let mixed = (&along + &random).unwrap();
        for direction in [along, mixed] {
            let step = 0.02;
            let moved = |by: f64| {
                let values = (&values + (&direction * by).unwrap()).unwrap();
                numbers(&likelihood(&values))[0]
            };
            let difference = (moved(step) - moved(-step)) / (2.0 * step as f32);
            let slope = numbers(&(&gradient * &direction).unwrap().sum_all().unwrap())[0];
            println!("{}: slope {slope}, difference {difference}", golden.name);
            assert!((slope - difference).abs() <= 0.02 * norm, "{}: {slope} {difference}", golden.name);
        }
    }
}
