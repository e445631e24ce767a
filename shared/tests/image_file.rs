//! Files from strangers, built here byte by byte: each opens as it should or is refused with its own code.

#![allow(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use flipside_shared::image_file::{DecodeLimits, ImageFileError, decode, encode_png};
use flipside_shared::raster::Raster;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, Rgba};
use proptest::prelude::*;
use std::io::Cursor;

fn open(bytes: &[u8]) -> Result<Raster, ImageFileError> {
    decode(bytes, DecodeLimits::default()).map(|file| file.raster)
}

fn code(bytes: &[u8]) -> &'static str {
    match open(bytes) {
        Ok(raster) => panic!("opened as {raster:?}"),
        Err(error) => error.code(),
    }
}

/// Dark red on the left, green on the right.
fn halves(width_px: u32, height_px: u32) -> Raster {
    let mut raster = Raster::filled(width_px, height_px, [140, 0, 0, 255]);
    for (index, pixel) in raster.rgba.chunks_exact_mut(4).enumerate() {
        if index as u32 % width_px >= width_px / 2 {
            pixel.copy_from_slice(&[0, 160, 0, 255]);
        }
    }
    raster
}

fn rgb(raster: &Raster) -> Vec<u8> {
    raster.rgba.chunks_exact(4).flat_map(|pixel| pixel[..3].to_vec()).collect()
}

fn jpeg(raster: &Raster) -> Vec<u8> {
    let mut file = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut file, 95);
    encoder.write_image(&rgb(raster), raster.width_px, raster.height_px, ExtendedColorType::Rgb8).unwrap();
    file
}

fn webp(raster: &Raster) -> Vec<u8> {
    let mut file = Vec::new();
    let encoder = WebPEncoder::new_lossless(&mut file);
    encoder.write_image(&rgb(raster), raster.width_px, raster.height_px, ExtendedColorType::Rgb8).unwrap();
    file
}

fn png_of(image: DynamicImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// One PNG chunk, its checksum computed bit by bit.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), data].concat();
    let checksum = !body.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 },
        )
    });
    [&(data.len() as u32).to_be_bytes()[..], &body, &checksum.to_be_bytes()].concat()
}

/// The start of a PNG that says it is this large, and one byte of pixels.
fn png_claiming(width_px: u32, height_px: u32) -> Vec<u8> {
    let header = [&width_px.to_be_bytes()[..], &height_px.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let pixels = miniz_oxide::deflate::compress_to_vec_zlib(&[0], 6);
    let parts = [chunk(b"IHDR", &header), chunk(b"IDAT", &pixels), chunk(b"IEND", &[])].concat();
    [b"\x89PNG\r\n\x1a\n".as_slice(), &parts].concat()
}

/// The JPEG with an EXIF segment that names an orientation.
fn oriented(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let tiff =
        [b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[orientation], &[0; 6]]
            .concat();
    let length = (tiff.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &tiff, &jpeg[2..]].concat()
}

fn pixel(raster: &Raster, x: u32, y: u32) -> [u8; 4] {
    let at = ((y * raster.width_px + x) * 4) as usize;
    raster.rgba[at..at + 4].try_into().unwrap()
}

fn is_red(pixel: [u8; 4]) -> bool {
    pixel[0] > 120 && pixel[1] < 30
}

#[test]
fn the_three_formats_open() {
    let picture = halves(32, 16);
    assert_eq!(open(&encode_png(&picture)).unwrap(), picture);
    assert_eq!(open(&webp(&picture)).unwrap(), picture);
    let lossy = open(&jpeg(&picture)).unwrap();
    assert!(lossy.rgba.iter().zip(&picture.rgba).all(|(a, b)| a.abs_diff(*b) < 12));
    assert_eq!(open(&encode_png(&halves(1, 1))).unwrap().width_px, 1);
}

#[test]
fn every_orientation_comes_out_upright() {
    let stored = jpeg(&halves(32, 16));
    // Where the red half is after turning: left, right, right, left, top, top, bottom, bottom.
    for (orientation, x, y) in
        [(1, 2, 8), (2, 29, 8), (3, 29, 8), (4, 2, 8), (5, 8, 2), (6, 8, 2), (7, 8, 29), (8, 8, 29)]
    {
        let file = decode(&oriented(&stored, orientation), DecodeLimits::default()).unwrap();
        let size = if orientation < 5 { (32, 16) } else { (16, 32) };
        assert_eq!((file.raster.width_px, file.raster.height_px), size, "{orientation}");
        assert_eq!(file.original_size_px, size);
        assert!(is_red(pixel(&file.raster, x, y)), "{orientation}");
    }
}

#[test]
fn transparency_is_over_white() {
    let clear = image::RgbaImage::from_pixel(2, 2, Rgba([0, 0, 0, 0]));
    assert_eq!(open(&png_of(clear.into())).unwrap(), Raster::filled(2, 2, [255; 4]));
    let half = image::RgbaImage::from_pixel(1, 1, Rgba([255, 0, 0, 51]));
    assert_eq!(open(&png_of(half.into())).unwrap().rgba, [255, 204, 204, 255]);
}

#[test]
fn sixteen_bits_and_grey_become_eight_bit_colour() {
    let deep = image::ImageBuffer::from_pixel(2, 1, image::Rgb([65535_u16, 32896, 0]));
    assert_eq!(open(&png_of(deep.into())).unwrap().rgba[..4], [255, 128, 0, 255]);
    let grey = image::GrayImage::from_pixel(1, 1, image::Luma([77]));
    assert_eq!(open(&png_of(grey.into())).unwrap().rgba, [77, 77, 77, 255]);
}

#[test]
fn cmyk_jpegs_open_in_their_colours() {
    // Made by tests/parity/perturb_pillow.py: an orange field, CMYK as Adobe's programs store it.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/perturb/cmyk.jpg");
    let picture = open(&std::fs::read(path).unwrap()).unwrap();
    let [red, green, blue, _] = pixel(&picture, 8, 8);
    assert!(red > 230 && green.abs_diff(128) < 20 && blue < 30, "{red} {green} {blue}");
}

#[test]
fn an_animation_gives_its_first_frame() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/perturb/animated.webp");
    let picture = open(&std::fs::read(path).unwrap()).unwrap();
    assert!(is_red(pixel(&picture, 4, 4)));
}

