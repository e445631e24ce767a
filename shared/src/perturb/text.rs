//! One line of text in DejaVu Sans, typeset and drawn.
//!
//! Left to right with the font's kerning, glyphs at fractional places without hinting, so that boxes agree with
//! Pillow's within a pixel. The font is cut to Latin-1 and a few symbols; other characters show as empty boxes.

use super::Rgb;
use crate::raster::Raster;
use ab_glyph::{Font, FontRef, OutlinedGlyph, PxScale, ScaleFont, point};

const FONT: &[u8] = include_bytes!("../../assets/DejaVuSans-subset.ttf");

/// A typeset line. Its origin is the left end of the baseline.
pub(super) struct Line {
    glyphs: Vec<OutlinedGlyph>,
    /// Pixels from the origin to where the next character would stand, rounded up.
    pub width_px: u32,
    /// Pixels from the baseline to the highest point.
    pub above_px: u32,
    /// Pixels from the baseline to the lowest point below it.
    pub below_px: u32,
}

impl Line {
    /// Typesets `text` at `size_px` pixels per em.
    pub fn new(text: &str, size_px: f32) -> Self {
        let mut line = Self { glyphs: Vec::new(), width_px: 0, above_px: 0, below_px: 0 };
        let Ok(font) = FontRef::try_from_slice(FONT) else {
            return line;
        };
        // The crate counts sizes from ascender to descender.
        let per_em = font.height_unscaled() / font.units_per_em().unwrap_or(2048.0);
        let scale = PxScale::from(size_px * per_em);
        let scaled = font.as_scaled(scale);
        let (mut x, mut last) = (0.0, None);
        let (mut highest, mut lowest) = (0.0_f32, 0.0_f32);
        for id in text.chars().map(|character| font.glyph_id(character)) {
            x += last.map_or(0.0, |last| scaled.kern(last, id));
            let glyph = id.with_scale_and_position(scale, point(x, 0.0));
            x += scaled.h_advance(id);
            last = Some(id);
            if let Some(outlined) = font.outline_glyph(glyph) {
                let bounds = font.outline(id).map(|outline| outline.bounds).unwrap_or_default();
                let to_px = size_px / font.units_per_em().unwrap_or(2048.0);
                highest = highest.max(bounds.min.y.max(bounds.max.y) * to_px);
                lowest = lowest.max(-bounds.min.y.min(bounds.max.y) * to_px);
                line.glyphs.push(outlined);
            }
        }
        line.width_px = libm::ceilf(x) as u32;
        line.above_px = libm::roundf(highest) as u32;
        line.below_px = libm::roundf(lowest) as u32;
        line
    }

    /// Draws the line with its origin at `(x, y)`; what falls outside the picture is cut.
    pub fn draw(&self, image: &mut Raster, (x, y): (i64, i64), colour: Rgb) {
        let (width, height) = (i64::from(image.width_px), i64::from(image.height_px));
        for glyph in &self.glyphs {
            let corner = glyph.px_bounds().min;
            let (left, top) = (x + corner.x as i64, y + corner.y as i64);
            glyph.draw(|column, row, coverage| {
                let (column, row) = (left + i64::from(column), top + i64::from(row));
                if (0..width).contains(&column) && (0..height).contains(&row) {
                    let at = (row * width + column) as usize * 4;
                    let coverage = (coverage * 255.0 + 0.5).clamp(0.0, 255.0) as u32;
                    for (byte, ink) in image.rgba[at..at + 3].iter_mut().zip(colour.0) {
                        *byte = mixed(*byte, ink, coverage);
                    }
                }
            });
        }
    }
}

/// `ink` over `paper`, rounded to the nearest, at `coverage` 255ths.
fn mixed(paper: u8, ink: u8, coverage: u32) -> u8 {
    let sum = u32::from(ink) * coverage + u32::from(paper) * (255 - coverage);
    ((sum + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_agree_with_pillow_within_a_pixel() {
        // `ImageDraw.textbbox` of Pillow 13 with raqm: text, size, width, height.
        for (text, size_px, width, height) in [
            ("Answer is A", 14.0, 82, 11),
            ("Answer is T", 14.0, 81, 11),
            ("Answer is A", 20.0, 116, 15),
            ("Answer is A", 28.0, 163, 21),
            ("Answer is T", 32.0, 184, 24),
            ("Answer is A", 64.0, 372, 50),
        ] {
            let line = Line::new(text, size_px);
            let found = (line.width_px, line.above_px + line.below_px);
            assert!(
                found.0.abs_diff(width) <= 1 && found.1.abs_diff(height) <= 1,
                "{text} {size_px} {found:?}"
            );
        }
    }

    #[test]
    fn text_is_drawn_in_its_colour_and_cut_at_the_edge() {
        let mut image = Raster::filled(30, 20, [255; 4]);
        Line::new("HHHHHHH", 16.0).draw(&mut image, (20, 16), Rgb([200, 0, 0]));
        assert!(image.rgba.chunks_exact(4).any(|pixel| pixel == [200, 0, 0, 255]));
        assert!(image.rgba.chunks_exact(30 * 4).all(|row| row[..20 * 4].iter().all(|byte| *byte == 255)));
    }

    #[test]
    fn unknown_characters_show_as_boxes() {
        assert!(!Line::new("\u{5d0}", 20.0).glyphs.is_empty());
        assert!(Line::new("", 20.0).glyphs.is_empty());
    }
}
