//! Paired bars: each option's probability on the clean and on the perturbed picture.

use super::colour::{AXIS, CLEAN, PERTURBED};
use super::svg::{Anchor, Drawing};
use crate::decimal::fixed;

/// Options with their probabilities; the three slices have the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbabilityBars<'a> {
    /// The question.
    pub question: &'a str,
    /// The options' texts.
    pub options: &'a [String],
    /// Probabilities on the clean picture, each in 0..1.
    pub clean: &'a [f64],
    /// Probabilities on the perturbed picture, each in 0..1.
    pub perturbed: &'a [f64],
}

/// One row per option: the upper bar is the clean picture, the lower one the perturbed picture.
pub fn probability_bars(bars: &ProbabilityBars<'_>) -> String {
    const ROW: f64 = 40.0;
    const LEFT: f64 = 150.0;
    const FULL: f64 = 400.0;
    let mut drawing = Drawing::new(640.0, 52.0 + ROW * bars.options.len() as f64, bars.question);
    drawing.text("label", AXIS, (0.0, 14.0), Anchor::Start, bars.question);
    drawing.text("clean", CLEAN, (LEFT, 36.0), Anchor::Start, "clean");
    drawing.text("perturbed", PERTURBED, (LEFT + 50.0, 36.0), Anchor::Start, "perturbed");
    let mut y = 52.0;
    for (option, (clean, perturbed)) in bars.options.iter().zip(bars.clean.iter().zip(bars.perturbed)) {
        drawing.text("option", AXIS, (LEFT - 10.0, y + 17.0), Anchor::End, option);
        let mut offset = 0.0;
        for (class, colour, p) in [("clean", CLEAN, *clean), ("perturbed", PERTURBED, *perturbed)] {
            let percent = format!("{} %", fixed(p * 100.0, 1));
            drawing.rect(class, colour, (LEFT, y + offset), (FULL * p, 12.0), &percent);
            drawing.text("tick", AXIS, (LEFT + FULL * p + 6.0, y + offset + 10.0), Anchor::Start, &percent);
            offset += 14.0;
        }
        y += ROW;
    }
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_bars_per_option() {
        let options = ["yes".to_owned(), "<no>".to_owned()];
        let svg = probability_bars(&ProbabilityBars {
            question: "Is there a cube?",
            options: &options,
            clean: &[0.75, 0.25],
            perturbed: &[0.5, 0.5],
        });
        assert_eq!(svg.matches("<rect").count(), 4);
        assert!(svg.contains("width=\"300\"") && svg.contains("75.0 %") && svg.contains("&lt;no&gt;"));
    }
}
