//! How a weight is packed: which tensors hold its codes and factors, and the formula of a value.
//!
//! Every format is one case of the same description. An element has a code of a few bits, a table
//! turns the code into a number, and the factors of its group turn the number into the value. The
//! files beside this one recognize each quantizer's layout and fill the description in; `values.rs`
//! computes with it.

use crate::tensor::layout;
use crate::tensor::{TensorInfo, elements};

/// How a packed weight is stored, and what its values are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packing {
    /// The quantizer and its width: `GPTQ 4-bit`.
    pub(super) method: String,
    /// The shape of the weight before it was packed.
    pub(super) shape: Vec<usize>,
    /// The tensors that are read, as indices into [`crate::tensor::Model::tensors`]; the codes are
    /// the first. The other fields refer to places in this list.
    pub(super) parts: Vec<usize>,
    /// Equal matrices that lie one after the other in each part: the experts of a fused weight.
    pub(super) count: usize,
    /// Rows of one stored matrix: the output features.
    pub(super) rows: usize,
    /// Columns of one stored matrix: the input features.
    pub(super) cols: usize,
    /// Whether the model uses the transpose of the stored matrix.
    pub(super) transposed: bool,
    /// Bits of a code.
    pub(super) bits: usize,
    /// Where the code of an element is.
    pub(super) order: Order,
    /// What number a code stands for.
    pub(super) numbers: Numbers,
    /// The factor of an element's group.
    pub(super) scale: Scale,
    /// The second factor, for formats that have one.
    pub(super) shift: Shift,
    /// Which group an element belongs to.
    pub(super) group: Group,
}

/// Where the code of an element is. Bits are counted from the lowest of the first byte on, as in
/// little-endian words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Row by row without gaps.
    Rows,
    /// Row by row without gaps, the first of two codes in the upper half of a byte.
    HighFirst,
    /// Row by row in words of 32 bits that hold whole codes only.
    Words,
    /// The codes of a column fill words of 32 bits downwards; the words lie row by row.
    Down,
    /// The codes of a column of the transpose fill words of 32 bits across, in the order of
    /// [`Order::across`].
    Across,
}

impl Order {
    /// At which place in its word AutoAWQ stores each of the 32 / `bits` codes.
    pub(super) fn across(bits: usize) -> &'static [usize] {
        match bits {
            4 => &[0, 4, 1, 5, 2, 6, 3, 7],
            8 => &[0, 2, 1, 3],
            _ => &[],
        }
    }
}

/// What number a code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Itself.
    Unsigned,
    /// Itself less half the range.
    Offset,
    /// Two's complement.
    Signed,
    /// A float of 4 bits, 2 of them exponent and 1 fraction (OCP Microscaling Formats 1.0, 2023).
    E2M1,
    /// A float of 8 bits, 4 of them exponent.
    E4M3,
    /// An entry of the table in this part.
    Table(usize),
}

/// A part by its place in [`Packing::parts`], and how its bytes read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Floats {
    pub(super) part: usize,
    pub(super) reads: Reads,
}

/// How the bytes of a factor read where its type does not say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// As the tensor's type says.
    AsStated,
    /// As powers of two: the exponent plus 127.
    PowerOfTwo,
    /// As floats of 8 bits, 4 of them exponent.
    E4M3,
}

/// The factor of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// As stored.
    Plain(Floats),
    /// Divided by the one number in another part.
    Divided(Floats, usize),
    /// Multiplied by the one number in another part.
    Multiplied(Floats, usize),
    /// Stored, and multiplied by this number after it has met the value.
    Then(Floats, u32),
    /// Itself quantized: `table[code] · factor[place / block] + offset`.
    Nested {
        codes: usize,
        table: usize,
        factors: usize,
        block: usize,
        /// The bits of an `f32`.
        offset: u32,
    },
}

