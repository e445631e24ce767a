//! A heat map of the vision tokens' grid.

use super::colour::{AXIS, hex, magma};
use super::svg::{Anchor, Drawing};
use crate::decimal::fixed;

/// A grid of values; see [`heat_map`].
#[derive(Clone, Debug, PartialEq)]
pub struct HeatMap<'a> {
    /// What the values are, with their unit.
    pub title: &'a str,
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub columns: u32,
    /// `rows * columns` values, row-major, not negative.
    pub values: &'a [f32],
    /// The value drawn brightest; the largest of `values` where absent. Give it to compare two maps.
    pub top: Option<f32>,
}

/// Cells of 32 units, with a colour key under them.
pub fn heat_map(map: &HeatMap<'_>) -> String {
    const CELL: f64 = 32.0;
    let (width, height) = (f64::from(map.columns) * CELL, f64::from(map.rows) * CELL);
    let top = map.top.unwrap_or_else(|| map.values.iter().copied().fold(0.0, f32::max));
    let scale = if top > 0.0 { 1.0 / top } else { 0.0 };
    let mut drawing = Drawing::new(width, height + 40.0, map.title);
    for (index, value) in (0u32..map.rows * map.columns).zip(map.values) {
        let corner = (f64::from(index % map.columns) * CELL, f64::from(index / map.columns) * CELL);
        drawing.rect("cell", &hex(magma(value * scale)), corner, (CELL, CELL), &fixed(f64::from(*value), 3));
    }
    for step in 0u16..32 {
        let share = f32::from(step) / 31.0;
        let x = f64::from(step) * width / 32.0;
        drawing.rect("key", &hex(magma(share)), (x, height + 8.0), (width / 32.0 + 0.5, 8.0), "");
    }
    drawing.text("label", AXIS, (0.0, height + 32.0), Anchor::Start, "0");
    drawing.text("label", AXIS, (width, height + 32.0), Anchor::End, &fixed(f64::from(top), 3));
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cell_per_value_and_a_key() {
        let values = [0.0, 1.0, 2.0, 4.0, 8.0, 16.0];
        let svg = heat_map(&HeatMap { title: "energy", rows: 2, columns: 3, values: &values, top: None });
        assert_eq!(svg.matches("class=\"cell\"").count(), 6);
        assert!(svg.contains("#fcf1bb") && svg.contains("16.000"));
    }

    #[test]
    fn all_zero_is_dark_not_broken() {
        let svg = heat_map(&HeatMap { title: "e", rows: 1, columns: 2, values: &[0.0, 0.0], top: None });
        assert!(!svg.contains("NaN"));
    }
}