#[test]
fn large_pictures_are_reduced_to_the_longest_side() {
    let file = decode(&encode_png(&halves(2050, 1025)), DecodeLimits::default()).unwrap();
    assert_eq!((file.raster.width_px, file.raster.height_px), (1024, 512));
    assert_eq!(file.original_size_px, (2050, 1025));
    let wide = decode(&encode_png(&halves(20_000, 3)), DecodeLimits::default()).unwrap();
    assert_eq!((wide.raster.width_px, wide.raster.height_px), (1024, 1));
}

#[test]
fn a_bomb_is_refused_before_it_is_decoded() {
    assert_eq!(code(&png_claiming(40_000, 40_000)), "image_too_large");
    assert_eq!(code(&png_claiming(6325, 6325)), "image_too_large");
    let small = DecodeLimits { max_pixels: 100, ..DecodeLimits::default() };
    let error = decode(&encode_png(&halves(11, 10)), small).unwrap_err();
    assert_eq!(error, ImageFileError::TooManyPixels { width_px: 11, height_px: 10, max_pixels: 100 });
}

#[test]
fn a_file_cut_short_is_called_that() {
    let picture = halves(200, 150);
    for file in [encode_png(&picture), jpeg(&picture), webp(&picture)] {
        assert_eq!(code(&file[..file.len() * 2 / 3]), "image_truncated");
    }
    assert_eq!(code(&encode_png(&picture)[..20]), "image_truncated");
}

#[test]
fn what_it_is_counts_and_not_what_it_is_called() {
    assert_eq!(code(b""), "image_empty");
    assert_eq!(code(b"Dear visitor"), "not_an_image");
    assert_eq!(code(b"GIF89a\x01\0\x01\0"), "image_unsupported");
    assert_eq!(code(b"%PDF-1.7"), "image_unsupported");
    assert_eq!(code(b"\0\0\0\x20ftypavif"), "image_unsupported");
    assert_eq!(code(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "image_unsupported");
    assert_eq!(code(&png_claiming(0, 5)), "image_zero_size");
    let mut damaged = encode_png(&halves(40, 40));
    damaged[40..60].fill(0);
    assert_eq!(code(&damaged), "image_damaged");
    let two_in_one = [b"\x89PNG\r\n\x1a\n".as_slice(), &jpeg(&halves(40, 40))].concat();
    assert!(open(&two_in_one).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_damage_panics(kind in 0..3, at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let picture = halves(24, 24);
        let mut file = [encode_png, jpeg, webp][kind as usize](&picture);
        let at = at.index(file.len());
        file[at] = byte;
        if cut {
            file.truncate(at);
        }
        if let Ok(raster) = open(&file) {
            prop_assert_eq!(raster.rgba.len(), raster.width_px as usize * raster.height_px as usize * 4);
        }
    }
}
