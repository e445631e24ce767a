//! Colours of charts: the names of the marks and a perceptual ramp for maps.

/// The clean picture.
pub(super) const CLEAN: &str = "#2f6f9f";
/// The perturbed picture.
pub(super) const PERTURBED: &str = "#c2571a";
/// Axis lines, grid lines and labels, readable on white and on near-black.
pub(super) const AXIS: &str = "#808080";
/// Faint grid lines.
pub(super) const GRID: &str = "#80808040";
/// Colours that tell series apart (Okabe and Ito's palette, safe for colour-blind readers, black left out).
pub(super) const SERIES: [&str; 10] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#7f7f7f", "#b2182b",
    "#5e3c99",
];

/// An 8-bit sRGB colour.
pub type Rgb = [u8; 3];

/// Stops of a dark-to-light ramp of rising lightness, in the manner of the "magma" colour map.
const RAMP: [Rgb; 6] =
    [[7, 6, 26], [67, 21, 109], [139, 41, 129], [217, 70, 107], [253, 149, 102], [252, 241, 187]];

/// The ramp's colour at `t`, clamped to 0..1; not-a-number counts as 0.
pub fn magma(t: f32) -> Rgb {
    let t = if t.is_nan() { 0.0 } else { t.clamp(0.0, 1.0) };
    let position = t * (RAMP.len() - 1) as f32;
    let index = (position as usize).min(RAMP.len() - 2);
    let share = position - index as f32;
    let (a, b) = (RAMP[index], RAMP[index + 1]);
    [0, 1, 2].map(|i| (f32::from(a[i]) + (f32::from(b[i]) - f32::from(a[i])) * share + 0.5) as u8)
}

pub(super) fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramp_rises_in_lightness() {
        let lightness =
            |t: f32| magma(t).iter().zip([2u32, 7, 1]).map(|(c, w)| u32::from(*c) * w).sum::<u32>();
        for step in 0..20 {
            assert!(lightness(step as f32 / 20.0) < lightness((step + 1) as f32 / 20.0));
        }
        assert_eq!(magma(f32::NAN), magma(-1.0));
        assert_eq!(hex(magma(2.0)), "#fcf1bb");
    }
}
