//! The pixel operations as a bare wasm module for `bench.js`: a picture and an operation go in through one buffer,
//! and an operation runs on the picture that lies in the module's memory, as it does in the page's worker.

#![cfg(target_arch = "wasm32")]

use flipside_shared::image_file::encode_png;
use flipside_shared::metrics::difference::difference;
use flipside_shared::perturb::perturb_pixels;
use flipside_shared::raster::Raster;
use flipside_shared::recipe::{Operation, Recipe, Source};
use flipside_shared::scene::{Scene, gallery, render};
use std::cell::RefCell;

#[derive(Default)]
struct Bench {
    buffer: Vec<u8>,
    source: Option<Raster>,
    recipe: Option<Recipe>,
    output: Option<Raster>,
}

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::default();
}

/// Where to write `length` bytes for the next call.
#[unsafe(no_mangle)]
pub extern "C" fn buffer(length: usize) -> *mut u8 {
    BENCH.with_borrow_mut(|bench| {
        bench.buffer = vec![0; length];
        bench.buffer.as_mut_ptr()
    })
}

/// Takes the buffer as the RGBA picture to work on.
#[unsafe(no_mangle)]
pub extern "C" fn set_picture(width_px: u32, height_px: u32) {
    BENCH.with_borrow_mut(|bench| {
        let rgba = std::mem::take(&mut bench.buffer);
        bench.source = Some(Raster { width_px, height_px, rgba });
    });
}

/// Takes the buffer as the JSON of the operation to run; returns whether it is one.
#[unsafe(no_mangle)]
pub extern "C" fn set_operation() -> bool {
    BENCH.with_borrow_mut(|bench| {
        let operation: Option<Operation> = serde_json::from_slice(&bench.buffer).ok();
        bench.recipe = operation.map(|operation| {
            let mut recipe = Recipe::new(Source::Scene { seed: 0 });
            recipe.operations.push(operation.into());
            recipe
        });
        bench.recipe.is_some()
    })
}

/// Runs the operation; returns the output's width in pixels.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> u32 {
    BENCH.with_borrow_mut(|bench| {
        let (Some(source), Some(recipe)) = (&bench.source, &bench.recipe) else { return 0 };
        bench.output = None;
        bench.output = perturb_pixels(recipe, source).ok();
        bench.output.as_ref().map_or(0, |output| output.width_px)
    })
}

/// Compares the output with the picture (max, mean, PSNR, SSIM); returns the largest difference.
#[unsafe(no_mangle)]
pub extern "C" fn compare() -> u32 {
    BENCH.with_borrow(|bench| match (&bench.source, &bench.output) {
        (Some(source), Some(output)) => difference(source, output).max.into(),
        _ => 0,
    })
}

/// Encodes the output as PNG; returns the file's length in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn encode() -> usize {
    BENCH.with_borrow(|bench| bench.output.as_ref().map_or(0, |output| encode_png(output).len()))
}

/// Draws scene `index` of the gallery, counted round; returns its size in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn draw(index: usize, size_px: u32) -> usize {
    let gallery = gallery();
    gallery
        .get(index % gallery.len().max(1))
        .map_or(0, |entry| render(&Scene::from_seed(entry.seed), size_px).rgba.len())
}
