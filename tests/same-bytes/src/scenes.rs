//! Scenes drawn from seeds, their pictures, what is seen in them, and the questions about them.

use flipside_shared::rng::{Rng, stream};
use flipside_shared::scene::{QuestionKind, Scene, View, ask, caption, object_map, render};

use crate::Lines;

const SEEDS: std::ops::Range<u64> = 0..12;

pub(crate) fn add(lines: &mut Lines) {
    for seed in SEEDS {
        let scene = Scene::from_seed(seed);
        lines.add(&format!("scene-{seed}"), serde_json::to_string(&scene).unwrap_or_default().as_bytes());
        lines.add(&format!("scene-{seed}-112px"), &render(&scene, 112).rgba);
        lines.add(&format!("scene-{seed}-objects"), &object_map(&scene, 112).ids);
        let view = View::new(&scene);
        let mut rng = Rng::new(seed, stream::QUESTION);
        let mut asked = caption(&view);
        for kind in QuestionKind::ALL {
            asked.push_str(&format!("\n{:?}", ask(&view, kind, &mut rng)));
        }
        lines.add(&format!("scene-{seed}-questions"), asked.as_bytes());
    }
    // Larger than the model's input, and no multiple of any vector width.
    lines.add("scene-1-333px", &render(&Scene::from_seed(1), 333).rgba);
}
