//! From the scores of one question's options, clean and perturbed, to the metrics of labels and predictions.

use super::{FLIPPED, KEPT, Measured, NEEDS_TRUTH};
use crate::metrics::error::MetricError;
use crate::metrics::labels::{Label, accuracy::accuracy, transitions::Transitions};
use crate::metrics::predictions::brier::brier;
use crate::metrics::predictions::ras::{Behaviour, RasShift, RasVariant};
use crate::metrics::predictions::{arg_max, entropy, margin_of, softmax};

/// Behaviours in words.
pub(super) const BEHAVIOURS: [(Behaviour, &str); 4] = [
    (Behaviour::Stable, "stable"),
    (Behaviour::Hesitant, "hesitant"),
    (Behaviour::ErroneouslyConfident, "erroneously confident"),
    (Behaviour::Corrected, "corrected"),
];

/// Metrics that need the true answer.
const WITH_TRUTH: [&str; 12] = [
    "right_to_right",
    "right_to_wrong",
    "wrong_to_right",
    "wrong_to_wrong",
    "accuracy",
    "brier",
    "ras",
    "alignment_shift",
    "uncertainty_shift",
    "behaviour",
    "ras_confidence",
    "ras_hesitation",
];

/// One question on two pictures. The three slices have the same length, at least 2; scores are log-likelihoods in nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answers<'a> {
    /// The options' texts.
    pub options: &'a [String],
    /// Scores on the clean picture.
    pub clean: &'a [f64],
    /// Scores on the perturbed picture.
    pub perturbed: &'a [f64],
    /// The true option of both pictures, where it is known.
    pub truth: Option<usize>,
}

/// The values.
///
/// # Errors
/// Slices that do not fit each other, scores that are not finite, a truth that is no option.
pub fn answers(of: Answers<'_>) -> Result<Vec<Measured>, MetricError> {
    let (clean, perturbed) = (softmax(of.clean), softmax(of.perturbed));
    let (before, after) = (arg_max(of.clean), arg_max(of.perturbed));
    let mut values = vec![Measured::word("flip", if before == after { KEPT } else { FLIPPED })];
    for (index, option) in of.options.iter().enumerate() {
        let quoted = format!("“{option}”");
        let at = |scores: &[f64]| scores.get(index).copied().unwrap_or(f64::NAN);
        let pair =
            |id, clean: &[f64], perturbed: &[f64]| Measured::pair(id, at(clean), at(perturbed)).part(&quoted);
        values.push(pair("log_likelihood", of.clean, of.perturbed));
        values.push(pair("probability", &clean, &perturbed));
    }
    values.push(Measured::pair("margin", margin_of(of.clean, before), margin_of(of.perturbed, before)));
    values.push(Measured::pair("entropy", entropy(&clean), entropy(&perturbed)));
    let Some(truth) = of.truth else {
        values.extend(WITH_TRUTH.map(|id| Measured::word(id, NEEDS_TRUTH)));
        return Ok(values);
    };
    let shift = RasShift::of(&clean, &perturbed, truth)?;
    let label = |answer: usize| [answer as Label];
    let went = Transitions::of(&label(truth), &label(before), &label(after))?;
    let right = |answer| accuracy(&label(truth), &label(answer));
    let behaviour = BEHAVIOURS.into_iter().find(|(behaviour, _)| *behaviour == shift.behaviour());
    values.extend([
        Measured::number("right_to_right", went.right_to_right as f64),
        Measured::number("right_to_wrong", went.right_to_wrong as f64),
        Measured::number("wrong_to_right", went.wrong_to_right as f64),
        Measured::number("wrong_to_wrong", went.wrong_to_wrong as f64),
        Measured::pair("accuracy", right(before)?, right(after)?),
        Measured::pair("brier", brier(&[&clean], &[truth])?, brier(&[&perturbed], &[truth])?),
        Measured::number("ras", shift.score(RasVariant::TrueOption)),
        Measured::number("alignment_shift", shift.alignment),
        Measured::number("uncertainty_shift", shift.uncertainty),
        Measured::word("behaviour", behaviour.map_or("", |(_, word)| word)),
        Measured::number("ras_confidence", shift.score(RasVariant::Confidence)),
        Measured::number("ras_hesitation", shift.score(RasVariant::HesitationOnly)),
    ]);
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(truth: Option<usize>) -> Vec<Measured> {
        // Odds of 3 to 1 for the first option, then of 1 to 3.
        let (clean, perturbed) = ([libm::log(3.0), 0.0], [0.0, libm::log(3.0)]);
        let options = ["red", "blue"].map(str::to_owned);
        answers(Answers { options: &options, clean: &clean, perturbed: &perturbed, truth }).unwrap()
    }

    fn of<'a>(values: &'a [Measured], id: &str) -> &'a Measured {
        values.iter().find(|value| value.id == id).unwrap()
    }

    fn near(value: Option<f64>, expected: f64) -> bool {
        value.is_some_and(|value| (value - expected).abs() < 1e-12)
    }

    #[test]
    fn a_flip_from_right_to_wrong_by_hand() {
        let values = measured(Some(0));
        assert_eq!(of(&values, "flip").word.as_deref(), Some(FLIPPED));
        let red = of(&values, "probability");
        assert!(red.part == "“red”" && near(red.clean, 0.75) && near(red.value, 0.25), "{red:?}");
        assert!(
            near(of(&values, "margin").clean, libm::log(3.0))
                && near(of(&values, "margin").value, -libm::log(3.0))
        );
        assert!(
            near(of(&values, "right_to_wrong").value, 1.0) && near(of(&values, "right_to_right").value, 0.0)
        );
        // (1 - 3/4)^2 + (1/4)^2 and (1 - 1/4)^2 + (3/4)^2.
        assert!(near(of(&values, "brier").clean, 0.125) && near(of(&values, "brier").value, 1.125));
        // dA = 1/4 - 3/4; the entropy is the same, so dU = 0.
        assert!(near(of(&values, "ras").value, -0.5) && near(of(&values, "uncertainty_shift").value, 0.0));
        assert_eq!(of(&values, "behaviour").word.as_deref(), Some("erroneously confident"));
    }

    #[test]
    fn without_a_truth_the_rest_stands_and_the_reason_is_said() {
        let values = measured(None);
        assert!(near(of(&values, "margin").clean, libm::log(3.0)));
        for id in WITH_TRUTH {
            assert_eq!(of(&values, id).word.as_deref(), Some(NEEDS_TRUTH), "{id}");
        }
        assert_eq!(values.len(), measured(Some(1)).len());
    }
}
