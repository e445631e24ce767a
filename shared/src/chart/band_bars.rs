//! Energy per band of frequencies, clean beside perturbed, on a logarithmic scale: a natural picture has thousands of
//! times more power in its low frequencies than in its high ones. No words, so that it suits any language.

use super::colour::{AXIS, CLEAN, GRID, PERTURBED};
use super::svg::{Anchor, Drawing};
use crate::decimal::significant;

/// One band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandBar {
    /// Radii from and to, cycles per picture.
    pub radii: (f64, f64),
    /// Energy on the clean picture.
    pub clean: f64,
    /// Energy on the perturbed picture.
    pub perturbed: f64,
}

/// A pair of bars for each band, between powers of ten; bands without power have no bar.
pub fn band_bars(bands: &[BandBar]) -> String {
    const TOP: f64 = 10.0;
    const BOTTOM: f64 = 120.0;
    const LEFT: f64 = 52.0;
    const BAND: f64 = 88.0;
    let powers = bands.iter().flat_map(|band| [band.clean, band.perturbed]).filter(|energy| *energy > 0.0);
    let (low, high) =
        powers.map(libm::log10).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), power| {
            (low.min(libm::floor(power)), high.max(libm::ceil(power)))
        });
    let decades = (high - low).max(1.0);
    let height = |energy: f64| match energy > 0.0 {
        true => (libm::log10(energy) - low) / decades * (BOTTOM - TOP),
        false => 0.0,
    };
    let mut drawing = Drawing::new(LEFT + BAND * bands.len() as f64, 142.0, "");
    if low.is_finite() {
        for power in [low, low + decades] {
            let y = BOTTOM - height(libm::pow(10.0, power));
            drawing.line("grid", GRID, (LEFT, y), (LEFT + BAND * bands.len() as f64, y));
            let label = significant(libm::pow(10.0, power), 1);
            drawing.text("tick", AXIS, (LEFT - 6.0, y + 4.0), Anchor::End, &label);
        }
    }
    let mut x = LEFT + 6.0;
    for band in bands {
        for (class, colour, energy) in
            [("clean", CLEAN, band.clean), ("perturbed", PERTURBED, band.perturbed)]
        {
            let top = BOTTOM - height(energy);
            drawing.rect(class, colour, (x, top), (26.0, BOTTOM - top), &significant(energy, 4));
            x += 29.0;
        }
        let radii = [band.radii.0, band.radii.1].map(|radius| libm::rint(radius) as u32);
        drawing.text(
            "tick",
            AXIS,
            (x - 30.0, BOTTOM + 16.0),
            Anchor::Middle,
            &format!("{}–{}", radii[0], radii[1]),
        );
        x += BAND - 58.0;
    }
    drawing.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_high_as_its_power_of_ten() {
        let band = |clean: f64, perturbed: f64| BandBar { radii: (0.0, 6.4), clean, perturbed };
        let svg = band_bars(&[band(1000.0, 10.0), band(1.0, 0.0)]);
        let heights: Vec<&str> = svg
            .split("<rect")
            .skip(1)
            .filter_map(|rect| rect.split("height=\"").nth(1)?.split('"').next())
            .collect();
        assert_eq!(heights, ["110", "36.67", "0", "0"]);
        assert!(svg.contains("0–6") && svg.contains("<title>1000</title>"));
        assert!(band_bars(&[]).contains("<svg"));
    }
}
