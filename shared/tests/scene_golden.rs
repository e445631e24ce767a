//! The scene world is the same bytes for ever and everywhere: scenes and pictures against their recorded hashes.
//!
//! `golden/scenes.txt` holds the table; the native and the wasm run read the same one. Change it only together
//! with a newly trained model: the model has learnt these pictures.

use flipside_shared::scene::{Scene, render};
use sha2::{Digest, Sha256};

const GOLDEN: &str = include_str!("golden/scenes.txt");

/// The hash of what a line stands for: `scene SEED` or `render SEED SIZE_PX`.
fn hash_of(subject: &str) -> Option<String> {
    let mut words = subject.split(' ');
    let what = words.next()?;
    let scene = Scene::from_seed(words.next()?.parse().ok()?);
    if what == "render" {
        return Some(render(&scene, words.next()?.parse().ok()?).id().0);
    }
    let digest = Sha256::digest(serde_json::to_vec(&scene).ok()?);
    Some(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[test]
fn scenes_and_pictures_match_their_recorded_hashes() {
    let subjects = GOLDEN.lines().filter_map(|line| line.rsplit_once(' '));
    let now: String = subjects
        .map(|(subject, _)| format!("{subject} {}\n", hash_of(subject).unwrap_or_default()))
        .collect();
    assert!(now.lines().count() >= 20, "the table is not empty");
    assert_eq!(now, GOLDEN);
}
