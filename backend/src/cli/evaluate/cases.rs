//! From a data set's samples to cases that the model can take.

use crate::{
    config::LimitsConfig,
    engine::Question,
    jobs::evaluate::{Case, CasePicture, RunError},
};
use flipside_dataset::{Dataset, DatasetError, ImageSource, Regime, Sample};
use flipside_shared::api::{QuestionBody, RegimeName};
use serde_json::{Map, Value};

/// The cases of a data set; `regime` overrides the data set's own.
pub struct Cases {
    dataset: Dataset,
    regime: Option<RegimeName>,
    limits: LimitsConfig,
}

impl Cases {
    /// Reads from `dataset`.
    pub fn new(dataset: Dataset, regime: Option<RegimeName>) -> Self {
        // A benchmark's question may be a page long; the server's limit is for visitors.
        let limits = LimitsConfig { max_question_bytes: 1 << 20, max_options: 26, ..LimitsConfig::default() };
        Self { dataset, regime, limits }
    }

    /// The rows that were skipped so far, in words.
    pub fn skipped_rows(&self) -> Vec<String> {
        self.dataset.report().skipped.into_iter().map(|row| row.reason).collect()
    }

    fn case(&self, index: u64, sample: Sample) -> Result<Case, RunError> {
        let bad = |reason: String| RunError::BadCase { sample: index, id: sample.id.clone(), reason };
        let [image] = sample.images.as_slice() else {
            return Err(bad(format!("it has {} pictures; models take one here", sample.images.len())));
        };
        if sample.options.is_empty() {
            return Err(bad("it is an open question: there are no options to score".to_owned()));
        }
        let picture = match &image.source {
            ImageSource::Scene(scene) => CasePicture::Scene { seed: scene.seed, size_px: scene.size_px },
            _ => CasePicture::File(image.encoded(&sample.place).map_err(|error| bad(error.to_string()))?),
        };
        let body = QuestionBody {
            text: text(&sample),
            options: sample.options.clone(),
            regime: self.regime.unwrap_or(match sample.regime {
                Regime::Mcq => RegimeName::Mcq,
                Regime::Pope => RegimeName::Pope,
                Regime::Plain => RegimeName::Plain,
            }),
        };
        let question = Question::check(&body, &self.limits).map_err(|error| bad(error.to_string()))?;
        let marks = match serde_json::to_value(&sample.scoring) {
            Ok(Value::Object(marks)) => marks,
            _ => Map::new(),
        };
        Ok(Case {
            index,
            right: sample.right_option(),
            categories: sample.categories.values().flatten().cloned().collect(),
            id: sample.id,
            picture,
            question,
            marks,
        })
    }
}

/// The question's words: the picture stands before them, so its name in the text goes.
fn text(sample: &Sample) -> String {
    let words = sample.parts(&sample.question).into_iter().map(|part| match part {
        flipside_dataset::Part::Text(words) => words,
        flipside_dataset::Part::Image(_) => "",
    });
    words.collect()
}

impl Iterator for Cases {
    type Item = Result<Case, RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.dataset.next()?;
        // The sample just handed out.
        let index = self.dataset.position().saturating_sub(1);
        Some(read.map_err(RunError::from).and_then(|sample| self.case(index, sample)))
    }
}

impl From<DatasetError> for RunError {
    fn from(error: DatasetError) -> Self {
        Self::Data { reason: error.to_string() }
    }
}
