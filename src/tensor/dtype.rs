//! How a tensor's values are stored.

use std::fmt;

use crate::tensor::BlockType;

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
    /// 8 bits, 4 of them exponent and 3 fraction; no infinities (arXiv:2209.05433).
    F8E4M3,
    /// 8 bits, 5 of them exponent and 2 fraction: the upper half of an F16.
    F8E5M2,
    /// 8 bits of exponent: a power of two, the scale of a block (OCP Microscaling Formats 1.0).
    F8E8M0,
    /// Blocks of some elements with a scale of their own, as GGUF files hold.
    Block(BlockType),
    /// Codes of a few bits with factors beside them, by the quantizer's name and width.
    Packed(Box<str>),
    /// Anything else by the name the file gives it: kept, shown, not scanned.
    Other(Box<str>),
}

impl DType {
    /// The type of that name, as safetensors files and [`BlockType`] give it.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "F64" => Self::F64,
            "F32" => Self::F32,
            "F16" => Self::F16,
            "BF16" => Self::BF16,
            "F8_E4M3" => Self::F8E4M3,
            "F8_E5M2" => Self::F8E5M2,
            "F8_E8M0" => Self::F8E8M0,
            other => {
                BlockType::from_name(other).map_or_else(|| Self::Other(other.into()), Self::Block)
            }
        }
    }

    /// Bytes of one element; `None` where elements have no bytes of their own, or this program
    /// does not read the type.
    #[must_use]
    pub fn size(&self) -> Option<usize> {
        match self {
            Self::F64 => Some(8),
            Self::F32 => Some(4),
            Self::F16 | Self::BF16 => Some(2),
            Self::F8E4M3 | Self::F8E5M2 | Self::F8E8M0 => Some(1),
            Self::Block(_) | Self::Packed(_) | Self::Other(_) => None,
        }
    }

    /// The least that can be read by itself, as (elements, bytes); `None` for a type that this
    /// program does not read.
    #[must_use]
    pub fn unit(&self) -> Option<(usize, usize)> {
        match self {
            Self::Block(block) => Some((block.elements(), block.bytes())),
            _ => Some((1, self.size()?)),
        }
    }

    /// Bytes of that many elements; `None` for a type that is not read, for a number of elements
    /// that is not one of whole blocks, and where 64 bits cannot count the bytes.
    #[must_use]
    pub fn bytes(&self, elements: u64) -> Option<u64> {
        let (unit, bytes) = self.unit()?;
        let whole = elements.is_multiple_of(unit as u64);
        whole.then(|| (elements / unit as u64).checked_mul(bytes as u64))?
    }

    /// Bytes of one element as it lies in the file, also of an integer type.
    pub(super) fn width(&self) -> Option<usize> {
        match self {
            Self::Other(name) => match &**name {
                "I8" | "U8" => Some(1),
                "I16" | "U16" => Some(2),
                "I32" | "U32" => Some(4),
                "I64" | "U64" => Some(8),
                _ => None,
            },
            _ => self.size(),
        }
    }

    /// Whether the type is one of 8 bits, whose values a tensor of scales may belong to.
    #[must_use]
    pub fn is_8_bit_float(&self) -> bool {
        matches!(self, Self::F8E4M3 | Self::F8E5M2)
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F64 => "F64",
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::BF16 => "BF16",
            Self::F8E4M3 => "F8_E4M3",
            Self::F8E5M2 => "F8_E5M2",
            Self::F8E8M0 => "F8_E8M0",
            Self::Block(block) => block.name(),
            Self::Packed(name) | Self::Other(name) => name,
        })
    }
}
