//! From a data set's samples to cases that the model can take; rows that are none come along, in their place.

use crate::{
    config::LimitsConfig,
    engine::{Question, regime},
    jobs::evaluate::{Case, CasePicture, RunError, Scoring, SkippedRow},
};
use flipside_dataset::{Dataset, DatasetError, ImageSource, Regime, RowNumber, Sample};
use flipside_shared::api::{QuestionBody, RegimeName};
use flipside_vlm::prompt::letter;
use serde_json::{Map, Value};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// How questions are put.
#[derive(Clone, Copy)]
pub struct Asking {
    /// In place of the data set's own regime.
    pub regime: Option<RegimeName>,
    /// How options are scored.
    pub scoring: Scoring,
}

/// The cases of a data set.
pub struct Cases {
    dataset: Dataset,
    asking: Asking,
    limits: LimitsConfig,
    expected: Arc<AtomicU64>,
    /// Skipped rows that were handed out.
    told: usize,
    /// A case that waits until the rows skipped before it are told.
    waiting: Option<Result<Case, RunError>>,
}

impl Cases {
    /// Reads from `dataset`.
    pub fn new(dataset: Dataset, asking: Asking) -> Self {
        // A benchmark's question may be a page long; the server's limit is for visitors.
        let limits = LimitsConfig { max_question_bytes: 1 << 20, max_options: 26, ..LimitsConfig::default() };
        Self { dataset, asking, limits, expected: Arc::default(), told: 0, waiting: None }
    }

    /// How many there will be in all, as far as is known; 0 where nothing is.
    pub fn expected(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.expected)
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
            regime: self.asking.regime.unwrap_or(match sample.regime {
                Regime::Mcq => RegimeName::Mcq,
                Regime::Pope => RegimeName::Pope,
                Regime::Plain => RegimeName::Plain,
            }),
        };
        let question = Question::check(&body, &self.limits).map_err(|error| bad(error.to_string()))?;
        let put = self.put(&question, sample.hint.as_deref()).map_err(bad)?;
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
            put,
            marks,
        })
    }

    /// The question as the model gets it. Only the lettered regime to select from has a place for a hint, before all else.
    fn put(&self, question: &Question, hint: Option<&str>) -> Result<Question, String> {
        let is_lettered = matches!(question.regime, RegimeName::Mcq | RegimeName::OpenWithOptions);
        let by_letter = self.asking.scoring == Scoring::Letter;
        if by_letter && !is_lettered {
            return Err("its options have no letters in this prompt; add --regime mcq".to_owned());
        }
        let hint = hint.filter(|_| question.regime == RegimeName::Mcq);
        if hint.is_none() && !by_letter {
            return Ok(question.clone());
        }
        let prompt = regime(question.regime).text(&question.text, &question.options);
        let text = hint.map(|hint| format!("Hint: {}\n", hint.trim())).unwrap_or_default() + &prompt;
        let options = match by_letter {
            true => (0..question.options.len()).map(letter).collect(),
            false => question.options.to_vec(),
        };
        // The words are all there: nothing is to be put around them.
        let body = QuestionBody { text, options, regime: RegimeName::Plain };
        Question::check(&body, &self.limits).map_err(|error| error.to_string())
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

impl Cases {
    /// Reads the next sample; none at the end.
    fn read(&mut self) -> Option<Result<Case, RunError>> {
        let read = self.dataset.next();
        self.expected.store(self.dataset.expected().unwrap_or(0), Ordering::Relaxed);
        // The sample just handed out.
        let index = self.dataset.position().saturating_sub(1);
        Some(read?.map_err(RunError::from).and_then(|sample| self.case(index, sample)))
    }

    /// The next row that was skipped and is not yet told.
    fn skipped_row(&mut self) -> Option<RunError> {
        let row = self.dataset.skipped().get(self.told)?;
        self.told += 1;
        Some(RunError::BadRow(SkippedRow {
            file: row.place.file.display().to_string(),
            line: match row.place.row {
                RowNumber::Line(line) => Some(line),
                _ => None,
            },
            reason: row.reason.clone(),
        }))
    }
}

impl Iterator for Cases {
    type Item = Result<Case, RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.waiting.is_none() {
            self.waiting = self.read();
        }
        self.skipped_row().map(Err).or_else(|| self.waiting.take())
    }
}

impl From<DatasetError> for RunError {
    fn from(error: DatasetError) -> Self {
        Self::Data { reason: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flipside_dataset::{Selection, World};

    fn put(regime: RegimeName, scoring: Scoring, hint: Option<&str>) -> Result<Question, String> {
        let dataset = Dataset::world(World { count: 1, seed: 0, size_px: 32 }, Selection::default());
        let cases = Cases::new(dataset, Asking { regime: None, scoring });
        let options = ["red", "blue"].map(str::to_owned).into();
        let body = QuestionBody { text: "What color is it?".to_owned(), options, regime };
        cases.put(&Question::check(&body, &cases.limits).unwrap(), hint)
    }

    /// arXiv 2602.06652: the hint is the first line of the lettered prompt, where there is one.
    #[test]
    fn a_hint_stands_first() {
        let found = put(RegimeName::Mcq, Scoring::Sum, Some(" It is not red. ")).unwrap();
        assert_eq!(
            &*found.text,
            "Hint: It is not red.\nQuestion: What color is it?\nOptions:\nA. red\nB. blue\nPlease select the correct \
             answer from the options above."
        );
        assert_eq!(
            (&*found.options, found.regime),
            (&["red".to_owned(), "blue".to_owned()][..], RegimeName::Plain)
        );
        let plain = put(RegimeName::Plain, Scoring::Sum, Some("It is not red.")).unwrap();
        assert_eq!((&*plain.text, plain.regime), ("What color is it?", RegimeName::Plain));
        assert_eq!(put(RegimeName::Mcq, Scoring::Sum, None).unwrap().regime, RegimeName::Mcq);
    }

    #[test]
    fn letters_are_scored_where_the_prompt_has_them() {
        let found = put(RegimeName::Mcq, Scoring::Letter, None).unwrap();
        assert_eq!(*found.options, ["A", "B"]);
        assert!(found.text.starts_with("Question: ") && found.text.contains("B. blue"));
        for regime in [RegimeName::Plain, RegimeName::Open, RegimeName::Pope] {
            assert!(put(regime, Scoring::Letter, None).unwrap_err().contains("--regime mcq"));
        }
    }
}
