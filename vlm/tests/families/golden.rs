//! The goldens of one checkpoint as `tests/parity/asked.py` writes them, and what every family has to show on them.

use candle_core::{DType, Device, Tensor, safetensors};
use flipside_shared::raster::Raster;
use flipside_vlm::checkpoint::Checkpoint;
use flipside_vlm::reader::Reader;
use flipside_vlm::{OptionScores, PromptRegime, ScoreRequest, VisionTokens, Vlm};
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Both sides compute in f32 but add in another order; the largest difference seen is 4e-5.
pub const TOLERANCE: f32 = 1e-3;
/// Every level is the same: both sides resize in the same fixed point.
pub const PIXEL_TOLERANCE: f32 = 0.5 / 255.0;

#[derive(Deserialize)]
struct Cases {
    weights_sha256: String,
    pictures: Vec<Shown>,
    cases: Vec<Case>,
}

/// A picture that was shown.
#[derive(Clone, Deserialize)]
pub struct Shown {
    /// Which of the stored pictures.
    tensor: usize,
    /// How often each pixel is repeated in both directions.
    repeat: usize,
    /// Vision tokens along time, height and width.
    pub grid: [usize; 3],
    /// Rows and columns of tiles, where a family has them.
    #[serde(default)]
    pub tiles: [usize; 2],
}

/// A question about one of the pictures and what the reference made of it.
#[derive(Deserialize)]
pub struct Case {
    key: String,
    pub picture: usize,
    pub regime: PromptRegime,
    pub question: String,
    pub options: Vec<String>,
    prompt_tokens: usize,
    scores: Vec<f64>,
    token_counts: Vec<u32>,
}

/// A checkpoint with its goldens.
pub struct Golden<M> {
    pub name: String,
    pub model: M,
    pub shown: Vec<Shown>,
    pub cases: Vec<Case>,
    tensors: HashMap<String, Tensor>,
}

/// The folders of goldens of a family.
pub fn folders(family: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden").join(family);
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    folders
}

/// Pictures as they were shown.
pub fn pictures(shown: &[Shown]) -> Vec<Raster> {
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/pictures.safetensors");
    let stored = safetensors::load(stored, &Device::Cpu).unwrap();
    let one = |shown: &Shown| repeated(&raster(&stored[&format!("picture_{}", shown.tensor)]), shown.repeat);
    shown.iter().map(one).collect()
}

/// The largest difference of normalised pixels, whose channels change every `plane` numbers, from levels, in [0, 1].
pub fn off_level(values: &[f32], plane: usize, levels: &[f32], normalisation: [[f32; 3]; 2]) -> f32 {
    assert_eq!(values.len(), levels.len());
    let [mean, deviation] = normalisation;
    let off = |(at, (value, level)): (usize, (&f32, &f32))| {
        let channel = at / plane % 3;
        (value * deviation[channel] + mean[channel] - level / 255.0).abs()
    };
    values.iter().zip(levels).enumerate().map(off).fold(0.0, f32::max)
}

impl<M: Vlm> Golden<M> {
    /// Every checkpoint of a family.
    pub fn all(family: &str, load: impl Fn(&Checkpoint, &str) -> M) -> Vec<Self> {
        folders(family).iter().map(|folder| Self::read(folder, &load)).collect()
    }

    fn read(folder: &Path, load: impl Fn(&Checkpoint, &str) -> M) -> Self {
        let cases: Cases =
            serde_json::from_slice(&std::fs::read(folder.join("cases.json")).unwrap()).unwrap();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let model = load(&Checkpoint::Folder(folder.join("checkpoint")), &name);
        assert_eq!(
            model.info().weights_sha256,
            cases.weights_sha256,
            "the goldens of {name} are of other weights"
        );
        Self {
            model,
            tensors: safetensors::load(folder.join("golden.safetensors"), &Device::Cpu).unwrap(),
            shown: cases.pictures,
            cases: cases.cases,
            name,
        }
    }

    /// The numbers of a stored tensor.
    pub fn numbers(&self, name: &str) -> Vec<f32> {
        numbers(&self.tensors[name])
    }

