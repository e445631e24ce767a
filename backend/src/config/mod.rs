//! Every setting of the server, one small struct per concern: a flag, an environment variable, a default.
//!
//! Filled by the command line, handed down by value; nothing below `cli` reads the environment.

mod compute;
mod engine;
mod http;
mod limits;
mod log;
mod store;

pub use compute::{ComputeConfig, open_f32};
pub use engine::EngineConfig;
pub use http::HttpConfig;
pub use limits::LimitsConfig;
pub use log::{LogConfig, LogFormat};
pub use store::StoreConfig;

/// Everything `flipside serve` can be told.
#[derive(Clone, Debug, clap::Args)]
pub struct ServerConfig {
    /// Address, page, shutdown.
    #[command(flatten)]
    pub http: HttpConfig,
    /// What a client may send.
    #[command(flatten)]
    pub limits: LimitsConfig,
    /// The models' device.
    #[command(flatten)]
    pub compute: ComputeConfig,
    /// Queue, batches, caches.
    #[command(flatten)]
    pub engine: EngineConfig,
    /// Shared pictures on disk.
    #[command(flatten)]
    pub store: StoreConfig,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args, Command, FromArgMatches};

    fn parse(args: &[&str]) -> ServerConfig {
        let command = ServerConfig::augment_args(Command::new("serve"));
        let matches = command.try_get_matches_from(std::iter::once(&"serve").chain(args)).unwrap();
        ServerConfig::from_arg_matches(&matches).unwrap()
    }

    #[test]
    fn every_setting_has_a_flag_a_variable_and_a_default() {
        let command = ServerConfig::augment_args(Command::new("serve"));
        for arg in command.get_arguments() {
            let flag = arg.get_long().unwrap_or_else(|| panic!("{} has no flag", arg.get_id()));
            let variable = format!("FLIPSIDE_{}", flag.replace('-', "_").to_uppercase());
            assert_eq!(arg.get_env().and_then(|name| name.to_str()), Some(variable.as_str()), "--{flag}");
            let optional = ["page-dir"].contains(&flag);
            assert!(optional || !arg.get_default_values().is_empty(), "--{flag} has no default");
            assert!(arg.get_help().is_some(), "--{flag} has no help");
        }
    }

    #[test]
    fn commands_without_flags_get_the_documented_defaults() {
        let documented = parse(&[]);
        assert_eq!(documented.limits, LimitsConfig::default());
        assert_eq!(documented.engine, EngineConfig::default());
        assert_eq!(documented.compute, ComputeConfig::default());
    }

    #[test]
    fn flags_win_over_defaults() {
        assert_eq!(parse(&[]).http.address().to_string(), "127.0.0.1:7878");
        assert_eq!(parse(&["--queue-capacity", "3"]).engine.queue_capacity, 3);
    }
}
