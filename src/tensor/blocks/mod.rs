//! The quantized types of GGUF files: blocks of elements with scales of their own.
//!
//! Enters: the bytes of whole blocks. Leaves: their values as `f32`, which is what ggml computes
//! them in. The formulas of the older types are candle's, which follow ggml's; those of the newer
//! ones are here.

mod grids;
mod importance;
mod small;

use candle_core::CpuStorage;
use candle_core::quantized::GgmlDType;

/// One of ggml's block types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockType(Formula);

/// Who computes the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Formula {
    Candle(GgmlDType),
    Own(Own),
}

/// The types whose values are computed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Own {
    Iq1S,
    Iq1M,
    Iq2Xxs,
    Iq2Xs,
    Iq2S,
    Iq3Xxs,
    Iq3S,
    Iq4Nl,
    Iq4Xs,
    Tq10,
    Tq20,
    Mxfp4,
    Nvfp4,
}

/// All block types, with the number and the name that ggml gives them.
const TYPES: [(u32, &str, Formula); 25] = [
    (2, "Q4_0", Formula::Candle(GgmlDType::Q4_0)),
    (3, "Q4_1", Formula::Candle(GgmlDType::Q4_1)),
    (6, "Q5_0", Formula::Candle(GgmlDType::Q5_0)),
    (7, "Q5_1", Formula::Candle(GgmlDType::Q5_1)),
    (8, "Q8_0", Formula::Candle(GgmlDType::Q8_0)),
    (9, "Q8_1", Formula::Candle(GgmlDType::Q8_1)),
    (10, "Q2_K", Formula::Candle(GgmlDType::Q2K)),
    (11, "Q3_K", Formula::Candle(GgmlDType::Q3K)),
    (12, "Q4_K", Formula::Candle(GgmlDType::Q4K)),
    (13, "Q5_K", Formula::Candle(GgmlDType::Q5K)),
    (14, "Q6_K", Formula::Candle(GgmlDType::Q6K)),
    (15, "Q8_K", Formula::Candle(GgmlDType::Q8K)),
    (16, "IQ2_XXS", Formula::Own(Own::Iq2Xxs)),
    (17, "IQ2_XS", Formula::Own(Own::Iq2Xs)),
    (18, "IQ3_XXS", Formula::Own(Own::Iq3Xxs)),
    (19, "IQ1_S", Formula::Own(Own::Iq1S)),
    (20, "IQ4_NL", Formula::Own(Own::Iq4Nl)),
    (21, "IQ3_S", Formula::Own(Own::Iq3S)),
    (22, "IQ2_S", Formula::Own(Own::Iq2S)),
    (23, "IQ4_XS", Formula::Own(Own::Iq4Xs)),
    (29, "IQ1_M", Formula::Own(Own::Iq1M)),
    (34, "TQ1_0", Formula::Own(Own::Tq10)),
    (35, "TQ2_0", Formula::Own(Own::Tq20)),
    (39, "MXFP4", Formula::Own(Own::Mxfp4)),
    (40, "NVFP4", Formula::Own(Own::Nvfp4)),
];

impl BlockType {
    /// The type of ggml's number; `None` for a plain type, and for one that is not known.
    pub(super) fn from_number(number: u32) -> Option<Self> {
        let found = TYPES.iter().find(|(known, ..)| *known == number);
        found.map(|(.., formula)| Self(*formula))
    }

    /// The type of ggml's name: `Q4_K`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let found = TYPES.iter().find(|(_, known, _)| *known == name);
        found.map(|(.., formula)| Self(*formula))
    }

    /// ggml's name of the type.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = TYPES.iter().find(|(.., formula)| *formula == self.0);
        found.map_or("quantized", |(_, name, _)| name)
    }

    /// Elements of a block.
    #[must_use]
    pub fn elements(self) -> usize {
        match self.0 {
            Formula::Candle(dtype) => dtype.block_size(),
            Formula::Own(own) => own.size().0,
        }
    }

    /// Bytes of a block.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self.0 {
            Formula::Candle(dtype) => dtype.type_size(),
            Formula::Own(own) => own.size().1,
        }
    }

    /// The values of the whole blocks that `raw` holds.
    ///
    /// # Errors
    /// What candle says, as a phrase.
    pub(super) fn values(self, raw: &[u8]) -> Result<Vec<f32>, String> {
        let dtype = match self.0 {
            Formula::Candle(dtype) => dtype,
            Formula::Own(own) => return Ok(own.values(raw)),
        };
        // candle panics on part of a block.
        let whole = &raw[..raw.len() - raw.len() % self.bytes()];
        let blocks = dtype.from_data(whole.into());
        let values = blocks.dequantize(whole.len() / self.bytes() * self.elements());
        match values.map_err(|error| error.to_string())? {
            CpuStorage::F32(values) => Ok(values),
            _ => Err(format!("{} does not dequantize to F32", self.name())),
        }
    }
}

impl Own {
    /// Elements and bytes of a block.
    const fn size(self) -> (usize, usize) {
        match self {
            Self::Iq1S => (256, 50),
            Self::Iq1M => (256, 56),
            Self::Iq2Xxs | Self::Tq20 => (256, 66),
            Self::Iq2Xs => (256, 74),
            Self::Iq2S => (256, 82),
            Self::Iq3Xxs => (256, 98),
            Self::Iq3S => (256, 110),
            Self::Iq4Nl => (32, 18),
            Self::Iq4Xs => (256, 136),
            Self::Tq10 => (256, 54),
            Self::Mxfp4 => (32, 17),
            Self::Nvfp4 => (64, 36),
        }
    }

    fn values(self, raw: &[u8]) -> Vec<f32> {
        let block: fn(&[u8], &mut Vec<f32>) = match self {
            Self::Iq1S => importance::iq1_s,
            Self::Iq1M => importance::iq1_m,
            Self::Iq2Xxs => importance::iq2_xxs,
            Self::Iq2Xs => importance::iq2_xs,
            Self::Iq2S => importance::iq2_s,
            Self::Iq3Xxs => importance::iq3_xxs,
            Self::Iq3S => importance::iq3_s,
            Self::Iq4Nl => small::iq4_nl,
            Self::Iq4Xs => small::iq4_xs,
            Self::Tq10 => small::tq1_0,
            Self::Tq20 => small::tq2_0,
            Self::Mxfp4 => small::mxfp4,
            Self::Nvfp4 => small::nvfp4,
        };
        let (elements, bytes) = self.size();
        let mut values = Vec::with_capacity(raw.len() / bytes * elements);
        // Each block is exactly as long as its type says.
        for raw in raw.chunks_exact(bytes) {
            block(raw, &mut values);
        }
        values
    }
}

/// The 16 bits at byte `at`, lowest byte first.
fn word(raw: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([raw[at], raw[at + 1]])
}

/// The half-precision float at byte `at`.
fn half(raw: &[u8], at: usize) -> f32 {
    half::f16::from_bits(word(raw, at)).to_f32()
}
