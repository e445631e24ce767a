//! A question that the engine can trust: checked once, cheap to copy, usable as a cache key.

use crate::config::LimitsConfig;
use flipside_shared::api::{QuestionBody, RegimeName};
use std::sync::Arc;

/// A checked question.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// The question, without surrounding white space.
    pub text: Arc<str>,
    /// Two or more distinct options, without surrounding white space.
    pub options: Arc<[String]>,
    /// The prompt regime.
    pub regime: RegimeName,
}

/// Why a question was refused. Options count from 0 here and from 1 in the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// Nothing but white space.
    #[error("the question is empty")]
    Empty,
    /// Beyond the limit.
    #[error("the question has {bytes} bytes, more than the {limit_bytes} allowed")]
    TooLong {
        /// Bytes of UTF-8 found.
        bytes: usize,
        /// Bytes allowed.
        limit_bytes: usize,
    },
    /// A control character, such as a null byte.
    #[error("the question or an option has a control character (U+{code_point:04X})")]
    ControlCharacter {
        /// Its code point.
        code_point: u32,
    },
    /// One option or none: nothing to choose from.
    #[error("a question needs at least two options, this one has {found}")]
    TooFewOptions {
        /// Options found.
        found: usize,
    },
    /// Beyond the limit.
    #[error("the question has {found} options, more than the {limit} allowed")]
    TooManyOptions {
        /// Options found.
        found: usize,
        /// Options allowed.
        limit: usize,
    },
    /// Nothing but white space.
    #[error("option {} is empty", .index + 1)]
    EmptyOption {
        /// Its index.
        index: usize,
    },
    /// Beyond the limit.
    #[error("option {} has {bytes} bytes, more than the {limit_bytes} allowed", .index + 1)]
    OptionTooLong {
        /// Its index.
        index: usize,
        /// Bytes of UTF-8 found.
        bytes: usize,
        /// Bytes allowed.
        limit_bytes: usize,
    },
    /// Two options are the same.
    #[error("options {} and {} are the same", .first + 1, .second + 1)]
    DuplicateOption {
        /// Index of the one.
        first: usize,
        /// Index of the other.
        second: usize,
    },
}

impl QuestionError {
    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "question_empty",
            Self::TooLong { .. } => "question_too_long",
            Self::ControlCharacter { .. } => "question_control_character",
            Self::TooFewOptions { .. } => "question_too_few_options",
            Self::TooManyOptions { .. } => "question_too_many_options",
            Self::EmptyOption { .. } => "question_empty_option",
            Self::OptionTooLong { .. } => "question_option_too_long",
            Self::DuplicateOption { .. } => "question_duplicate_option",
        }
    }

    /// The field of the request at fault.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Empty | Self::TooLong { .. } | Self::ControlCharacter { .. } => "question.text",
            _ => "question.options",
        }
    }
}

impl Question {
    /// Checks a question against the limits.
    ///
    /// Any script is welcome, right-to-left ones included; control characters are not.
    ///
    /// # Errors
    /// The first thing wrong with it.
    pub fn check(body: &QuestionBody, limits: &LimitsConfig) -> Result<Self, QuestionError> {
        let limit_bytes = limits.max_question_bytes as usize;
        let text = body.text.trim();
        if text.is_empty() {
            return Err(QuestionError::Empty);
        }
        if body.text.len() > limit_bytes {
            return Err(QuestionError::TooLong { bytes: body.text.len(), limit_bytes });
        }
        let (found, limit) = (body.options.len(), limits.max_options as usize);
        if found < 2 {
            return Err(QuestionError::TooFewOptions { found });
        }
        if found > limit {
            return Err(QuestionError::TooManyOptions { found, limit });
        }
        let options: Vec<String> = body.options.iter().map(|option| option.trim().to_owned()).collect();
        for (index, option) in options.iter().enumerate() {
            if option.is_empty() {
                return Err(QuestionError::EmptyOption { index });
            }
            if option.len() > limit_bytes {
                return Err(QuestionError::OptionTooLong { index, bytes: option.len(), limit_bytes });
            }
            if let Some(first) = options[..index].iter().position(|earlier| earlier == option) {
                return Err(QuestionError::DuplicateOption { first, second: index });
            }
        }
        let control = |c: &char| c.is_control() && *c != '\n' && *c != '\t';
        let mut characters = text.chars().chain(options.iter().flat_map(|option| option.chars()));
        if let Some(found) = characters.find(control) {
            return Err(QuestionError::ControlCharacter { code_point: u32::from(found) });
        }
        Ok(Self { text: text.into(), options: options.into(), regime: body.regime })
    }

    /// The question for a picture of which only the context state is wanted: with one option where the prompt does
    /// not list them, since the context comes before the options.
    pub fn for_context(&self) -> Self {
        match self.regime {
            RegimeName::Mcq | RegimeName::OpenWithOptions => self.clone(),
            RegimeName::Plain | RegimeName::Open | RegimeName::Pope => {
                Self { options: self.options.iter().take(1).cloned().collect(), ..self.clone() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, options: &[&str]) -> Result<Question, QuestionError> {
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        let body = QuestionBody { text: text.to_owned(), options, regime: RegimeName::Plain };
        Question::check(&body, &LimitsConfig::default())
    }

    #[test]
    fn each_fault_has_its_name() {
        assert_eq!(check(" \n", &["a", "b"]), Err(QuestionError::Empty));
        let long = "x".repeat(100_000);
        let too_long = QuestionError::TooLong { bytes: 100_000, limit_bytes: 2_000 };
        assert_eq!(check(&long, &["a", "b"]), Err(too_long));
        assert_eq!(check("q", &["a"]), Err(QuestionError::TooFewOptions { found: 1 }));
        assert_eq!(check("q", &["a", " "]), Err(QuestionError::EmptyOption { index: 1 }));
        let duplicate = QuestionError::DuplicateOption { first: 0, second: 2 };
        assert_eq!(check("q", &["a", "b", " a "]), Err(duplicate));
        assert_eq!(check("q\0", &["a", "b"]), Err(QuestionError::ControlCharacter { code_point: 0 }));
        let many: Vec<String> = (0..17).map(|i| i.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(check("q", &many), Err(QuestionError::TooManyOptions { found: 17, limit: 16 }));
    }

    #[test]
    fn right_to_left_text_is_a_question_like_any_other() {
        let question = check(" ما لون المكعب؟ ", &["أحمر", "أزرق"]).unwrap();
        assert_eq!(&*question.text, "ما لون المكعب؟");
    }

    #[test]
    fn the_context_needs_all_options_only_where_the_prompt_lists_them() {
        let mut question = check("q", &["a", "b"]).unwrap();
        assert_eq!(question.for_context().options.len(), 1);
        question.regime = RegimeName::Mcq;
        assert_eq!(question.for_context().options.len(), 2);
    }
}
