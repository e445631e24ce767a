//! Pictures that are broken, enormous, or no pictures; each is refused by its own name, and the server keeps serving.

use crate::lab::{Lab, plain_png, rendered, request, turned};
use axum::{body::Body, http::Request};
use image::{DynamicImage, ImageFormat, Rgba, Rgba32FImage, RgbaImage};
use std::io::Cursor;

async fn post(lab: &Lab, bytes: Vec<u8>) -> crate::lab::Answer {
    let request = Request::post("/api/v1/images").header("content-type", "image/png");
    lab.ask(request.body(Body::from(bytes)).unwrap()).await
}

/// A PNG file that says it has this size and ends where its pixels begin.
fn png_claiming(width_px: u32, height_px: u32) -> Vec<u8> {
    let size = [width_px.to_be_bytes(), height_px.to_be_bytes()].concat();
    let header = png_chunk(b"IHDR", &[size.as_slice(), &[8, 6, 0, 0, 0]].concat());
    [b"\x89PNG\r\n\x1a\n".as_slice(), &header, &png_chunk(b"IDAT", &[0x78, 0x9c])].concat()
}

fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), data].concat();
    let crc = !body.iter().fold(!0u32, |crc, byte| {
        let shifted = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| shifted(crc))
    });
    [(data.len() as u32).to_be_bytes().as_slice(), &body, &crc.to_be_bytes()].concat()
}

#[tokio::test]
async fn each_fault_of_a_file_has_its_own_name() {
    let lab = Lab::new().await;
    let whole = plain_png(40, 30);
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x55;
    type Case<'a> = (&'a str, Vec<u8>, u16, &'a str, &'a [&'a str]);
    let cases: [Case; 9] = [
        ("nothing", Vec::new(), 422, "invalid_image", &["image_empty"]),
        ("text", b"dear server, this is no picture".to_vec(), 422, "invalid_image", &["not_an_image"]),
        (
            "a GIF called PNG",
            b"GIF89a\x01\x00\x01\x00".to_vec(),
            422,
            "invalid_image",
            &["image_unsupported"],
        ),
        (
            "cut short",
            whole[..whole.len() / 2].to_vec(),
            422,
            "invalid_image",
            &["image_truncated", "image_damaged"],
        ),
        ("damaged", damaged, 422, "invalid_image", &["image_damaged", "image_truncated"]),
        ("a header alone", png_claiming(10, 10), 422, "invalid_image", &["image_truncated", "image_damaged"]),
        ("zero size", png_claiming(0, 10), 422, "invalid_image", &["image_zero_size", "image_damaged"]),
        (
            "a decompression bomb",
            png_claiming(100_000, 100_000),
            413,
            "image_too_large",
            &["image_too_large"],
        ),
        ("a tall bomb", png_claiming(1, u32::MAX >> 1), 413, "image_too_large", &["image_too_large"]),
    ];
    for (what, bytes, status, code, reasons) in cases {
        let answer = post(&lab, bytes).await;
        println!("{what}: {}", String::from_utf8_lossy(&answer.body));
        let body = answer.expect_error(status, code);
        assert!(reasons.contains(&body["reason"].as_str().unwrap()), "{what}: {body}");
        assert_eq!(body["field"], "body");
    }
    assert_eq!(post(&lab, whole).await.status, 201, "the server keeps serving");
}

/// A picture that tests/parity/perturb_pillow.py made.
fn golden(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/perturb");
    std::fs::read(std::path::Path::new(folder).join(name)).unwrap()
}

#[tokio::test]
async fn unusual_but_sound_pictures_are_taken() {
    let lab = Lab::new().await;
    let encoded = |picture: DynamicImage, format| {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, format).unwrap();
        file.into_inner()
    };
    let half_clear = RgbaImage::from_pixel(9, 7, Rgba([200, 0, 0, 128]));
    let sixteen_bits =
        DynamicImage::from(Rgba32FImage::from_pixel(9, 7, Rgba([0.5, 0.2, 0.1, 1.0]))).into_rgba16();
    let cases = [
        ("1 x 1", plain_png(1, 1), (1, 1)),
        ("20,000 px wide", plain_png(20_000, 40), (1024, 2)),
        ("alpha", encoded(half_clear.clone().into(), ImageFormat::Png), (9, 7)),
        ("16 bit", encoded(sixteen_bits.into(), ImageFormat::Png), (9, 7)),
        (
            "JPEG called PNG",
            encoded(DynamicImage::from(half_clear).into_rgb8().into(), ImageFormat::Jpeg),
            (9, 7),
        ),
        ("CMYK", golden("cmyk.jpg"), (16, 16)),
        ("animated", golden("animated.webp"), (8, 8)),
    ];
    for (what, bytes, size) in cases {
        let stored = post(&lab, bytes).await;
        assert_eq!(stored.status, 201, "{what}: {}", String::from_utf8_lossy(&stored.body));
        let stored = stored.json();
        let found = (stored["width_px"].as_u64().unwrap(), stored["height_px"].as_u64().unwrap());
        assert_eq!(found, size, "{what}");
    }
}

#[tokio::test]
async fn a_broken_part_of_a_verdict_is_named() {
    let lab = Lab::new().await;
    let recipe = turned(1, 5.0);
    let request = request(&recipe, "how bright?");
    let good = rendered(&recipe);
    let body = lab.verdict(&request, &good[..good.len() - 20]).await.expect_error(422, "invalid_image");
    assert_eq!(body["field"], "perturbed");
    lab.verdict(&request, &good).await.expect_success();
}

#[tokio::test]
async fn a_full_disk_quota_is_told() {
    let lab = Lab::with(&["--data-quota-mib", "0"]).await;
    post(&lab, plain_png(4, 4)).await.expect_error(507, "store_full");
}
