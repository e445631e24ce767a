//! The device that models compute on.

use anyhow::{Context, Result};
use flipside_vlm::{DeviceChoice, Placement, Precision};

/// Where models compute, and in which numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, clap::Args)]
pub struct ComputeConfig {
    /// Device: auto, cpu, cuda or cuda:N; auto takes CUDA where the build and the machine have it
    #[arg(long, env = "FLIPSIDE_DEVICE", default_value_t, value_name = "DEVICE")]
    pub device: DeviceChoice,
    /// Number format: auto, f32 or bf16; auto is f32 on the CPU, where bf16 is slow, and bf16 on CUDA
    #[arg(long, env = "FLIPSIDE_DTYPE", default_value_t, value_name = "FORMAT")]
    pub dtype: Precision,
}

impl ComputeConfig {
    /// Opens the device; logs when it is the CPU because CUDA cannot be used.
    ///
    /// # Errors
    /// When the device or the format cannot be had.
    pub fn open(&self) -> Result<Placement> {
        open(self.device, self.dtype)
    }
}

/// Opens a device for single precision, as training needs it.
///
/// # Errors
/// When the device cannot be had.
pub fn open_f32(device: DeviceChoice) -> Result<Placement> {
    open(device, Precision::F32)
}

fn open(device: DeviceChoice, dtype: Precision) -> Result<Placement> {
    let opened = Placement::open(device, dtype).context("the device cannot be used")?;
    if let Some(reason) = &opened.instead_of_cuda {
        tracing::warn!("computing on the CPU, since CUDA cannot be used: {reason}");
    }
    Ok(opened.placement)
}
