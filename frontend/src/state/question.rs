//! Whether a question can be asked, before the server is bothered with it.

use flipside_shared::api::ApiLimits;
use flipside_shared::lab::LabQuestion;

/// What is wrong with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionProblem {
    /// No words.
    Empty,
    /// More bytes than the server takes.
    TooLong,
    /// Fewer than two options.
    TooFewOptions,
    /// More than the server takes.
    TooManyOptions,
    /// An option without words.
    EmptyOption,
    /// The same option twice.
    DuplicateOption,
}

/// The limits that hold before the server has told its own.
pub const ASSUMED_QUESTION_BYTES: u32 = 2_000;
const ASSUMED_OPTIONS: u32 = 16;

/// The first thing wrong with a question, if any.
pub fn question_problem(question: &LabQuestion, limits: Option<&ApiLimits>) -> Option<QuestionProblem> {
    let max_bytes = limits.map_or(ASSUMED_QUESTION_BYTES, |limits| limits.max_question_bytes) as usize;
    let max_options = limits.map_or(ASSUMED_OPTIONS, |limits| limits.max_options) as usize;
    let options = &question.options;
    let repeats =
        |(index, option): (usize, &String)| options[..index].iter().any(|o| o.trim() == option.trim());
    if question.text.trim().is_empty() {
        Some(QuestionProblem::Empty)
    } else if question.text.len() > max_bytes || options.iter().any(|option| option.len() > max_bytes) {
        Some(QuestionProblem::TooLong)
    } else if options.len() < 2 {
        Some(QuestionProblem::TooFewOptions)
    } else if options.len() > max_options {
        Some(QuestionProblem::TooManyOptions)
    } else if options.iter().any(|option| option.trim().is_empty()) {
        Some(QuestionProblem::EmptyOption)
    } else if options.iter().enumerate().any(repeats) {
        Some(QuestionProblem::DuplicateOption)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str, options: &[&str]) -> Option<QuestionProblem> {
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        let question = LabQuestion { text: text.to_owned(), options, ..LabQuestion::default() };
        question_problem(&question, None)
    }

    #[test]
    fn each_problem_is_named() {
        assert_eq!(problem("Is it?", &["yes", "no"]), None);
        assert_eq!(problem("  ", &["yes", "no"]), Some(QuestionProblem::Empty));
        assert_eq!(problem(&"x".repeat(100_000), &["yes", "no"]), Some(QuestionProblem::TooLong));
        assert_eq!(problem("?", &["yes"]), Some(QuestionProblem::TooFewOptions));
        assert_eq!(problem("?", &["yes", " "]), Some(QuestionProblem::EmptyOption));
        assert_eq!(problem("?", &["yes", "yes "]), Some(QuestionProblem::DuplicateOption));
        let many: Vec<String> = (0..40).map(|i| i.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(problem("?", &many), Some(QuestionProblem::TooManyOptions));
    }
}
