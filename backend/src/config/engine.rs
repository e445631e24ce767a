//! Queue, batches and caches of the engine.

/// Settings between HTTP and the model.
#[derive(Clone, Debug, PartialEq, clap::Args)]
pub struct EngineConfig {
    /// Requests admitted at once; one more is refused with 503 and Retry-After
    #[arg(long, env = "FLIPSIDE_QUEUE_CAPACITY", default_value_t = 64, value_name = "N")]
    pub queue_capacity: u32,
    /// Most pictures that go through the model together
    #[arg(long, env = "FLIPSIDE_MAX_BATCH", default_value_t = 32, value_name = "N")]
    pub max_batch: u32,
    /// Memory for vision tokens of pictures seen before, in MiB
    #[arg(long, env = "FLIPSIDE_VISION_CACHE_MIB", default_value_t = 128, value_name = "MIB")]
    pub vision_cache_mib: u64,
    /// Memory for results by picture and question, in MiB
    #[arg(long, env = "FLIPSIDE_RESULT_CACHE_MIB", default_value_t = 64, value_name = "MIB")]
    pub result_cache_mib: u64,
    /// Memory for decoded and rendered clean pictures, in MiB
    #[arg(long, env = "FLIPSIDE_PICTURE_CACHE_MIB", default_value_t = 128, value_name = "MIB")]
    pub picture_cache_mib: u64,
    /// Other pictures in the control drift (25 in arXiv 2602.06652)
    #[arg(long, env = "FLIPSIDE_CONTROL_PICTURES", default_value_t = 25, value_name = "N")]
    pub control_pictures: u32,
}

impl Default for EngineConfig {
    /// The documented defaults, for commands without these flags.
    fn default() -> Self {
        Self {
            queue_capacity: 64,
            max_batch: 32,
            vision_cache_mib: 128,
            result_cache_mib: 64,
            picture_cache_mib: 128,
            control_pictures: 25,
        }
    }
}
