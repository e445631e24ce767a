//! Right answers: letters, texts of options, yes and no.

use crate::error::DatasetError;
use crate::row::Row;
use crate::sample::{Answer, Regime, Sample, Scoring};

/// Options as they stand in a row, each with the letter that the answer may name it by.
pub(super) type Lettered = Vec<(char, String)>;

/// The columns A to Z that are not empty. `None` is a text like any other.
pub(super) fn lettered(row: &Row) -> Result<Lettered, DatasetError> {
    let mut options = Vec::new();
    for letter in 'A'..='Z' {
        if let Some(text) = row.owned(letter.encode_utf8(&mut [0; 4]))? {
            options.push((letter, text));
        }
    }
    Ok(options)
}

/// Options in order behind A, B, C ...
pub(super) fn in_order(texts: Vec<String>) -> Lettered {
    ('A'..='Z').zip(texts).collect()
}

/// Gives a sample its options and its answer, a letter or the text of an option; an empty answer is unknown.
///
/// Options close ranks: where a row has A, B and D, D becomes the third.
pub(super) fn choose(
    sample: &mut Sample,
    options: Lettered,
    answer: Option<String>,
    column: &'static str,
) -> Result<(), DatasetError> {
    if let Some(answer) = answer {
        sample.answer = Some(Answer::Option(right(&options, &answer).ok_or_else(|| {
            let listed: Vec<String> =
                options.iter().map(|(letter, text)| format!("{letter}. {text}")).collect();
            let place = sample.place.clone();
            DatasetError::AnswerNotAnOption { place, column, answer, options: listed.join("; ") }
        })?));
    }
    sample.options = options.into_iter().map(|(_, text)| text).collect();
    Ok(())
}

fn right(options: &Lettered, answer: &str) -> Option<usize> {
    let answer = answer.trim();
    let letter = answer.strip_prefix('(').unwrap_or(answer).trim_end_matches([')', '.']);
    let by_letter =
        |wanted: &str| options.iter().position(|(letter, _)| wanted == letter.encode_utf8(&mut [0; 4]));
    let by_text = || {
        let mut found = options.iter().enumerate().filter(|(_, (_, text))| text.trim() == answer);
        found.next().map(|(index, _)| index).filter(|_| found.next().is_none())
    };
    by_letter(letter).or_else(by_text).or_else(|| by_letter(&letter.to_ascii_uppercase()))
}

/// Whether a text is yes or no.
pub(super) fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim().trim_end_matches('.').to_ascii_lowercase().as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// Makes a sample a question of yes or no; option 0 is yes.
pub(super) fn ask_yes_or_no(sample: &mut Sample, is_yes: Option<bool>) {
    sample.options = vec!["Yes".to_owned(), "No".to_owned()];
    sample.answer = is_yes.map(|is_yes| Answer::Option(usize::from(!is_yes)));
    sample.scoring = Scoring::YesNo;
    sample.regime = Regime::Pope;
}

/// Makes a sample an open question with these right answers.
pub(super) fn ask_openly(sample: &mut Sample, answers: Option<Vec<String>>) {
    sample.answer = answers.map(Answer::Open);
    sample.regime = Regime::Plain;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_letters_or_texts() {
        let options: Lettered =
            [('A', "cat"), ('B', "None"), ('D', "a")].map(|(l, t)| (l, t.to_owned())).into();
        for (answer, index) in
            [("A", 0), ("B.", 1), ("(D)", 2), ("cat", 0), ("None", 1), ("b", 1), (" A ", 0), ("a", 2)]
        {
            assert_eq!(right(&options, answer), Some(index), "{answer}");
        }
        for answer in ["C", "dog", "", "AB"] {
            assert_eq!(right(&options, answer), None, "{answer}");
        }
        let twice = in_order(vec!["x".to_owned(), "x".to_owned()]);
        assert_eq!(right(&twice, "x"), None);
    }
}
