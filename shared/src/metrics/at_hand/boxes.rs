//! Where the objects are that a question is about: the boxes for [`crate::metrics::box_ssim`].

use crate::metrics::box_ssim::PixelBox;
use crate::scene::{QuestionSpec, Scene, object_map};

/// Smallest side of a box that has a structural similarity, px.
const SMALLEST_PX: u32 = 7;

/// The boxes of the objects that the question names, as the picture of `size_px` a side shows them; without those that
/// are too small to compare.
pub fn question_boxes(scene: &Scene, spec: &QuestionSpec, size_px: u32) -> Vec<PixelBox> {
    let named = spec.names();
    let is_named = |index: usize| {
        let object = scene.objects.get(index);
        object.is_some_and(|object| named.iter().flatten().any(|name| name.fit(object)))
    };
    let map = object_map(scene, size_px);
    // Left, top, right, bottom, of each object that is named and seen.
    let mut bounds: Vec<Option<[u32; 4]>> = vec![None; scene.objects.len()];
    for (row, y) in map.ids.chunks_exact(map.size_px.max(1) as usize).zip(0..) {
        for (id, x) in row.iter().zip(0..) {
            if let Some(bounds) = bounds.get_mut(usize::from(*id)) {
                let [left, top, right, _] = bounds.unwrap_or([x, y, x, y]);
                *bounds = Some([left.min(x), top, right.max(x), y]);
            }
        }
    }
    let named =
        bounds.into_iter().enumerate().filter(|(index, _)| is_named(*index)).filter_map(|(_, bounds)| bounds);
    let boxes = named.map(|[left, top, right, bottom]| PixelBox {
        x_px: left,
        y_px: top,
        width_px: right + 1 - left,
        height_px: bottom + 1 - top,
    });
    boxes.filter(|place| place.width_px.min(place.height_px) >= SMALLEST_PX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Attributes;

    #[test]
    fn a_box_holds_every_pixel_of_its_object_and_no_empty_edge() {
        let scene = Scene::from_seed(5);
        let object = scene.objects.first().unwrap();
        let what = Attributes::of(object);
        let boxes = question_boxes(&scene, &QuestionSpec::Existence { what }, 112);
        let map = object_map(&scene, 112);
        let place = boxes.first().unwrap();
        let at = |x: u32, y: u32| map.ids[(y * 112 + x) as usize] == 0;
        let right = |x: &u32| (place.x_px..place.x_px + place.width_px).contains(x);
        let down = |y: &u32| (place.y_px..place.y_px + place.height_px).contains(y);
        for y in 0..112 {
            for x in 0..112 {
                assert!(!at(x, y) || (right(&x) && down(&y)), "{x} {y}");
            }
        }
        assert!((0..112).any(|y| at(place.x_px, y)) && (0..112).any(|x| at(x, place.y_px)));
        let nobody = Attributes { size: None, ..what };
        assert!(!question_boxes(&scene, &QuestionSpec::Count { what: nobody }, 112).is_empty());
        assert!(
            question_boxes(&scene, &QuestionSpec::Existence { what }, 4).is_empty(),
            "too small to compare"
        );
    }
}
