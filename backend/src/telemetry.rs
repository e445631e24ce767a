//! Logs and metrics: set up once per process.
//!
//! Names of metrics live here, so that what the server measures can be read in one place.

use crate::config::{LogConfig, LogFormat};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::{io::IsTerminal, sync::OnceLock};
use tracing_subscriber::{EnvFilter, filter::ParseError};

/// Requests answered, by route, method and status.
pub const REQUESTS: &str = "flipside_http_requests_total";
/// Seconds from the first byte to the answer's head, by route.
pub const REQUEST_SECONDS: &str = "flipside_http_request_seconds";
/// Requests admitted and not yet answered.
pub const QUEUE_DEPTH: &str = "flipside_engine_queue_depth";
/// Seconds a job waited for the model.
pub const QUEUE_SECONDS: &str = "flipside_engine_queue_seconds";
/// Pictures per batch.
pub const BATCH_PICTURES: &str = "flipside_engine_batch_pictures";
/// Seconds per batch inside the model.
pub const BATCH_SECONDS: &str = "flipside_engine_batch_seconds";
/// Requests refused because the queue was full.
pub const QUEUE_REFUSED: &str = "flipside_engine_queue_refused_total";
/// Jobs dropped before the model saw them: the client left or a newer request took its place.
pub const JOBS_SKIPPED: &str = "flipside_engine_jobs_skipped_total";
/// Cache look-ups, by cache and outcome.
pub const CACHE_LOOKUPS: &str = "flipside_engine_cache_lookups_total";
/// Restarts of the model thread after a panic.
pub const MODEL_RESTARTS: &str = "flipside_engine_model_restarts_total";

const SECONDS_BUCKETS: [f64; 12] = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 20.0];
const PICTURE_BUCKETS: [f64; 6] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];

/// Starts logging to standard error.
///
/// # Errors
/// When the filter does not parse. A second call in one process changes nothing.
pub fn init_logs(config: &LogConfig) -> Result<(), ParseError> {
    let filter = EnvFilter::builder().parse(&config.log)?;
    let colours = std::io::stderr().is_terminal();
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    // Already set by an earlier call (several servers in one test process): the first one stands.
    let _ = match config.log_format {
        LogFormat::Text => builder.compact().try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    Ok(())
}

/// The process's metrics, as text in Prometheus' format on demand.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Installs the recorder on the first call; later calls return the same one.
    ///
    /// # Errors
    /// When another recorder is installed in this process.
    pub fn install() -> Result<Self, BuildError> {
        static INSTALLED: OnceLock<PrometheusHandle> = OnceLock::new();
        static LOCK: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _guard = LOCK.lock();
        if let Some(handle) = INSTALLED.get() {
            return Ok(Self(handle.clone()));
        }
        let handle = PrometheusBuilder::new()
            .set_buckets(&SECONDS_BUCKETS)?
            .set_buckets_for_metric(Matcher::Full(BATCH_PICTURES.to_owned()), &PICTURE_BUCKETS)?
            .install_recorder()?;
        describe();
        Ok(Self(INSTALLED.get_or_init(|| handle).clone()))
    }

    /// Every metric in the text format of Prometheus.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

fn describe() {
    metrics::describe_counter!(REQUESTS, "Requests answered");
    metrics::describe_histogram!(REQUEST_SECONDS, metrics::Unit::Seconds, "Time to the answer's head");
    metrics::describe_gauge!(QUEUE_DEPTH, "Requests admitted and not yet answered");
    metrics::describe_histogram!(QUEUE_SECONDS, metrics::Unit::Seconds, "Wait for the model");
    metrics::describe_histogram!(BATCH_PICTURES, "Pictures per batch");
    metrics::describe_histogram!(BATCH_SECONDS, metrics::Unit::Seconds, "Time per batch inside the model");
    metrics::describe_counter!(QUEUE_REFUSED, "Requests refused because the queue was full");
    metrics::describe_counter!(JOBS_SKIPPED, "Jobs dropped before the model saw them");
    metrics::describe_counter!(CACHE_LOOKUPS, "Cache look-ups by outcome");
    metrics::describe_counter!(MODEL_RESTARTS, "Restarts of the model thread after a panic");
}
