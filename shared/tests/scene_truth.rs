//! The oracle follows the scene: edits that change the truth change the answer.

use flipside_shared::rng::{Rng, stream};
use flipside_shared::scene::{
    Attributes, Axis, Colour, Material, Object, QuestionKind, QuestionSpec, Scene, Shape, Size, View,
    Visibility, answer, ask, caption, gallery, object_map, render, suggest,
};

fn object(shape: Shape, colour: Colour, x: f32, y: f32) -> Object {
    Object {
        shape,
        colour,
        material: Material::Matte,
        size: Size::Large,
        x,
        y,
        lift: 0.0,
        yaw_deg: 20.0,
        pitch_deg: 0.0,
        roll_deg: 0.0,
        scale: 1.0,
    }
}

/// A red cube to the left and in front, a blue ball to the right and behind.
fn pair() -> Scene {
    let mut scene = Scene::from_seed(3);
    scene.camera.azimuth_deg = 0.0;
    scene.objects =
        vec![object(Shape::Cube, Colour::Red, -1.5, -1.0), object(Shape::Sphere, Colour::Blue, 1.5, 1.0)];
    scene
}

fn coloured(colour: Colour) -> Attributes {
    Attributes { colour: Some(colour), ..Attributes::default() }
}

fn relation(axis: Axis) -> QuestionSpec {
    QuestionSpec::Relation { axis, subject: coloured(Colour::Red), reference: coloured(Colour::Blue) }
}

#[test]
fn moving_an_object_past_another_flips_the_relation() {
    let mut scene = pair();
    assert_eq!(answer(&View::new(&scene), &relation(Axis::Sideways)), Some(0));
    assert_eq!(answer(&View::new(&scene), &relation(Axis::Depth)), Some(0));
    scene.objects[0].x = 1.6;
    assert_eq!(answer(&View::new(&scene), &relation(Axis::Sideways)), None, "too close to call");
    scene.objects[0].x = 3.4;
    assert_eq!(answer(&View::new(&scene), &relation(Axis::Sideways)), Some(1));
    scene.objects[0] = object(Shape::Cube, Colour::Red, -1.5, 2.5);
    assert_eq!(answer(&View::new(&scene), &relation(Axis::Depth)), Some(1));
    scene.camera.azimuth_deg = 180.0;
    assert_eq!(answer(&View::new(&scene), &relation(Axis::Depth)), Some(0), "seen from the other side");
}

#[test]
fn removing_the_only_red_object_makes_it_absent() {
    let mut scene = pair();
    let is_there = QuestionSpec::Existence { what: coloured(Colour::Red) };
    let how_many = QuestionSpec::Count { what: Attributes::default() };
    let shape = QuestionSpec::Shape { of: coloured(Colour::Red) };
    let view = View::new(&scene);
    assert_eq!(answer(&view, &is_there), Some(0));
    assert_eq!(answer(&view, &how_many), Some(2));
    assert_eq!(answer(&view, &shape), Some(Shape::Cube.index()));
    assert_eq!(caption(&view), "large red matte cube, large blue matte sphere");
    scene.objects.remove(0);
    let view = View::new(&scene);
    assert_eq!(answer(&view, &is_there), Some(1));
    assert_eq!(answer(&view, &how_many), Some(1));
    assert_eq!(answer(&view, &shape), None, "nothing to ask about");
    assert_eq!(caption(&view), "large blue matte sphere");
}

#[test]
fn a_hidden_object_does_not_count_and_a_half_hidden_one_leaves_it_open() {
    let mut scene = pair();
    let is_there = QuestionSpec::Existence { what: coloured(Colour::Red) };
    scene.camera.elevation_deg = 15.0;
    scene.objects[0] = Object { scale: 0.4, ..object(Shape::Cube, Colour::Red, 0.0, 1.5) };
    scene.objects[1] = object(Shape::Cylinder, Colour::Blue, 0.0, -1.0);
    let view = View::new(&scene);
    assert_eq!(view.visibility(0), Visibility::Hidden);
    assert_eq!(answer(&view, &is_there), Some(1));
    let mut met = false;
    for step in 0..60 {
        scene.objects[0].x = step as f32 * 0.03;
        let view = View::new(&scene);
        if view.visibility(0) == Visibility::Doubtful {
            met = true;
            assert_eq!(answer(&view, &is_there), None);
        }
    }
    assert!(met, "sliding out from behind passes through a doubtful stretch");
}

