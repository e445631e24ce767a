//! Where a model computes and in which numbers: what may be asked for, and what this build and machine can give.
//!
//! The one file that knows whether the build has CUDA. Knows devices; nothing of models, logs or flags.

use crate::error::{Error, Result};
use candle_core::{DType, Device};
use std::fmt;
use std::str::FromStr;

/// The device that is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeviceChoice {
    /// The first CUDA device, when the build has CUDA and the machine a device; the processor when not.
    #[default]
    Auto,
    /// The processor.
    Cpu,
    /// The CUDA device of this number, or nothing.
    Cuda(usize),
}

impl FromStr for DeviceChoice {
    type Err = Error;

    /// `auto`, `cpu`, `cuda` (the first) or `cuda:N`.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "auto" => Ok(Self::Auto),
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            _ => {
                let number = text.strip_prefix("cuda:").and_then(|number| number.parse().ok());
                number.map(Self::Cuda).ok_or_else(|| Error::Device {
                    reason: format!("there is no device {text:?}: say auto, cpu, cuda or cuda:N"),
                })
            }
        }
    }
}

impl fmt::Display for DeviceChoice {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(number) => write!(f, "cuda:{number}"),
        }
    }
}

/// The number format of weights and layers that is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// f32 on the processor, bf16 on CUDA.
    #[default]
    Auto,
    /// Single precision.
    F32,
    /// bfloat16; sums, norms and softmax stay in single precision. On the processor slower than single precision: for a
    /// look at what a GPU computes.
    Bf16,
}

impl FromStr for Precision {
    type Err = Error;

    /// `auto`, `f32` or `bf16`.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "auto" => Ok(Self::Auto),
            "f32" => Ok(Self::F32),
            "bf16" => Ok(Self::Bf16),
            _ => Err(Error::Device {
                reason: format!("there is no number format {text:?}: say auto, f32 or bf16"),
            }),
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::F32 => "f32",
            Self::Bf16 => "bf16",
        })
    }
}

/// Where tensors lie and in which number format weights and layers are.
#[derive(Clone, Debug)]
pub struct Placement {
    /// Where.
    pub device: Device,
    /// In what.
    pub dtype: DType,
}

/// A device that was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// It, and the number format that goes with it.
    pub placement: Placement,
    /// Why it is the processor, when CUDA is in the build but cannot be used. For people.
    pub instead_of_cuda: Option<String>,
}

impl Placement {
    /// Single precision on the processor.
    pub fn cpu() -> Self {
        Self { device: Device::Cpu, dtype: DType::F32 }
    }

    /// Opens what is asked for.
    ///
    /// # Errors
    /// [`Error::Device`] when CUDA is asked for and cannot be had; it names the remedy.
    pub fn open(choice: DeviceChoice, precision: Precision) -> Result<Opened> {
        let (device, instead_of_cuda) = match choice {
            DeviceChoice::Cpu => (Device::Cpu, None),
            DeviceChoice::Cuda(number) => {
                let refused =
                    |reason| Error::Device { reason: format!("cuda:{number} cannot be used: {reason}") };
                (cuda(number).map_err(refused)?, None)
            }
            DeviceChoice::Auto if !BUILT_WITH_CUDA => (Device::Cpu, None),
            DeviceChoice::Auto => match cuda(0) {
                Ok(device) => (device, None),
                Err(reason) => (Device::Cpu, Some(reason)),
            },
        };
        let dtype = match (precision, device.is_cpu()) {
            (Precision::F32, _) | (Precision::Auto, true) => DType::F32,
            (Precision::Bf16, _) | (Precision::Auto, false) => DType::BF16,
        };
        Ok(Opened { placement: Self { device, dtype }, instead_of_cuda })
    }

    /// `cpu` or `cuda:N`.
    pub fn device_name(&self) -> String {
        match self.device.location() {
            candle_core::DeviceLocation::Cpu => "cpu".to_owned(),
            candle_core::DeviceLocation::Cuda { gpu_id } => format!("cuda:{gpu_id}"),
            candle_core::DeviceLocation::Metal { gpu_id } => format!("metal:{gpu_id}"),
        }
    }

