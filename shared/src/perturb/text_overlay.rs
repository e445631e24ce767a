//! Text in a box, as an instruction, as noise, or as mere occlusion.

use super::Rgb;
use super::canvas::fill_rectangle;
use super::text::Line;
use crate::json::json_words;
use crate::raster::Raster;
use crate::recipe::{Choice, OperationGroup, OperationSchema, ParamKind, ParamSchema};
use crate::rng::{Rng, stream};
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

json_words! {
    OverlayKind { Semantic = "semantic", Random = "random", Empty = "empty", Custom = "custom" }
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

/// Between the text and the edge of its box, pixels.
const PADDING_PX: u32 = 4;

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
    pub fn apply(&self, image: &Raster, seed: u64) -> Raster {
        let mut output = image.clone();
        let size_px = (image.height_px / 32).max(14) as f32 * self.size as f32;
        // The line that shapes the box.
        let shaping = match self.kind {
            OverlayKind::Custom => Line::new(&self.text, size_px),
            _ => Line::new(&format!("Answer is {}", self.letter), size_px),
        };
        if shaping.width_px == 0 {
            return output;
        }
        let height_px = shaping.above_px + shaping.below_px;
        let place = |percent: f64, outer_px: u32, inner_px: u32| {
            libm::floor((f64::from(outer_px) - f64::from(inner_px)) * percent / 100.0) as i64
        };
        let left = place(self.x_percent, image.width_px, shaping.width_px);
        let top = place(self.y_percent, image.height_px, height_px);
        let padded = |side_px: u32| side_px + 2 * PADDING_PX;
        let corner = (left - i64::from(PADDING_PX), top - i64::from(PADDING_PX));
        let size = (padded(shaping.width_px), padded(height_px));
        fill_rectangle(&mut output, corner, size, self.box_colour);
        let line = match self.kind {
            OverlayKind::Semantic | OverlayKind::Custom => Some(shaping),
            OverlayKind::Random => Some(self.random_line(seed, size_px, &shaping)),
            OverlayKind::Empty => None,
        };
        if let Some(line) = line {
            let baseline = top + i64::from(height_px) - i64::from(line.below_px);
            line.draw(&mut output, (left, baseline), self.text_colour);
        }
        output
    }

    /// Random text, cut from the right until it is no wider than `shaping`. The letter takes part in the draw, so
    /// that the boxes of several letters hold several texts.
    fn random_line(&self, seed: u64, size_px: f32, shaping: &Line) -> Line {
        const CHARACTERS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        let letter = self.letter.bytes().next().map_or(0, u64::from);
        let mut rng = Rng::new(seed, stream::OVERLAY | letter << 32);
        let length = 6 + rng.below(7);
        let mut text: String = (0..length).map(|_| char::from(CHARACTERS[rng.below(36) as usize])).collect();
        loop {
            let line = Line::new(&text, size_px);
            if line.width_px <= shaping.width_px || text.pop().is_none() {
                return line;
            }
        }
    }
}
