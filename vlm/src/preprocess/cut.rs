//! From a picture of the right size to normalised, flattened patches.

use flipside_shared::raster::Raster;

/// Mean of each channel that CLIP's pictures are normalised by.
pub const CLIP_MEAN: [f32; 3] = [0.481_454_66, 0.457_827_5, 0.408_210_73];
/// Deviation of each channel that CLIP's pictures are normalised by.
pub const CLIP_STD: [f32; 3] = [0.268_629_54, 0.261_302_6, 0.275_777_1];

/// The shape and order of patches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Side of a patch, pixels.
    pub side: usize,
    /// How often the still frame is repeated in a patch.
    pub frames: usize,
    /// Side of a block of patches that follow each other; 1 for raster order.
    pub merge: usize,
}

/// The normalised value of each byte, per channel.
#[derive(Clone, Debug)]
pub struct Levels([[f32; 256]; 3]);

impl Levels {
    /// `mean` and `deviation` are of channels in [0, 1]. They are scaled to bytes first, as the reference does, so that
    /// the last bit agrees.
    pub fn new(mean: [f32; 3], deviation: [f32; 3]) -> Self {
        let mut levels = [[0f32; 256]; 3];
        for (channel, table) in levels.iter_mut().enumerate() {
            let (mean, deviation) = (mean[channel] * 255.0, deviation[channel] * 255.0);
            for (byte, value) in table.iter_mut().enumerate() {
                *value = (byte as f32 - mean) / deviation;
            }
        }
        Self(levels)
    }
}

/// `(patches, 3 * frames * side * side)`, flat: per patch, channel by channel, each frame. Pixels to the right and
/// below that do not fill a block of patches are left out.
pub fn cut(picture: &Raster, how: Cut, levels: &Levels) -> Vec<f32> {
    let Cut { side, frames, merge } = how;
    let blocks_across = picture.width_px as usize / (side * merge);
    let blocks_down = picture.height_px as usize / (side * merge);
    let plane = side * side;
    let row_bytes = picture.width_px as usize * 4;
    let mut values = vec![0f32; blocks_across * blocks_down * merge * merge * 3 * frames * plane];
    for (index, patch) in values.chunks_exact_mut(3 * frames * plane).enumerate() {
        let (block, inside) = (index / (merge * merge), index % (merge * merge));
        let row = (block / blocks_across * merge + inside / merge) * side;
        let column = (block % blocks_across * merge + inside % merge) * side;
        for (channel, repeated) in patch.chunks_exact_mut(frames * plane).enumerate() {
            let (first, copies) = repeated.split_at_mut(plane);
            for (y, line) in first.chunks_exact_mut(side).enumerate() {
                let start = (row + y) * row_bytes + column * 4;
                let pixels = picture.rgba[start..start + side * 4].chunks_exact(4);
                for (value, pixel) in line.iter_mut().zip(pixels) {
                    *value = levels.0[channel][usize::from(pixel[channel])];
                }
            }
            copies.chunks_exact_mut(plane).for_each(|copy| copy.copy_from_slice(first));
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raster_order_leaves_out_what_fills_no_patch() {
        let mut picture = Raster::filled(5, 4, [0, 0, 0, 255]);
        picture.rgba[(2 * 5 + 3) * 4] = 255; // red at row 2, column 3: fourth patch, second pixel
        let levels = Levels::new([0.0; 3], [1.0; 3]);
        let values = cut(&picture, Cut { side: 2, frames: 1, merge: 1 }, &levels);
        assert_eq!(values.len(), 4 * 12);
        let bright: Vec<usize> = (0..values.len()).filter(|&i| values[i] > 0.0).collect();
        assert_eq!(bright, [3 * 12 + 1]);
    }
}