    /// `f32`, `bf16`.
    pub fn dtype_name(&self) -> &'static str {
        self.dtype.as_str()
    }
}

/// Whether this build can use CUDA at all.
const BUILT_WITH_CUDA: bool = cfg!(feature = "cuda");

#[cfg(not(feature = "cuda"))]
fn cuda(_: usize) -> std::result::Result<Device, String> {
    Err("this program was built without CUDA; build it with --features cuda (see deploy/cuda/README.md), \
         or choose --device cpu"
        .to_owned())
}

/// Opens a device, after a look whether the libraries that are loaded at run time are there at all: without them the
/// CUDA bindings panic.
#[cfg(feature = "cuda")]
fn cuda(number: usize) -> std::result::Result<Device, String> {
    for (library, remedy) in [
        ("cuda", "is the NVIDIA driver installed?"),
        ("cublas", "put the folder of the CUDA libraries on LD_LIBRARY_PATH"),
        ("curand", "put the folder of the CUDA libraries on LD_LIBRARY_PATH"),
    ] {
        if !loads(library) {
            return Err(format!("lib{library}.so cannot be loaded: {remedy}"));
        }
    }
    // A driver too old to have a function that the bindings ask for is a panic there.
    let opened = std::panic::catch_unwind(|| Device::new_cuda(number));
    let reason = match opened {
        Ok(Ok(device)) => return Ok(device),
        Ok(Err(error)) => error.to_string().lines().next().unwrap_or_default().to_owned(),
        Err(_) => "its library lacks a function".to_owned(),
    };
    Err(format!("the driver refused it ({reason}): is there such a device, and a driver for CUDA 13?"))
}

/// Whether the loader finds a library, by the names that the CUDA bindings try.
#[cfg(feature = "cuda")]
fn loads(library: &str) -> bool {
    ["", ".13", ".12", ".11", ".10", ".1"].iter().any(|version| {
        // SAFETY: NVIDIA's libraries run no code of their own when they are loaded that this process relies on.
        unsafe { libloading::Library::new(format!("lib{library}.so{version}")) }.is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_read_as_they_are_written() {
        for text in ["auto", "cpu", "cuda:0", "cuda:3"] {
            assert_eq!(text.parse::<DeviceChoice>().unwrap().to_string(), text);
        }
        assert_eq!("cuda".parse::<DeviceChoice>().unwrap(), DeviceChoice::Cuda(0));
        for text in ["gpu", "cuda:", "cuda:-1", "CPU", ""] {
            let message = text.parse::<DeviceChoice>().unwrap_err().to_string();
            assert!(message.contains("auto, cpu, cuda or cuda:N"), "{message}");
        }
        for text in ["auto", "f32", "bf16"] {
            assert_eq!(text.parse::<Precision>().unwrap().to_string(), text);
        }
        assert!("f16".parse::<Precision>().is_err());
    }

    #[test]
    fn the_processor_computes_in_single_precision_unless_told() {
        for (precision, dtype) in
            [(Precision::Auto, "f32"), (Precision::F32, "f32"), (Precision::Bf16, "bf16")]
        {
            let placement = Placement::open(DeviceChoice::Cpu, precision).unwrap().placement;
            assert_eq!((placement.device_name().as_str(), placement.dtype_name()), ("cpu", dtype));
        }
    }

    /// Holds for builds without CUDA, and for those with it on a machine without a device that many.
    #[test]
    fn what_cannot_be_had_is_said_with_its_remedy() {
        let message = Placement::open(DeviceChoice::Cuda(4096), Precision::Auto).unwrap_err().to_string();
        assert!(message.starts_with("cuda:4096 cannot be used: "), "{message}");
        let opened = Placement::open(DeviceChoice::Auto, Precision::Auto).unwrap();
        assert_eq!(opened.instead_of_cuda.is_some(), BUILT_WITH_CUDA && opened.placement.device.is_cpu());
        if !BUILT_WITH_CUDA {
            assert!(message.contains("--features cuda") && message.contains("--device cpu"), "{message}");
        }
    }
}
