//! The quantised types of GGUF files: blocks of elements with scales of their own.
//!
//! Enters: the bytes of whole blocks. Leaves: their values as `f32`, which is what ggml computes
//! them in. The formulas are candle's, which follow ggml's.

use candle_core::CpuStorage;
use candle_core::quantized::GgmlDType;

/// One of ggml's block types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockType(GgmlDType);

/// All block types with the names ggml gives them.
const NAMES: [(&str, GgmlDType); 12] = [
    ("Q4_0", GgmlDType::Q4_0),
    ("Q4_1", GgmlDType::Q4_1),
    ("Q5_0", GgmlDType::Q5_0),
    ("Q5_1", GgmlDType::Q5_1),
    ("Q8_0", GgmlDType::Q8_0),
    ("Q8_1", GgmlDType::Q8_1),
    ("Q2_K", GgmlDType::Q2K),
    ("Q3_K", GgmlDType::Q3K),
    ("Q4_K", GgmlDType::Q4K),
    ("Q5_K", GgmlDType::Q5K),
    ("Q6_K", GgmlDType::Q6K),
    ("Q8_K", GgmlDType::Q8K),
];

impl BlockType {
    /// The block type of candle's `dtype`; `None` for a plain float.
    pub(super) fn new(dtype: GgmlDType) -> Option<Self> {
        let is_block = NAMES.iter().any(|(_, block)| *block == dtype);
        is_block.then_some(Self(dtype))
    }

    /// The type of ggml's name: `Q4_K`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, dtype)| Self(*dtype))
    }

    /// ggml's name of the type.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = NAMES.iter().find(|(_, dtype)| *dtype == self.0);
        found.map_or("quantised", |(name, _)| name)
    }

    /// Elements of a block.
    #[must_use]
    pub fn elements(self) -> usize {
        self.0.block_size()
    }

    /// Bytes of a block.
    #[must_use]
    pub fn bytes(self) -> usize {
        self.0.type_size()
    }

    /// The values of the whole blocks that `raw` holds.
    ///
    /// # Errors
    /// What candle says, as a phrase.
    pub(super) fn values(self, raw: &[u8]) -> Result<Vec<f32>, String> {
        // candle panics on part of a block.
        let whole = &raw[..raw.len() - raw.len() % self.bytes()];
        let blocks = self.0.from_data(whole.into());
        let values = blocks.dequantize(whole.len() / self.bytes() * self.elements());
        match values.map_err(|error| error.to_string())? {
            CpuStorage::F32(values) => Ok(values),
            _ => Err(format!("{} does not dequantise to F32", self.name())),
        }
    }
}
