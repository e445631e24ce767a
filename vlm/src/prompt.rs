//! The text of a prompt: how a question and its options are put to a model.
//!
//! The wording is that of "Same Answer, Different Representations" (arXiv 2602.06652), which puts the image first and
//! the text after it, plus `plain`, the question alone. Pure text; knows neither tokens nor chat templates.

use serde::{Deserialize, Serialize};

/// A way to ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromptRegime {
    /// The question alone: what the embedded model is trained on.
    #[default]
    Plain,
    /// Lettered options to select from.
    Mcq,
    /// A concise free answer; the options are not shown.
    Open,
    /// Lettered options for reference, answered freely.
    OpenWithOptions,
    /// Exactly one word: Yes or No.
    Pope,
}

impl PromptRegime {
    /// The text that follows the image.
    pub fn text(self, question: &str, options: &[String]) -> String {
        match self {
            Self::Plain => question.to_owned(),
            Self::Mcq => format!(
                "Question: {question}\nOptions:\n{}Please select the correct answer from the options above.",
                lettered(options)
            ),
            Self::Open => format!("Question: {question}\nPlease answer the question concisely."),
            Self::OpenWithOptions => format!(
                "Question: {question}\nOptions (for your reference; answer freely):\n{}Provide the best answer in \
                 your own words.",
                lettered(options)
            ),
            Self::Pope => format!("Question: {question}\nAnswer with exactly one word: Yes or No."),
        }
    }
}

/// `A. first\nB. second\n`; after Z come AA, AB, ...
fn lettered(options: &[String]) -> String {
    options.iter().enumerate().map(|(index, option)| format!("{}. {option}\n", letter(index))).collect()
}

/// The label of the option at `index`: A to Z, then AA, AB, ...
pub fn letter(index: usize) -> String {
    let last = char::from(b'A' + (index % 26) as u8);
    match index / 26 {
        0 => last.to_string(),
        more => letter(more - 1) + &last.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wording() {
        let options = ["red".to_owned(), "blue".to_owned()];
        let ask = |regime: PromptRegime| regime.text("What color is it?", &options);
        assert_eq!(ask(PromptRegime::Plain), "What color is it?");
        assert_eq!(
            ask(PromptRegime::Mcq),
            "Question: What color is it?\nOptions:\nA. red\nB. blue\nPlease select the correct answer from the options \
             above."
        );
        assert_eq!(
            ask(PromptRegime::Open),
            "Question: What color is it?\nPlease answer the question concisely."
        );
        assert_eq!(
            ask(PromptRegime::OpenWithOptions),
            "Question: What color is it?\nOptions (for your reference; answer freely):\nA. red\nB. blue\nProvide the \
             best answer in your own words."
        );
        assert_eq!(
            ask(PromptRegime::Pope),
            "Question: What color is it?\nAnswer with exactly one word: Yes or No."
        );
        assert_eq!((letter(25), letter(26), letter(53)), ("Z".into(), "AA".into(), "BB".into()));
    }
}
