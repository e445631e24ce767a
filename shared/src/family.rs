//! The published perturbation families: fixed sets of single operations, under which a model's flips are counted
//! (arXiv 2602.06652), and the 19 corruptions at their five severities (arXiv 2511.19032). From a family and what is
//! known of a question to the operations; knows no pixels.

use crate::perturb::corruption::{Corruption, CorruptionKind};
use crate::perturb::{OverlayKind, PadCrop, Rgb, Rotate, Scale, ScalePad, TextOverlay, Translate};
use crate::recipe::Operation;

/// A family of perturbations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Cyclic horizontal shifts by 4, 8, 12, 16 px to either side.
    Translation,
    /// The same widths as borders or crops.
    PadCrop,
    /// Bicubic to 0.9 of the size.
    Scale,
    /// The same, on a black and on a white canvas of the old size.
    ScalePad,
    /// By -30 and 30 degrees.
    Rotation,
    /// "Answer is {L}" for the first three labels that the model did not predict.
    TextSemantic,
    /// Random characters in the same boxes.
    TextRandom,
    /// The same boxes, empty.
    TextEmpty,
    /// One corruption at severities 1 to 5.
    Corruption(CorruptionKind),
}

/// One member of a family.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// Unique among all families, such as `translation/+8`.
    pub name: String,
    /// What it does to the picture.
    pub operation: Operation,
}

/// What the overlays of a question depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How many options it has.
    pub options: usize,
    /// Index of the model's answer on the clean picture.
    pub clean_answer: usize,
}

/// Most overlays of one kind.
const OVERLAYS: usize = 3;

impl Family {
    /// All of them, in the order of the published table.
    pub const STABILITY: [Self; 8] = [
        Self::Translation,
        Self::PadCrop,
        Self::Scale,
        Self::ScalePad,
        Self::Rotation,
        Self::TextSemantic,
        Self::TextRandom,
        Self::TextEmpty,
    ];

    /// The 19 corruptions, each a family of its own.
    pub fn corruptions() -> impl Iterator<Item = Self> {
        CorruptionKind::ALL.into_iter().map(Self::Corruption)
    }

    /// Its name on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Translation => "translation",
            Self::PadCrop => "pad_crop",
            Self::Scale => "scale",
            Self::ScalePad => "scale_pad",
            Self::Rotation => "rotation",
            Self::TextSemantic => "text_semantic",
            Self::TextRandom => "text_random",
            Self::TextEmpty => "text_empty",
            Self::Corruption(kind) => kind.schema().id,
        }
    }

    /// The family called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::STABILITY.into_iter().chain(Self::corruptions()).find(|family| family.name() == name)
    }

    /// Its members for a question, in a fixed order.
    pub fn instances(self, asked: Asked) -> Vec<Instance> {
        let widths = [4, 8, 12, 16].into_iter().flat_map(|n_px| [n_px, -n_px]);
        match self {
            Self::Translation => widths
                .map(|n_px| {
                    self.member(
                        format!("{n_px:+}"),
                        Translate { dx_px: n_px, dy_px: 0 },
                        Operation::Translate,
                    )
                })
                .collect(),
            Self::PadCrop => widths
                .map(|n_px| {
                    self.member(format!("{n_px:+}"), PadCrop { n_px, fill: BLACK }, Operation::PadCrop)
                })
                .collect(),
            Self::Scale => {
                vec![self.member("0.9".to_owned(), Scale { factor: 0.9, restore: false }, Operation::Scale)]
            }
            Self::ScalePad => [("black", BLACK), ("white", WHITE)]
                .map(|(name, fill)| {
                    self.member(name.to_owned(), ScalePad { factor: 0.9, fill }, Operation::ScalePad)
                })
                .into(),
            Self::Rotation => [-30.0, 30.0]
                .map(|angle_deg| {
                    let rotate = Rotate { angle_deg, keep_canvas: false, fill: WHITE };
                    self.member(format!("{angle_deg:+}"), rotate, Operation::Rotate)
                })
                .into(),
            Self::TextSemantic => self.overlays(OverlayKind::Semantic, asked),
            Self::TextRandom => self.overlays(OverlayKind::Random, asked),
            Self::TextEmpty => self.overlays(OverlayKind::Empty, asked),
            Self::Corruption(kind) => (1..=5)
                .map(|severity| {
                    let corruption = Corruption { kind, severity: f64::from(severity) };
                    self.member(format!("severity {severity}"), corruption, Operation::Corruption)
                })
                .collect(),
        }
    }

    fn member<T>(self, member: String, of: T, operation: fn(T) -> Operation) -> Instance {
        Instance { name: format!("{}/{member}", self.name()), operation: operation(of) }
    }

    fn overlays(self, kind: OverlayKind, asked: Asked) -> Vec<Instance> {
        (b'A'..=b'H')
            .take(asked.options)
            .enumerate()
            .filter(|(index, _)| *index != asked.clean_answer)
            .take(OVERLAYS)
            .map(|(_, letter)| {
                let letter = char::from(letter).to_string();
                let overlay = TextOverlay {
                    kind,
                    letter: letter.clone(),
                    text: String::new(),
                    x_percent: 50.0,
                    y_percent: 50.0,
                    size: 1.0,
                    text_colour: Rgb([255, 0, 0]),
                    box_colour: WHITE,
                };
                self.member(letter, overlay, Operation::TextOverlay)
            })
            .collect()
    }
}

const BLACK: Rgb = Rgb([0, 0, 0]);
const WHITE: Rgb = Rgb([255, 255, 255]);

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn all(asked: Asked) -> Vec<Instance> {
        let families = Family::STABILITY.into_iter().chain(Family::corruptions());
        families.flat_map(|family| family.instances(asked)).collect()
    }

    #[test]
    fn four_options_make_the_thirty_published_instances_and_ninety_five_corruptions() {
        let instances = all(Asked { options: 4, clean_answer: 1 });
        let names: BTreeSet<&str> = instances.iter().map(|instance| instance.name.as_str()).collect();
        assert_eq!((instances.len(), names.len()), (125, 125));
        assert!(names.contains("fog/severity 5"), "{names:?}");
        let names: BTreeSet<&str> = names.into_iter().filter(|name| !name.contains("severity")).collect();
        assert_eq!(names.len(), 30);
        assert!(names.contains("translation/-16") && names.contains("rotation/+30"), "{names:?}");
        assert!(names.contains("text_semantic/C") && !names.contains("text_semantic/B"), "{names:?}");
        // Without the random and the empty overlays: the 24 of the published count.
        assert_eq!(names.iter().filter(|n| !n.contains("random") && !n.contains("empty")).count(), 24);
    }

    #[test]
    fn yes_or_no_leaves_one_overlay_of_each_kind() {
        let instances = all(Asked { options: 2, clean_answer: 0 });
        let overlays: Vec<&str> =
            instances.iter().map(|i| i.name.as_str()).filter(|name| name.starts_with("text_")).collect();
        assert_eq!(overlays, ["text_semantic/B", "text_random/B", "text_empty/B"]);
    }

    #[test]
    fn every_instance_is_a_valid_operation() {
        for Instance { name, operation } in all(Asked { options: 8, clean_answer: 7 }) {
            let json = serde_json::to_value(&operation).unwrap();
            assert_eq!(serde_json::from_value::<Operation>(json).unwrap(), operation, "{name}");
        }
        let corruptions: Vec<Family> = Family::corruptions().collect();
        assert_eq!(corruptions.len(), 19);
        for family in Family::STABILITY.into_iter().chain(corruptions) {
            assert_eq!(Family::named(family.name()), Some(family));
        }
    }
}
