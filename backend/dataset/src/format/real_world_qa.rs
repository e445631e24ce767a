//! RealWorldQA: image, question, answer. Options stand inside the question, and the answer is a letter, a number or a
//! word.
//!
//! The question's own request for a letter or a word is left out: how it is put is the prompt's business.

use super::answer::{ask_openly, ask_yes_or_no, choose, yes_or_no};
use super::{Surroundings, plain};
use crate::error::{DatasetError, RowNumber};
use crate::row::Row;
use crate::sample::Sample;

pub(super) fn sample(mut row: Row, surroundings: &Surroundings) -> Result<Sample, DatasetError> {
    let images = surroundings.root.images(&mut row, "image")?;
    let id = match row.first_of(&["id", "index", "question_id"])? {
        Some((_, id)) => id,
        None => match row.place.row {
            RowNumber::Line(number) | RowNumber::Entry(number) => number.to_string(),
            RowNumber::Parquet { group, row } => format!("{group}-{row}"),
            RowNumber::Whole => surroundings.stem.clone(),
        },
    };
    let mut sample = plain(&row, id, row.required("question")?);
    sample.images = images;
    ask(&mut sample, row.owned("answer")?)?;
    Ok(sample)
}

/// Makes of a question without columns for options what its text and answer say that it is.
pub(super) fn ask(sample: &mut Sample, answer: Option<String>) -> Result<(), DatasetError> {
    let (question, options) = inline_options(&sample.question);
    sample.question = question;
    if !options.is_empty() {
        return choose(sample, options, answer, "answer");
    }
    match answer.as_deref().map(yes_or_no) {
        Some(Some(is_yes)) => ask_yes_or_no(sample, Some(is_yes)),
        _ => ask_openly(sample, answer.map(|text| vec![text.trim().to_owned()])),
    }
    Ok(())
}

/// A question and the options on its lines `A. text`, `B. text`, ...
fn inline_options(text: &str) -> (String, Vec<(char, String)>) {
    let mut question = Vec::new();
    let mut options: Vec<(char, String)> = Vec::new();
    for line in text.lines().filter(|line| !is_request(line)) {
        match (line_option(line), options.last()) {
            (Some((letter @ 'A', text)), None) => options.push((letter, text)),
            (Some((letter, text)), Some((last, _))) if letter as u32 == *last as u32 + 1 => {
                options.push((letter, text))
            }
            // One option alone is no choice: an initial, perhaps.
            _ => question.push(line),
        }
    }
    if options.len() < 2 {
        if !text.lines().any(is_request) {
            return (text.to_owned(), Vec::new());
        }
        let kept: Vec<&str> = text.lines().filter(|line| !is_request(line)).collect();
        return (kept.join("\n").trim().to_owned(), Vec::new());
    }
    (question.join("\n").trim().to_owned(), options)
}

fn is_request(line: &str) -> bool {
    line.trim_start().starts_with("Please answer directly with")
}

fn line_option(line: &str) -> Option<(char, String)> {
    let line = line.trim().trim_start_matches('(');
    let letter = line.chars().next().filter(char::is_ascii_uppercase)?;
    let text = line[1..].strip_prefix(['.', ')', ':'])?.trim();
    (!text.is_empty()).then(|| (letter, text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::inline_options;

    #[test]
    fn options_stand_on_lines_of_the_question() {
        let (question, options) = inline_options(
            "Which way?\n\nA. Left\nB. None\nC. Right\nPlease answer directly with only the letter of the correct option and nothing else.",
        );
        assert_eq!(question, "Which way?");
        assert_eq!(options, [('A', "Left"), ('B', "None"), ('C', "Right")].map(|(l, t)| (l, t.to_owned())));
        let (question, options) =
            inline_options("How many?\nA. Smith asks.\nPlease answer directly with a single word or number.");
        assert_eq!((question.as_str(), options.len()), ("How many?\nA. Smith asks.", 0));
    }
}
