//! Where the server listens, where the page comes from and how it stops.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

/// Settings of the HTTP side.
#[derive(Clone, Debug, clap::Args)]
pub struct HttpConfig {
    /// Address to listen on; 0.0.0.0 opens the lab to the network
    #[arg(long, env = "FLIPSIDE_HOST", default_value = "127.0.0.1", value_name = "IP")]
    pub host: IpAddr,
    /// Port to listen on; 0 takes a free one, printed at start
    #[arg(long, env = "FLIPSIDE_PORT", default_value_t = 7878, value_name = "PORT")]
    pub port: u16,
    /// Serve the page from this folder instead of the one inside the binary, and reload it when it changes
    #[arg(long, env = "FLIPSIDE_PAGE_DIR", value_name = "DIR")]
    pub page_dir: Option<PathBuf>,
    /// Longest time a request may take, in seconds
    #[arg(long, env = "FLIPSIDE_REQUEST_TIMEOUT_S", default_value_t = 30, value_name = "SECONDS")]
    pub request_timeout_s: u64,
    /// How long requests in flight may still run once the server is told to stop, in seconds
    #[arg(long, env = "FLIPSIDE_SHUTDOWN_GRACE_S", default_value_t = 10, value_name = "SECONDS")]
    pub shutdown_grace_s: u64,
}

impl HttpConfig {
    /// Where to listen.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }

    /// The longest time a request may take.
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_s)
    }

    /// The time left to requests in flight at shutdown.
    pub fn shutdown_grace(&self) -> Duration {
        Duration::from_secs(self.shutdown_grace_s)
    }
}
