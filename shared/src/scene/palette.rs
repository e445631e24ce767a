//! Paint and light in numbers: sRGB and linear colours, the eight paints, the tone curve.

use super::object::Colour;
use super::vector::{Vec3, vec3};

/// The paints, sRGB. Chosen to stay apart in hue and lightness when shaded: orange sits midway between a
/// bluish red and a greenish yellow, cyan is light where blue is dark.
pub(super) const fn paint(colour: Colour) -> [u8; 3] {
    match colour {
        Colour::Red => [206, 24, 44],
        Colour::Green => [36, 146, 58],
        Colour::Blue => [32, 72, 214],
        Colour::Yellow => [250, 222, 30],
        Colour::Purple => [128, 42, 186],
        Colour::Cyan => [30, 196, 214],
        Colour::Orange => [246, 122, 10],
        Colour::Gray => [122, 124, 128],
    }
}

/// sRGB bytes as linear light in 0..=1.
pub(super) fn linear(srgb: [u8; 3]) -> Vec3 {
    let channel = |byte: u8| {
        let value = f32::from(byte) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { libm::powf((value + 0.055) / 1.055, 2.4) }
    };
    vec3(channel(srgb[0]), channel(srgb[1]), channel(srgb[2]))
}

/// Linear light with the brightest parts eased into 1 instead of cut off.
pub(super) fn tone(light: Vec3) -> Vec3 {
    const KNEE: f32 = 0.72;
    let channel = |value: f32| {
        if value <= KNEE {
            return value.max(0.0);
        }
        let over = (value - KNEE) / (1.0 - KNEE);
        KNEE + (1.0 - KNEE) * over / (1.0 + over)
    };
    vec3(channel(light.x), channel(light.y), channel(light.z))
}

/// A toned linear channel as an sRGB byte. The power 1/2.4 is fitted by roots of two (least squares,
/// within 0.15 of a byte): they round alike everywhere and cost far less.
pub(super) fn srgb_byte(value: f32) -> u8 {
    let value = value.clamp(0.0, 1.0);
    let encoded = if value <= 0.003_130_8 {
        12.92 * value
    } else {
        let root2 = value.sqrt();
        let root4 = root2.sqrt();
        let root8 = root4.sqrt();
        0.591_572 * root2 + 0.769_032_9 * root4 - 0.360_044_1 * root8
    };
    (encoded * 255.0 + 0.5) as u8
}
