//! What is logged, and in which form.

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Settings of the log; it goes to standard error.
#[derive(Clone, Debug, clap::Args)]
pub struct LogConfig {
    /// Form of the log on standard error
    #[arg(long, global = true, env = "FLIPSIDE_LOG_FORMAT", value_enum, default_value = "text")]
    pub log_format: LogFormat,
    /// What to log: a level, or per module as in `info,flipside_backend=debug`
    #[arg(long, global = true, env = "FLIPSIDE_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
}
