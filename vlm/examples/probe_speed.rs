//! Times the engine's side of `tests/bench/engine_vs_transformers.py`: pictures to option scores, everything included.
//!
//! `probe_speed FOLDER JOB`, where JOB is a folder with `job.json` and `pictures.rgba`. Prints one line of JSON: the
//! seconds of each round and the scores of the last.

use flipside_shared::raster::Raster;
use flipside_vlm::{Placement, PromptRegime, ScoreRequest, VisionTokens};
use serde::Deserialize;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

#[derive(Deserialize)]
struct Job {
    side_px: u32,
    rounds: usize,
    question: String,
    options: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, checkpoint, job] = arguments.as_slice() else { return Err("probe_speed FOLDER JOB".into()) };
    let model = flipside_vlm::load(Path::new(checkpoint), &Placement::cpu())?;
    let bytes = std::fs::read(Path::new(job).join("pictures.rgba"))?;
    let job: Job = serde_json::from_slice(&std::fs::read(Path::new(job).join("job.json"))?)?;
    let picture_bytes = (job.side_px * job.side_px * 4) as usize;
    let pictures: Vec<Raster> = bytes
        .chunks_exact(picture_bytes)
        .map(|rgba| Raster { width_px: job.side_px, height_px: job.side_px, rgba: rgba.to_vec() })
        .collect();
    let pictures: Vec<&Raster> = pictures.iter().collect();

    let mut seconds = Vec::new();
    let mut encode_seconds = Vec::new();
    let mut scores = Vec::new();
    for _ in 0..=job.rounds {
        let start = Instant::now();
        let encoded = model.encode(&pictures)?;
        encode_seconds.push(start.elapsed().as_secs_f64());
        scores = model.score(&requests(&encoded, &job))?.into_iter().map(|s| s.log_likelihoods).collect();
        seconds.push(start.elapsed().as_secs_f64());
    }
    // The first round warms up.
    let answer =
        serde_json::json!({"seconds": seconds[1..], "encode_seconds": encode_seconds[1..], "scores": scores});
    println!("{answer}");
    Ok(())
}

fn requests<'a>(encoded: &'a [VisionTokens], job: &'a Job) -> Vec<ScoreRequest<'a>> {
    let request = |vision| ScoreRequest {
        vision,
        question: &job.question,
        options: &job.options,
        regime: PromptRegime::Plain,
    };
    encoded.iter().map(request).collect()
}
