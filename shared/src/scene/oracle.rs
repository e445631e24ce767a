//! The truth: answers to questions, from the scene and what the camera sees of it, and its caption.
//!
//! Only clearly visible objects count. Where a half-hidden one would decide, there is no answer.

use super::attributes::Attributes;
use super::object::Object;
use super::question::{Axis, QuestionSpec};
use super::visibility::{COUNTED_AT_PX, SeenObject, View, Visibility};

/// Two objects are left and right of each other when their centres are this far apart in the picture,
/// half picture widths (0.14 is 8 of 112 px).
const CLEARLY_SIDEWAYS: f32 = 0.14;
/// Two objects are in front of and behind each other when their centres differ this much in depth, world units.
const CLEARLY_DEEPER: f32 = 0.7;
/// Columns and rows of the picture.
const CELLS: u32 = 7;

/// The right answer as an index into the question's options.
///
/// None when the question has none: a named object is absent, not unique or not clearly visible, a difference
/// is too small to call, or the count is not among the options.
pub fn answer(view: &View, spec: &QuestionSpec) -> Option<usize> {
    let attribute =
        |of: &Attributes, read: fn(&Object) -> usize| Some(read(view.scene.objects.get(find(view, of)?)?));
    match spec {
        QuestionSpec::Existence { what } => match view.clear().any(|(_, object)| what.fit(object)) {
            true => Some(0),
            false => count(view, what).map(|_| 1),
        },
        QuestionSpec::Count { what } => count(view, what).filter(|count| *count <= 4),
        QuestionSpec::Colour { of } => attribute(of, |object| object.colour.index()),
        QuestionSpec::Shape { of } => attribute(of, |object| object.shape.index()),
        QuestionSpec::Material { of } => attribute(of, |object| object.material.index()),
        QuestionSpec::Size { of } => attribute(of, |object| object.size.index()),
        QuestionSpec::Relation { axis, subject, reference } => {
            relation(named(view, subject)?, named(view, reference)?, *axis)
        }
        QuestionSpec::Comparison { these, those } => {
            Some(match count(view, these)?.cmp(&count(view, those)?) {
                std::cmp::Ordering::Greater => 0,
                std::cmp::Ordering::Less => 1,
                std::cmp::Ordering::Equal => 2,
            })
        }
        QuestionSpec::Column { of } => Some(cell(named(view, of)?.centroid_px.0)),
        QuestionSpec::Row { of } => Some(cell(named(view, of)?.centroid_px.1)),
    }
}

/// The clearly visible objects from left to right: "small red matte cube, large blue shiny sphere".
/// Empty when none is.
pub fn caption(view: &View) -> String {
    let mut clear: Vec<(f32, &Object)> =
        view.clear().map(|(index, object)| (view.seen[index].centre.u, object)).collect();
    clear.sort_by(|(left, _), (right, _)| left.total_cmp(right));
    let phrases: Vec<String> = clear.into_iter().map(|(_, object)| Attributes::of(object).phrase()).collect();
    phrases.join(", ")
}

/// How many clearly visible objects fit; none when a half-hidden one does.
pub(super) fn count(view: &View, what: &Attributes) -> Option<usize> {
    let mut count = 0;
    for (index, object) in view.scene.objects.iter().enumerate() {
        if what.fit(object) {
            match view.visibility(index) {
                Visibility::Clear => count += 1,
                Visibility::Doubtful => return None,
                Visibility::Hidden => {}
            }
        }
    }
    Some(count)
}

/// The one clearly visible object that fits.
pub(super) fn find(view: &View, what: &Attributes) -> Option<usize> {
    if count(view, what)? != 1 {
        return None;
    }
    view.clear().find(|(_, object)| what.fit(object)).map(|(index, _)| index)
}

fn named<'v>(view: &'v View, what: &Attributes) -> Option<&'v SeenObject> {
    view.seen.get(find(view, what)?)
}

fn relation(subject: &SeenObject, reference: &SeenObject, axis: Axis) -> Option<usize> {
    match axis {
        Axis::Sideways => {
            let in_picture = subject.centre.u - reference.centre.u;
            let in_world = subject.centre.across - reference.centre.across;
            let clear = in_picture.abs() >= CLEARLY_SIDEWAYS && in_picture * in_world > 0.0;
            clear.then_some(usize::from(in_picture > 0.0))
        }
        Axis::Depth => {
            let deeper = subject.centre.depth - reference.centre.depth;
            (deeper.abs() >= CLEARLY_DEEPER).then_some(usize::from(deeper > 0.0))
        }
    }
}

fn cell(position_px: f32) -> usize {
    let cell = position_px * CELLS as f32 / COUNTED_AT_PX as f32;
    (cell.max(0.0) as usize).min(CELLS as usize - 1)
}
