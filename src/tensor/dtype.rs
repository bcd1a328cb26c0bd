//! How a tensor's values are stored.

use std::fmt;

/// The stored type of a tensor's elements.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DType {
    /// 64-bit IEEE 754.
    F64,
    /// 32-bit IEEE 754.
    F32,
    /// 16-bit IEEE 754.
    F16,
    /// bfloat16: the upper half of an `f32`.
    BF16,
    /// Anything else by the name the file gives it: kept, shown, not scanned.
    Other(Box<str>),
}

impl DType {
    /// The type of that safetensors name.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "F64" => Self::F64,
            "F32" => Self::F32,
            "F16" => Self::F16,
            "BF16" => Self::BF16,
            other => Self::Other(other.into()),
        }
    }

    /// Bytes of one element; `None` where this program does not read the type.
    #[must_use]
    pub fn size(&self) -> Option<usize> {
        match self {
            Self::F64 => Some(8),
            Self::F32 => Some(4),
            Self::F16 | Self::BF16 => Some(2),
            Self::Other(_) => None,
        }
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F64 => "F64",
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::BF16 => "BF16",
            Self::Other(name) => name,
        })
    }
}
