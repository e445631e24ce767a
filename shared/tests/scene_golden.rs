//! The scene world is the same bytes for ever and everywhere: scenes and pictures against their recorded hashes.
//!
//! `golden/scenes.txt` holds the table; the native and the wasm run read the same one. Change it only together
//! with a newly trained model: the model has learnt these pictures.

use flipside_shared::scene::{Scene, render};
use sha2::{Digest, Sha256};

const GOLDEN: &str = include_str!("golden/scenes.txt");

/// What a line stands for: `scene SEED` or `render SEED SIZE_PX`.
fn hash_of(subject: &str) -> String {
    let mut words = subject.split(' ');
    let (what, seed) = (words.next().unwrap(), words.next().unwrap().parse().unwrap());
    let scene = Scene::from_seed(seed);
    match what {
        "render" => render(&scene, words.next().unwrap().parse().unwrap()).id().0,
        _ => {
            let digest = Sha256::digest(serde_json::to_vec(&scene).unwrap());
            digest.iter().map(|byte| format!("{byte:02x}")).collect()
        }
    }
}

#[test]
fn scenes_and_pictures_match_their_recorded_hashes() {
    let subjects = GOLDEN.lines().filter_map(|line| line.rsplit_once(' '));
    let now: String = subjects.map(|(subject, _)| format!("{subject} {}\n", hash_of(subject))).collect();
    assert!(now.lines().count() >= 20, "the table is not empty");
    assert_eq!(now, GOLDEN);
}
