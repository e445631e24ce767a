//! Which format a file is in: from its kind and the names of its columns.

use super::Format;
use crate::container::Container;
use std::sync::Arc;

/// The format of a file of this kind with these columns; none when nothing fits.
pub(crate) fn detect(container: Container, columns: &[Arc<str>]) -> Option<Format> {
    let has = |names: &[&str]| names.iter().all(|name| columns.iter().any(|column| **column == **name));
    let rules: [(Format, bool); 9] = [
        (Format::Flipside, has(&["flipside", "id", "images"]) || has(&["id", "images", "details"])),
        (Format::HallusionBench, has(&["gt_answer", "visual_input"])),
        (Format::SeedBench, has(&["choice_a", "data_id"])),
        (Format::VStar, container == Container::Folder || has(&["target_object", "options"])),
        (Format::HrBench, has(&["cycle_category", "A"])),
        (Format::Mmmu, has(&["image_1", "options"])),
        (Format::VlmEvalKit, container == Container::Tsv && has(&["index", "question"])),
        (
            Format::Pope,
            has(&["text", "label"]) || has(&["question_id", "question", "answer", "image_source"]),
        ),
        (Format::RealWorldQa, has(&["image", "question", "answer"])),
    ];
    rules.into_iter().find(|(_, fits)| *fits).map(|(format, _)| format)
}
