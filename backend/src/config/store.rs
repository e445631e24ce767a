//! Where shared pictures and runs lie, and how much room the pictures may take.

use std::path::PathBuf;

/// Settings of what lies on disk.
#[derive(Clone, Debug, clap::Args)]
pub struct StoreConfig {
    /// Folder for pictures that visitors share
    #[arg(long, env = "FLIPSIDE_DATA_DIR", default_value = "./flipside-data", value_name = "DIR")]
    pub data_dir: PathBuf,
    /// Disk space for shared pictures, in MiB; beyond it new ones are refused
    #[arg(long, env = "FLIPSIDE_DATA_QUOTA_MIB", default_value_t = 1024, value_name = "MIB")]
    pub data_quota_mib: u64,
    /// Folder of runs that the page shows under /reports: each a folder that `flipside evaluate --out` made
    #[arg(long, env = "FLIPSIDE_RUNS_DIR", default_value = "./flipside-runs", value_name = "DIR")]
    pub runs_dir: PathBuf,
    /// Reports kept in memory, each as large as its run's log
    #[arg(long, env = "FLIPSIDE_OPEN_REPORTS", default_value_t = 4, value_name = "N")]
    pub open_reports: u64,
}
