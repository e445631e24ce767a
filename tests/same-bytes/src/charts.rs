//! Metrics and charts: numbers from long floating-point sums, and the text that is drawn from them.

use flipside_shared::chart::{CurveMark, HeatMap, ResponseCurve, heat_map, response_curve};
use flipside_shared::metrics::difference::{difference, difference_map};
use flipside_shared::metrics::dirichlet::{TokenGrid, energy, scale_free_energy, token_energy};
use flipside_shared::metrics::drift::{cosine_distance, l2};
use flipside_shared::metrics::predictions::{entropy, softmax};
use flipside_shared::rng::{Rng, stream};
use flipside_shared::scene::{Scene, render};

use crate::Lines;

pub(crate) fn add(lines: &mut Lines) {
    let mut rng = Rng::new(5, stream::NOISE);
    let tokens: Vec<f32> = (0..7 * 7 * 32).map(|_| rng.normal()).collect();
    let grid = TokenGrid { frames: 1, rows: 7, columns: 7, width: 32, tokens: &tokens };
    let energies = token_energy(grid);
    lines.add("dirichlet", format!("{} {} {energies:?}", energy(grid), scale_free_energy(grid)).as_bytes());

    let (first, second) = tokens.split_at(tokens.len() / 2);
    lines.add("drift", format!("{} {}", cosine_distance(first, second), l2(first, second)).as_bytes());

    let probabilities = softmax(&[-1.25, -0.5, -3.75, -0.625]);
    lines.add("predictions", format!("{probabilities:?} {}", entropy(&probabilities)).as_bytes());

    let (clean, other) = (render(&Scene::from_seed(1), 112), render(&Scene::from_seed(2), 96));
    lines.add("difference", format!("{:?}", difference(&clean, &other)).as_bytes());
    lines.add("difference-map", &difference_map(&clean, &other, 3).rgba);

    let map = HeatMap { title: "energy", rows: 7, columns: 7, values: &energies, top: None };
    lines.add("heat-map", heat_map(&map).as_bytes());
    lines.add("response-curve", curve(&mut rng).as_bytes());
}

fn curve(rng: &mut Rng) -> String {
    let points: Vec<CurveMark> = (0..24)
        .map(|index| CurveMark {
            value: f64::from(index) * 7.5 - 90.0,
            margin: f64::from(rng.normal()),
            relative_drift_percent: f64::from(rng.unit()) * 100.0,
            flipped: index % 5 == 0,
        })
        .collect();
    response_curve(&ResponseCurve {
        parameter: "angle (deg)",
        range: (-90.0, 90.0),
        points: &points,
        flips: &[-12.25, 37.5],
        current: Some(10.0),
    })
}
