//! The scene world as a data set.

use flipside_dataset::{Dataset, Regime, Sample, SeededSample, Selection, World};
use flipside_shared::image_file::DecodeLimits;
use flipside_shared::rng::Rng;
use flipside_shared::scene::{QuestionKind, Scene, Split, View, answer, ask, render};

fn world(count: u32, selection: Selection) -> Vec<Sample> {
    Dataset::world(World { count, seed: 3, size_px: 48 }, selection).map(Result::unwrap).collect()
}

#[test]
fn held_out_scenes_with_true_answers() {
    let samples = world(4, Selection::default());
    assert!(samples.len() > 16, "{}", samples.len());
    for sample in &samples {
        let seed = sample.scene_seed().unwrap();
        assert_eq!(seed >> 62, 3, "held out");
        assert_eq!(sample.regime, Regime::Plain);
        assert!(sample.right_option().unwrap() < sample.options.len());
        assert_eq!(sample.image_cluster(), Some(format!("scene:{seed}")));
    }
    let first = &samples[0];
    let scene = Scene::from_seed(Split::HeldOut.scene_seed(3, 0));
    assert_eq!(first.decode_image(0, DecodeLimits::default()).unwrap().raster, render(&scene, 48));
    // The questions are those of `flipside evaluate --world`, and the answers the oracle's.
    let (view, mut rng) = (View::new(&scene), Rng::new(first.scene_seed().unwrap(), 0x0E7A_1A7E));
    let asked = QuestionKind::ALL.into_iter().filter_map(|kind| ask(&view, kind, &mut rng));
    for ((question, right), sample) in asked.zip(&samples) {
        assert_eq!((&question.text, &question.options), (&sample.question, &sample.options));
        assert_eq!(sample.right_option(), Some(right));
        assert_eq!(answer(&view, &question.spec), Some(right));
    }
    assert_eq!(samples, world(4, Selection::default()));
}

#[test]
fn a_selection_of_the_world() {
    let all = world(3, Selection::default());
    let sample = Some(SeededSample { count: 5, seed: 1 });
    let drawn = world(3, Selection { sample, ..Selection::default() });
    assert_eq!(drawn.len(), 5);
    assert!(drawn.iter().all(|sample| all.contains(sample)));
    assert_eq!(world(3, Selection { limit: Some(2), ..Selection::default() })[..], all[..2]);
}
