//! Slider to verdict: a slider in motion against a local server with the embedded model, over a real socket.
//!
//! Each step carries the recipe out on the clean picture at hand and encodes the PNG as the page's worker does (here
//! natively), posts it, and waits for the verdict. Prints the distribution of the whole and of the server's part.
//!
//! `cargo run --release -p flipside-backend --example slider_latency -- [STEPS] [MODEL_DIR]`

use anyhow::{Context, Result, bail};
use clap::{Args, Command, FromArgMatches};
use flipside_backend::{
    config::ServerConfig,
    engine::{Engine, Picture, Pictures},
    http::{Services, serve},
    models,
    telemetry::Metrics,
};
use flipside_shared::{
    api::{QuestionBody, RegimeName, Verdict, VerdictRequest},
    image_file,
    recipe::{DEFAULT_CANVAS_PX, Operation, ParamValue, Recipe, Source},
};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    time::{Duration, Instant},
};

/// The scene whose picture is perturbed.
const SEED: u64 = 7;
/// Sliders that are moved: an operation, its parameter, the range.
const SLIDERS: [(&str, &str, f64, f64); 3] = [
    ("rotate", "angle_deg", -30.0, 30.0),
    ("translate", "dx_px", -16.0, 16.0),
    // Acts on the scene, so both sides also cast the picture anew.
    ("camera", "azimuth_deg", -40.0, 40.0),
];

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let steps: u32 = args.next().map_or(Ok(40), |steps| steps.parse()).context("STEPS is not a number")?;
    let folder = args.next().map(PathBuf::from);
    let runtime = tokio::runtime::Runtime::new()?;
    let address = runtime.block_on(start(folder))?;
    let mut stream = BufReader::new(TcpStream::connect(address)?);
    stream.get_ref().set_nodelay(true)?;
    let pictures = Pictures::new(64);
    let clean = pictures.scene(SEED, DEFAULT_CANVAS_PX)?;
    println!(
        "{:<10} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "slider", "steps", "p50 ms", "p95 ms", "max ms", "server", "model"
    );
    for (op, param, from, to) in SLIDERS {
        let mut laps = Vec::new();
        // The first verdict of a question also looks at the control pictures; the slider is moving only after it.
        for step in 0..=steps {
            let value = from + (to - from) * f64::from(step) / f64::from(steps);
            let recipe = moved(op, param, if op == "translate" { value.round() } else { value })?;
            let started = Instant::now();
            let picture = pictures.perturbed(&recipe, &clean, DEFAULT_CANVAS_PX)?;
            let verdict = ask(&mut stream, &recipe, &picture)?;
            let whole = started.elapsed();
            if step > 0 {
                laps.push((whole, verdict.timings.total_ms, verdict.timings.inference_ms));
            }
        }
        laps.sort_by_key(|lap| lap.0);
        let at = |share: f64| laps[((laps.len() - 1) as f64 * share).round() as usize];
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let (middle, late, last) = (at(0.5), at(0.95), at(1.0));
        println!(
            "{op:<10} {:>6} {:>8.1} {:>8.1} {:>8.1} {:>8.1} {:>8.1}",
            laps.len(),
            ms(middle.0),
            ms(late.0),
            ms(last.0),
            middle.1,
            middle.2
        );
    }
    Ok(())
}

async fn start(folder: Option<PathBuf>) -> Result<std::net::SocketAddr> {
    let data = std::env::temp_dir().join(format!("flipside-bench-{}", std::process::id()));
    let command = ServerConfig::augment_args(Command::new("serve"));
    let flags = ["serve".into(), "--data-dir".into(), data.into_os_string()];
    let config = ServerConfig::from_arg_matches(&command.try_get_matches_from(flags)?)?;
    let engine =
        Engine::start(models::loader(folder.as_deref(), &config.compute.open()?), &config.engine).await?;
    engine.warm().await;
    let services = Services::new(&config, vec![engine], Metrics::install()?)?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve::run(listener, services, std::future::pending(), Duration::ZERO));
    Ok(address)
}

fn moved(op: &str, param: &str, value: f64) -> Result<Recipe> {
    let mut recipe = Recipe::new(Source::Scene { seed: SEED });
    let operation = Operation::with_defaults(op).context("no such operation")?;
    recipe.operations.push(operation.with_param(param, &ParamValue::Number(value))?.into());
    Ok(recipe)
}

fn ask(stream: &mut BufReader<TcpStream>, recipe: &Recipe, picture: &Picture) -> Result<Verdict> {
    let png = image_file::encode_png(&picture.raster);
    let question = QuestionBody {
        text: "How many objects are there?".to_owned(),
        options: ["0", "1", "2", "3", "4"].map(str::to_owned).to_vec(),
        regime: RegimeName::Plain,
    };
    let client = Some("bench".to_owned());
    let recipe = recipe.clone();
    let request = VerdictRequest { recipe, canvas_px: DEFAULT_CANVAS_PX, question, model: None, client };
    let part = |name: &str| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n");
    let json = serde_json::to_vec(&request)?;
    let parts =
        [part("request").as_bytes(), &json, b"\r\n", part("perturbed").as_bytes(), &png, b"\r\n--x--\r\n"]
            .concat();
    let head = format!(
        "POST /api/v1/verdict HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=x\r\n\
         content-length: {}\r\n\r\n",
        parts.len()
    );
    stream.get_mut().write_all(&[head.as_bytes(), &parts].concat())?;
    let mut length = 0;
    let mut status = String::new();
    stream.read_line(&mut status)?;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    if !status.contains(" 200 ") {
        bail!("{}: {}", status.trim(), String::from_utf8_lossy(&body));
    }
    Ok(serde_json::from_slice(&body)?)
}
