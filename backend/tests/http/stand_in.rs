//! A deterministic model for tests of everything around the model: what it answers follows from the picture's mean
//! colour, and a test can hold it, make it panic, and see what it was asked.

use flipside_backend::engine::Loader;
use flipside_shared::raster::Raster;
use flipside_vlm::{
    Detail, Error, InputLimits, ModelInfo, OptionScores, Result, ScoreRequest, VisionTokens, Vlm,
};
use std::sync::{Arc, Mutex, mpsc};
use tokio::sync::mpsc as events;

/// A question with this word holds the model until the test releases it.
pub const HOLD: &str = "hold";
/// A question with this word makes the model panic.
pub const PANIC: &str = "panic";
/// A question with this word is refused by the model.
pub const REFUSE: &str = "refuse";
/// A question with this word makes the computation fail.
pub const FAIL: &str = "fail";

/// What happened on the model's thread.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// The model was loaded again after a panic, and waits to be released.
    Reloading,
    /// A held question has reached the model.
    Held,
}

/// The test's side of the model.
pub struct Strings {
    /// What happened, as it happens.
    pub events: events::UnboundedReceiver<Event>,
    /// One message lets the model go on.
    pub release: mpsc::Sender<()>,
    log: Arc<Mutex<Vec<String>>>,
    encoded: Arc<Mutex<usize>>,
}

impl Strings {
    /// How often a question was scored.
    pub fn scored(&self, question: &str) -> usize {
        self.log.lock().unwrap().iter().filter(|scored| *scored == question).count()
    }

    /// Pictures encoded so far.
    pub fn encoded(&self) -> usize {
        *self.encoded.lock().unwrap()
    }
}

struct StandIn {
    info: ModelInfo,
    shared: Arc<Shared>,
}

struct Shared {
    events: events::UnboundedSender<Event>,
    released: Mutex<mpsc::Receiver<()>>,
    log: Arc<Mutex<Vec<String>>>,
    encoded: Arc<Mutex<usize>>,
}

/// Makes the model's loader and the strings to pull; with `slow_reload` a second loading waits for a release.
pub fn stand_in(slow_reload: bool) -> (Loader, Strings) {
    let (events, seen) = events::unbounded_channel();
    let (release, released) = mpsc::channel();
    let (log, encoded) = (Arc::default(), Arc::default());
    let strings = Strings { events: seen, release, log: Arc::clone(&log), encoded: Arc::clone(&encoded) };
    let shared = Arc::new(Shared { events, released: Mutex::new(released), log, encoded });
    let loads = Mutex::new(0);
    let loader = move || -> Result<Box<dyn Vlm + Send>> {
        let mut loads = loads.lock().unwrap();
        *loads += 1;
        if slow_reload && *loads > 1 {
            shared.hold(Event::Reloading);
        }
        Ok(Box::new(StandIn { info: info(), shared: Arc::clone(&shared) }))
    };
    (Box::new(loader), strings)
}

impl Shared {
    fn hold(&self, event: Event) {
        let _ = self.events.send(event);
        let _ = self.released.lock().unwrap().recv();
    }
}

impl Vlm for StandIn {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn encode(&self, pictures: &[&Raster]) -> Result<Vec<VisionTokens>> {
        *self.shared.encoded.lock().unwrap() += pictures.len();
        let quarters = |picture: &&Raster| {
            let rows = [(0, picture.height_px / 2), (picture.height_px / 2, picture.height_px)];
            let tokens =
                rows.iter().flat_map(|rows| [mean(picture, *rows, true), mean(picture, *rows, false)]);
            VisionTokens {
                grid: [1, 2, 2],
                width: 3,
                tokens: tokens.flatten().collect(),
                detail: Detail::None,
            }
        };
        Ok(pictures.iter().map(quarters).collect())
    }

    fn score(&self, requests: &[ScoreRequest]) -> Result<Vec<OptionScores>> {
        requests.iter().map(|request| self.score_one(request)).collect()
    }
}

impl StandIn {
    fn score_one(&self, request: &ScoreRequest) -> Result<OptionScores> {
        self.shared.log.lock().unwrap().push(request.question.to_owned());
        let says = |word: &str| request.question.split(' ').any(|w| w == word);
        if says(HOLD) {
            self.shared.hold(Event::Held);
        }
        assert!(!says(PANIC), "the stand-in was told to panic: secret detail");
        if says(REFUSE) {
            return Err(Error::BadRequest { reason: "the stand-in refuses this question".to_owned() });
        }
        if says(FAIL) {
            return Err(Error::BadWeights { file: "secret".to_owned(), reason: "told to fail".to_owned() });
        }
        let tokens = &request.vision.tokens;
        let state: Vec<f32> = (0..3).map(|c| tokens.iter().skip(c).step_by(3).sum::<f32>() / 4.0).collect();
        // The brighter the picture's red, the later the option.
        let count = request.options.len() as f32;
        let centre = |index: usize| (index as f32 + 0.5) / count;
        let score = |index: usize| -8.0 * f64::from((state[0] - centre(index)).abs()) - 0.1;
        Ok(OptionScores {
            log_likelihoods: (0..request.options.len()).map(score).collect(),
            token_counts: vec![2; request.options.len()],
            option_states: (0..request.options.len()).map(|i| vec![state[0], state[1], i as f32]).collect(),
            context_state: state,
        })
    }
}

/// Mean red, green and blue in [0, 1] of one half of some rows.
fn mean(picture: &Raster, (top, bottom): (u32, u32), left: bool) -> [f32; 3] {
    let middle = picture.width_px / 2;
    let columns = if left { 0..middle.max(1) } else { middle..picture.width_px };
    let mut sum = [0.0; 3];
    let mut count = 0.0f32;
    for y in top..bottom.max(top + 1).min(picture.height_px) {
        for x in columns.clone() {
            let at = (y as usize * picture.width_px as usize + x as usize) * 4;
            count += 1.0;
            for (sum, value) in sum.iter_mut().zip(&picture.rgba[at..at + 3]) {
                *sum += f32::from(*value) / 255.0;
            }
        }
    }
    sum.map(|sum| sum / count.max(1.0))
}

fn info() -> ModelInfo {
    ModelInfo {
        name: "stand-in".to_owned(),
        family: "test",
        parameter_count: 0,
        dtype: "f32".to_owned(),
        device: "cpu".to_owned(),
        inputs: InputLimits { min_pixels: 1, max_pixels: 1 << 20, token_side_px: 1, max_tokens: 1 << 20 },
        limits: "knows only mean colours".to_owned(),
        weights_sha256: "0".repeat(64),
    }
}
