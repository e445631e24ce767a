//! Glass blur: pixels taken from beside themselves, between two Gaussian blurs.

use super::field::Field;
use super::layer::{Layer, gaussian};
use crate::raster::Raster;

/// How pixels are displaced.
pub(super) struct Glass {
    /// Of both Gaussian blurs, pixels.
    pub sigma: f64,
    /// Farthest displacement, pixels.
    pub reach: f64,
    /// How often each pixel moves.
    pub rounds: f64,
}

/// Blurs, then in each round lets every pixel, from the lower right to the upper left, take the value of a pixel at most
/// `reach` away; then blurs again.
///
/// As published: displacements are uniform in -reach to reach - 1, a frame of `reach` pixels stays, and a pixel copies
/// its neighbour (the reference means to swap the two, but swaps views of the same memory). The reference draws
/// displacements that no seed fixes in all of its versions; here the recipe's seed does. Between two levels a
/// fraction of the pixels reaches one pixel farther, and in the last round only a fraction moves.
pub(super) fn glass_blur(image: &mut Raster, field: Field, glass: &Glass) {
    image.rgba = gaussian(Layer::of(image), glass.sigma);
    for round in 0..libm::ceil(glass.rounds) as u32 {
        displace(image, field, glass, round);
    }
    image.rgba = gaussian(Layer::of(image), glass.sigma);
}

fn displace(image: &mut Raster, field: Field, glass: &Glass, round: u32) {
    let (width, height) = (image.width_px as usize, image.height_px as usize);
    let moving = ((glass.rounds - f64::from(round)).min(1.0) * 256.0) as u32;
    // A fraction of the pixels reaches one pixel farther; the frame is wide enough for them.
    let (near, far) = (glass.reach as u32, libm::ceil(glass.reach) as u32);
    let farther = ((glass.reach - f64::from(near)) * 256.0) as u32;
    let frame = far as usize;
    let mut bits = vec![0; width];
    for y in (frame + 1..=height - frame.max(1)).rev() {
        let first = ((round as usize * height + y) * width) as u32;
        bits.iter_mut().enumerate().for_each(|(at, bits)| *bits = field.bits(first.wrapping_add(at as u32)));
        for x in (frame + 1..=width - frame.max(1)).rev() {
            let bits = bits[x];
            if bits & 0xff >= moving {
                continue;
            }
            let reach = if (bits >> 8) & 0xff < farther { far } else { near };
            let offset = |bits: u32| (((bits & 0xff) * 2 * reach) >> 8) as usize;
            let (across, down) = (x + offset(bits >> 16), y + offset(bits >> 24));
            let from = (down - reach as usize) * width + across - reach as usize;
            let to = y * width + x;
            image.rgba.copy_within(from * 4..from * 4 + 4, to * 4);
        }
    }
}
