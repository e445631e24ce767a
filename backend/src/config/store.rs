//! Where shared pictures lie and how much room they may take.

use std::path::PathBuf;

/// Settings of the picture store.
#[derive(Clone, Debug, clap::Args)]
pub struct StoreConfig {
    /// Folder for pictures that visitors share
    #[arg(long, env = "FLIPSIDE_DATA_DIR", default_value = "./flipside-data", value_name = "DIR")]
    pub data_dir: PathBuf,
    /// Disk space for shared pictures, in MiB; beyond it new ones are refused
    #[arg(long, env = "FLIPSIDE_DATA_QUOTA_MIB", default_value_t = 1024, value_name = "MIB")]
    pub data_quota_mib: u64,
}