/// What else belongs to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    /// Nothing: the value is `number · scale`.
    None,
    /// A number that is added: the value is `scale · number + bias`.
    Bias(usize),
    /// The number that stands for zero: the value is `(number − zero) · scale`.
    Zero(usize),
    /// The same, packed as GPTQ packs it; with `less_one`, one less than it is is stored.
    ZeroDown { part: usize, less_one: bool },
    /// The same, packed as AutoAWQ packs it.
    ZeroAcross(usize),
    /// The same, packed into words down the rows, less half the range.
    ZeroWords(usize),
}

/// Which group an element belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// All elements are one.
    One,
    /// Each row is one.
    Row,
    /// So many elements one after the other, across the ends of rows.
    Run(usize),
    /// So many elements of a row; the factors lie row by row.
    InRow(usize),
    /// So many elements of a row; the factors of all rows' first groups come first.
    Across(usize),
    /// As `InRow` or `Across`, but a part says which group each column belongs to.
    Listed {
        part: usize,
        groups: usize,
        across: bool,
    },
}

impl Packing {
    /// The quantizer and its width: `GPTQ 4-bit`.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Matrices of the weight: its experts, or 1.
    pub(in crate::tensor) fn count(&self) -> usize {
        self.count
    }

    /// The weight's shape before it was packed.
    pub(in crate::tensor) fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The tensors that are read.
    pub(in crate::tensor) fn parts(&self) -> &[usize] {
        &self.parts
    }

    /// Checks that the parts among `tensors` are as long as the codes and factors that are read.
    ///
    /// # Errors
    /// Why the weight cannot be read, as a phrase.
    pub(in crate::tensor) fn check(&self, tensors: &[TensorInfo]) -> Result<(), String> {
        let size = [self.count, self.rows, self.cols];
        if size.contains(&0) {
            return Err(format!("is empty: its shape is {:?}", self.shape));
        }
        elements(&size).ok_or("has more elements than can be counted")?;
        let name = if self.count == 1 { "" } else { layout::EXPERTS };
        layout::of(name, &self.shape)?;
        let Some(first) = self.parts.first().and_then(|&place| tensors.get(place)) else {
            return Err("its codes are missing".into());
        };
        let width = first
            .dtype
            .width()
            .ok_or("its codes are of an unknown type")? as u64;
        let stored = elements(&first.shape).and_then(|count| count.checked_mul(width));
        let needed = self
            .code_bytes()
            .and_then(|bytes| bytes.checked_mul(self.count));
        if needed.is_none_or(|needed| stored.is_none_or(|stored| stored < needed as u64)) {
            return Err("has fewer codes than its shape requires".into());
        }
        match self
            .parts
            .iter()
            .find(|&&part| tensors.get(part).is_none_or(|info| info.problem.is_some()))
        {
            Some(_) => Err("a tensor beside it cannot be read".into()),
            None => Ok(()),
        }
    }

    /// Groups of one matrix.
    pub(super) fn groups(&self) -> usize {
        let per_row = |length: usize| self.cols.div_ceil(length.max(1));
        match self.group {
            Group::One => 1,
            Group::Row => self.rows,
            Group::Run(length) => (self.rows * self.cols).div_ceil(length.max(1)),
            Group::InRow(length) | Group::Across(length) => self.rows * per_row(length),
            Group::Listed { groups, .. } => self.rows * groups,
        }
    }

    /// Bytes of the codes of one matrix; `None` where they cannot be counted.
    pub(super) fn code_bytes(&self) -> Option<usize> {
        let words = |codes: usize| codes.checked_mul(self.bits).map(|bits| bits.div_ceil(32));
        let bytes = match self.order {
            Order::Rows | Order::HighFirst => {
                let bits = self.rows.checked_mul(self.cols)?.checked_mul(self.bits)?;
                return Some(bits.div_ceil(8));
            }
            Order::Words => self
                .rows
                .checked_mul(self.cols.div_ceil(32 / self.bits.max(1)))?,
            Order::Down => words(self.cols)?.checked_mul(self.rows)?,
            Order::Across => words(self.rows)?.checked_mul(self.cols)?,
        };
        bytes.checked_mul(4)
    }
}