    /// Every picture as it was shown.
    pub fn pictures(&self) -> Vec<Raster> {
        pictures(&self.shown)
    }

    pub fn encoded(&self) -> Vec<VisionTokens> {
        self.model.encode(&self.pictures().iter().collect::<Vec<_>>()).unwrap()
    }

    pub fn requests<'a>(&'a self, encoded: &'a [VisionTokens]) -> Vec<ScoreRequest<'a>> {
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

    /// `ours` gives the normalised pixels of a picture in the order of the stored levels; `mean` and `deviation` are
    /// those of the three channels, which change every `plane` numbers.
    pub fn pixels_agree(&self, normalisation: [[f32; 3]; 2], ours: impl Fn(&Raster) -> (Vec<f32>, usize)) {
        for (index, picture) in self.pictures().iter().enumerate() {
            let (values, plane) = ours(picture);
            let worst = off_level(&values, plane, &self.numbers(&format!("levels_{index}")), normalisation);
            println!("{} picture {index}: {:.2} levels", self.name, worst * 255.0);
            assert!(worst < PIXEL_TOLERANCE, "{} {index}: {worst}", self.name);
        }
    }

    /// The vision tokens and all that is read beside them; `order` brings ours into the reference's order.
    pub fn vision_agrees(&self, order: impl Fn(&VisionTokens) -> Vec<f32>) {
        for (index, tokens) in self.encoded().iter().enumerate() {
            assert_eq!(tokens.grid, self.shown[index].grid, "{} {index}", self.name);
            let theirs = self.numbers(&format!("vision_{index}"));
            let worst = furthest(&order(tokens), &theirs);
            let scale = theirs.iter().fold(1f32, |most, x| most.max(x.abs()));
            println!("{} picture {index}: {worst:e} of {scale}", self.name);
            assert!(worst <= TOLERANCE * scale, "{} {index}: {worst}", self.name);
        }
    }

    /// States, logits and scores from vision tokens `encoded`.
    pub fn language_agrees(&self, reader: &Reader, encoded: &[VisionTokens]) {
        let scores = self.model.score(&self.requests(encoded)).unwrap();
        for (case, ours) in self.cases.iter().zip(&scores) {
            let label = format!("{} {} {:?}", self.name, case.key, case.question);
            assert_eq!(ours.token_counts, case.token_counts, "{label}");
            let of = |what: &str| self.numbers(&format!("{what}_{}", case.key));
            let state = furthest(&ours.context_state, &of("context"));
            let options = furthest(&ours.option_states.concat(), &of("options"));
            let hidden = Tensor::new(ours.context_state.as_slice(), &Device::Cpu).unwrap();
            let logits = numbers(&reader.decoder.logits(&hidden.unsqueeze(0).unwrap()).unwrap());
            let logit = furthest(&logits, &of("logits"));
            let score = ours.log_likelihoods.iter().zip(&case.scores).map(|(a, b)| (a - b).abs());
            let score = score.fold(0.0, f64::max);
            println!("{label}: state {state:e} options {options:e} logits {logit:e} scores {score:e}");
            assert!(state <= TOLERANCE && options <= TOLERANCE && logit <= TOLERANCE, "{label}");
            assert!(score <= f64::from(TOLERANCE), "{label}");
            assert_eq!(ours.best(), best(&case.scores), "{label}");
        }
    }

    /// The length of each prompt; `conversation` gives ours.
    pub fn prompts_agree(&self, length: impl Fn(&Case, &VisionTokens) -> usize) {
        let encoded = self.encoded();
        for case in &self.cases {
            let ours = length(case, &encoded[case.picture]);
            assert_eq!(ours, case.prompt_tokens, "{} {}", self.name, case.key);
        }
    }

    /// The whole way from pixels.
    pub fn answers_agree(&self) {
        let encoded = self.encoded();
        let scores = self.model.score(&self.requests(&encoded)).unwrap();
        for (case, ours) in self.cases.iter().zip(&scores) {
            assert_eq!(ours.best(), best(&case.scores), "{} {}", self.name, case.key);
        }
    }

    /// A batch gives what single pictures, requests and options give.
    pub fn batches_agree(&self) {
        let together = self.encoded();
        for (picture, ours) in self.pictures().iter().zip(&together) {
            let alone = &self.model.encode(&[picture]).unwrap()[0];
            assert_eq!(alone.grid, ours.grid);
            assert!(furthest(&alone.tokens, &ours.tokens) <= 1e-4, "{}", self.name);
            assert!(furthest(alone.detail.numbers(), ours.detail.numbers()) <= 1e-4, "{}", self.name);
        }
        let requests = self.requests(&together);
        let scores = self.model.score(&requests).unwrap();
        for (request, ours) in requests.iter().zip(&scores) {
            let alone = &self.model.score(std::slice::from_ref(request)).unwrap()[0];
            assert_close(alone, ours);
            if matches!(request.regime, PromptRegime::Plain | PromptRegime::Open | PromptRegime::Pope) {
                for (index, option) in request.options.iter().enumerate() {
                    let only = ScoreRequest { options: std::slice::from_ref(option), ..*request };
                    let single = &self.model.score(&[only]).unwrap()[0];
                    assert!((single.log_likelihoods[0] - ours.log_likelihoods[index]).abs() <= 1e-4);
                }
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

fn raster(rgb: &Tensor) -> Raster {
    let (height, width, _) = rgb.dims3().unwrap();
    let bytes = rgb.flatten_all().unwrap().to_vec1::<u8>().unwrap();
    let rgba = bytes.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect();
    Raster { width_px: width as u32, height_px: height as u32, rgba }
}

fn repeated(picture: &Raster, times: usize) -> Raster {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let pixels = (0..height * times).flat_map(|y| {
        (0..width * times).flat_map(move |x| {
            let at = (y / times * width + x / times) * 4;
            picture.rgba[at..at + 4].iter().copied()
        })
    });
    Raster { width_px: (width * times) as u32, height_px: (height * times) as u32, rgba: pixels.collect() }
}

/// All numbers of a tensor.
pub fn numbers(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_dtype(DType::F32).unwrap().to_vec1().unwrap()
}

/// Patches `(squares, patches, 3 * side * side)` put together to whole squares, and how many numbers of one channel
/// follow each other then.
pub fn squares(patches: &Tensor) -> (Vec<f32>, usize) {
    let (squares, count, width) = patches.dims3().unwrap();
    let (side, patch) = (count.isqrt(), (width / 3).isqrt());
    let whole = patches.reshape(&[squares, side, side, 3, patch, patch]).unwrap();
    (numbers(&whole.permute([0, 3, 1, 4, 2, 5]).unwrap()), side * side * patch * patch)
}

/// The largest difference.
pub fn furthest(ours: &[f32], theirs: &[f32]) -> f32 {
    assert_eq!(ours.len(), theirs.len());
    ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// The gradient of `value` at `at` along itself and along a mixed direction, against a central difference.
pub fn slope_agrees(at: &Tensor, value: impl Fn(&Tensor) -> Tensor) {
    let variable = candle_core::Var::from_tensor(at).unwrap();
    let grads = value(&variable).backward().unwrap();
    let gradient = grads.get(&variable).expect("the gradient stops on the way").clone();
    let norm = numbers(&gradient.sqr().unwrap().sum_all().unwrap())[0].sqrt();
    assert!(norm > 1e-3, "{norm}");
    let along = (&gradient / f64::from(norm)).unwrap();
    let signs: Vec<f32> = (0..at.elem_count() as u32)
        .map(|i| if i.wrapping_mul(2_654_435_761) >> 31 == 0 { 0.02 } else { -0.02 })
        .collect();
    let mixed = (&along + Tensor::from_vec(signs, at.shape(), &Device::Cpu).unwrap()).unwrap();
    for direction in [along, mixed] {
        let step = 0.02;
        let moved = |by: f64| numbers(&value(&(at + (&direction * by).unwrap()).unwrap()))[0];
        let difference = (moved(step) - moved(-step)) / (2.0 * step as f32);
        let slope = numbers(&(&gradient * &direction).unwrap().sum_all().unwrap())[0];
        println!("slope {slope}, difference {difference}");
        assert!((slope - difference).abs() <= 0.02 * norm, "{slope} {difference}");
    }
}
