//! `flipside serve`: the lab, in one process.

use crate::{
    config::ServerConfig,
    engine::Engine,
    http::{self, Services, serve},
    models,
    telemetry::Metrics,
};
use anyhow::{Context, Result};
use clap::Args;
use std::{io::Write, path::PathBuf, sync::Arc};
use tokio::net::TcpListener;

/// Serve the lab: page, API and model in one process
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ServeArgs {
    #[command(flatten)]
    server: ServerConfig,
    /// Folder of a checkpoint as published, served instead of the embedded model; may be given several times
    #[arg(long, value_name = "DIR", env = "FLIPSIDE_MODEL", value_delimiter = ',')]
    model: Vec<PathBuf>,
    /// Print the API's OpenAPI document and stop
    #[arg(long)]
    openapi: bool,
}

const EXAMPLES: &str = "\
Examples:
  flipside serve
  flipside serve --host 0.0.0.0 --port 8080 --log-format json
  FLIPSIDE_QUEUE_CAPACITY=8 flipside serve --model ./Qwen2.5-VL-7B-Instruct

The address is printed on standard output once requests are taken. /api/docs describes the API, /metrics has its
figures, /readyz says whether the model is loaded. Ctrl-C lets requests in flight finish.";

/// Serves until the process is told to stop.
///
/// # Errors
/// When the model, the data folder or the address cannot be used.
pub fn run(args: ServeArgs) -> Result<()> {
    if args.openapi {
        println!("{}", http::document().to_pretty_json()?);
        return Ok(());
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve(args))
}

async fn serve(args: ServeArgs) -> Result<()> {
    let config = args.server;
    let folders: Vec<Option<PathBuf>> =
        if args.model.is_empty() { vec![None] } else { args.model.into_iter().map(Some).collect() };
    let placement = config.compute.open()?;
    let mut engines = Vec::with_capacity(folders.len());
    for folder in folders {
        let engine = Engine::start(models::loader(folder.as_deref(), &placement), &config.engine).await;
        engines.push(engine.context("the model cannot be loaded")?);
    }
    let metrics = Metrics::install().context("the metrics cannot be set up")?;
    let services = Services::new(&config, engines, metrics).context("the data folder cannot be used")?;
    let address = config.http.address();
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let address = listener.local_addr()?;
    for engine in &*services.engines {
        let engine = Arc::clone(engine);
        tokio::spawn(async move { engine.warm().await });
    }
    // For people and for tests that asked for port 0; a closed pipe is no reason to stop.
    let _ = writeln!(std::io::stdout(), "listening on http://{address}");
    serve::run(listener, services, serve::signal(), config.http.shutdown_grace()).await?;
    Ok(())
}
