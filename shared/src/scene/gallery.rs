//! Seeds worth looking at, chosen by eye.

use serde::Serialize;

/// A scene to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct GalleryEntry {
    /// For `Scene::from_seed`.
    pub seed: u64,
    /// A few words on what is in it.
    pub title: &'static str,
}

/// The hand-picked scenes, the most telling first.
pub fn gallery() -> &'static [GalleryEntry] {
    const fn entry(seed: u64, title: &'static str) -> GalleryEntry {
        GalleryEntry { seed, title }
    }
    const ENTRIES: &[GalleryEntry] = &[
        entry(41, "Red cube and friends"),
        entry(168, "Two yellows in a row"),
        entry(124, "Orange cone up front"),
        entry(2078, "Two reds and a gray"),
        entry(163, "Three purple balls"),
        entry(73, "Big glossy green"),
        entry(144, "Blue and green side by side"),
        entry(2374, "Gold drum, green cones"),
        entry(65, "Hard shadows"),
        entry(2101, "Bright sun"),
        entry(229, "Red ball in the corner"),
        entry(2265, "A tipped cylinder"),
        entry(2357, "Orange or red"),
        entry(2047, "Red drum up front"),
        entry(80, "A cone on its side"),
    ];
    ENTRIES
}