#[test]
fn captions_list_the_clearly_visible_objects() {
    for seed in 0..60 {
        let scene = Scene::from_seed(seed);
        let view = View::new(&scene);
        assert_eq!(view.clear().count(), scene.objects.len(), "fresh scenes hide nothing");
        assert!((1..=6).contains(&scene.objects.len()));
        assert_eq!(caption(&view).split(", ").count(), scene.objects.len());
    }
}

#[test]
fn any_edit_still_renders_and_can_be_asked_about() {
    let mut rng = Rng::new(9, stream::SCENE);
    let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -1e30, 1e30, 1e-30, 720.5, -3.0, 0.1, 4.0];
    for seed in 0..150 {
        let mut scene = Scene::from_seed(seed);
        for object in &mut scene.objects {
            for field in [
                &mut object.x,
                &mut object.y,
                &mut object.lift,
                &mut object.yaw_deg,
                &mut object.pitch_deg,
                &mut object.roll_deg,
                &mut object.scale,
            ] {
                if rng.chance(0.3) {
                    *field = if rng.chance(0.3) { *rng.pick(&odd).unwrap() } else { rng.range(-5.0, 5.0) };
                }
            }
        }
        let (light, camera) = (&mut scene.light, &mut scene.camera);
        for field in [
            &mut light.azimuth_deg,
            &mut light.elevation_deg,
            &mut light.softness_deg,
            &mut light.strength,
            &mut light.ambient,
            &mut camera.azimuth_deg,
            &mut camera.elevation_deg,
            &mut camera.distance,
        ] {
            if rng.chance(0.2) {
                *field = *rng.pick(&odd).unwrap();
            }
        }
        if seed % 10 == 0 {
            scene.objects = scene.objects.iter().cycle().take(300).cloned().collect();
        }
        let picture = render(&scene, 24);
        assert!(picture.rgba.chunks(4).all(|pixel| pixel[3] == 255));
        assert_eq!(picture.rgba.len(), 24 * 24 * 4);
        let view = View::new(&scene);
        caption(&view);
        for kind in QuestionKind::ALL {
            ask(&view, kind, &mut rng);
        }
    }
    let empty = Scene { objects: Vec::new(), ..pair() };
    assert_eq!(caption(&View::new(&empty)), "");
    assert!(suggest(&View::new(&empty), QuestionKind::Colour, &mut rng).is_none());
    assert_eq!((render(&empty, 0).width_px, render(&empty, 1).rgba.len()), (1, 4));
}

#[test]
fn the_object_map_shows_what_the_picture_shows() {
    let scene = pair();
    let (picture, map) = (render(&scene, 112), object_map(&scene, 112));
    assert_eq!(map, View::new(&scene).map);
    let mean = |id: u8| {
        let mut sum = [0u32; 3];
        let mut count = 0;
        for (pixel, found) in picture.rgba.chunks(4).zip(&map.ids) {
            if *found == id {
                count += 1;
                (0..3).for_each(|channel| sum[channel] += u32::from(pixel[channel]));
            }
        }
        assert!(count > 150, "{count}");
        sum.map(|channel| channel / count)
    };
    let (red, blue) = (mean(0), mean(1));
    assert!(red[0] > 2 * red[1] && red[0] > 2 * red[2], "{red:?}");
    assert!(blue[2] > 2 * blue[0], "{blue:?}");
}

#[test]
fn gallery_scenes_have_something_to_ask_about() {
    let mut rng = Rng::new(4, stream::QUESTION);
    for entry in gallery() {
        let scene = Scene::from_seed(entry.seed);
        let view = View::new(&scene);
        for kind in
            [QuestionKind::Existence, QuestionKind::Colour, QuestionKind::Relation, QuestionKind::Count]
        {
            assert!(suggest(&view, kind, &mut rng).is_some(), "{entry:?} {kind:?}");
        }
    }
}
