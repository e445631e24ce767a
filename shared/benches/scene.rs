//! Time to draw and to understand scenes: `cargo bench -p flipside-shared --bench scene`.
//!
//! Aims, one core: 112 px in 5 ms, 448 px in 60 ms, soft shadows included.

use divan::{Bencher, black_box};
use flipside_shared::rng::{Rng, stream};
use flipside_shared::scene::{QuestionKind, Scene, View, ask, gallery, render};

fn main() {
    divan::main();
}

/// All gallery scenes in turn: crowded, with shiny objects and soft shadows.
#[divan::bench(args = [32, 112, 448])]
fn render_gallery(bencher: Bencher, size_px: u32) {
    let scenes: Vec<Scene> = gallery().iter().map(|entry| Scene::from_seed(entry.seed)).collect();
    let mut turn = scenes.iter().cycle();
    bencher
        .with_inputs(|| turn.next())
        .bench_local_values(|scene| scene.map(|scene| render(black_box(scene), size_px)));
}

#[divan::bench]
fn from_seed(bencher: Bencher) {
    let mut seeds = 0..;
    bencher.with_inputs(|| seeds.next().unwrap_or(0)).bench_local_values(Scene::from_seed);
}

#[divan::bench]
fn view(bencher: Bencher) {
    let scene = Scene::from_seed(41);
    bencher.bench_local(|| View::new(black_box(&scene)));
}

/// One question of every kind.
#[divan::bench]
fn ask_every_kind(bencher: Bencher) {
    let scene = Scene::from_seed(41);
    let view = View::new(&scene);
    let mut rng = Rng::new(1, stream::QUESTION);
    bencher.bench_local(|| QuestionKind::ALL.map(|kind| ask(black_box(&view), kind, &mut rng)));
}
