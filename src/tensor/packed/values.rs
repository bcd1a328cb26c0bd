//! The values of a packed matrix.
//!
//! Enters: where its parts are. Leaves: [`Unpacked`], the packed bytes and the factors in memory,
//! from which any block is computed. All arithmetic is in `f32`, in the order in which each
//! quantizer's own program does it, so that the values are the same to the bit.

use std::ops::Range;
use std::sync::Arc;

use crate::error::{Error, Problem, Result};
use crate::progress::Progress;
use crate::source::{Held, ReadAt};
use crate::tensor::DType;
use crate::tensor::fp8;
use crate::tensor::packed::packing::{Floats, Group, Numbers, Order, Packing, Reads, Scale, Shift};
use crate::tensor::widen::widen;

/// The values of a float of 4 bits: 2 of exponent, 1 of fraction, the sign above them.
const E2M1: [f32; 16] = [
    0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, -0.0, -0.5, -1.0, -1.5, -2.0, -3.0, -4.0, -6.0,
];

/// A tensor, or the share of it that belongs to one matrix.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) bytes: Arc<dyn ReadAt>,
    pub(crate) offset: u64,
    pub(crate) length: u64,
    pub(crate) dtype: DType,
}

impl Part {
    fn read(&self, progress: &Progress) -> Result<Vec<u8>> {
        let short = |error: std::collections::TryReserveError| {
            Error::io(self.bytes.path(), "read a packed matrix")(error.into())
        };
        let length = usize::try_from(self.length).unwrap_or(usize::MAX);
        let mut raw = Vec::new();
        raw.try_reserve_exact(length).map_err(short)?;
        raw.resize(length, 0);
        let held = Held::fetch(self.bytes.as_ref(), self.offset, self.length, progress)?;
        match held {
            Some(held) => held.read_exact_at(self.offset, &mut raw)?,
            None => self.bytes.read_exact_at(self.offset, &mut raw)?,
        }
        Ok(raw)
    }
}

/// One packed matrix: where it is, and nothing of it in memory.
#[derive(Debug)]
pub(crate) struct Packed {
    packing: Arc<Packing>,
    /// In the order of [`Packing::parts`].
    parts: Vec<Part>,
}

impl Packed {
    /// The matrix that `parts` hold, which are as `packing` lists them.
    pub(crate) fn new(packing: Arc<Packing>, parts: Vec<Part>) -> Self {
        Self { packing, parts }
    }

    /// Rows and columns of the matrix as the model uses it.
    pub(crate) fn size(&self) -> (usize, usize) {
        let Packing { rows, cols, .. } = *self.packing;
        if self.packing.transposed {
            (cols, rows)
        } else {
            (rows, cols)
        }
    }

    /// Bytes of all parts.
    pub(crate) fn stored(&self) -> u64 {
        self.parts.iter().map(|part| part.length).sum()
    }

    /// Bytes of memory that [`Unpacked`] takes, and while it is made.
    pub(crate) fn held(&self) -> u64 {
        let factors = self.packing.groups() as u64 * 2 * size_of::<f32>() as u64;
        self.stored().saturating_add(factors)
    }

    pub(crate) fn is_far(&self) -> bool {
        self.parts.iter().any(|part| part.bytes.far().is_some())
    }

    /// As [`ReadAt::check_unchanged`], of all parts.
    pub(crate) fn check_unchanged(&self) -> Result<()> {
        self.parts
            .iter()
            .try_for_each(|part| part.bytes.check_unchanged())
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        let first = self.parts.first();
        first.map_or(std::path::Path::new(""), |part| part.bytes.path())
    }

    /// Reads the parts.
    ///
    /// # Errors
    /// When they cannot be read, and [`Error::Problem`] where they do not fit each other.
    pub(crate) fn read(&self, progress: &Progress) -> Result<Unpacked> {
        let packing = Arc::clone(&self.packing);
        let groups = packing.groups();
        let short = || self.refuse("one of its parts is shorter than the others require");
        let codes = match self.parts.first() {
            Some(part) => part.read(progress)?,
            None => return Err(short()),
        };
        if packing.code_bytes().is_none_or(|bytes| bytes > codes.len()) {
            return Err(short());
        }
        let table = self.table(progress)?;
        let scale = self.scale(progress)?;
        let shift = self.shift(progress)?;
        let fits = |factors: &Vec<f32>| factors.len() >= groups;
        if !fits(&scale) || shift.as_ref().is_some_and(|shift| !fits(shift)) {
            return Err(short());
        }
        let listed = match packing.group {
            Group::Listed { part, groups, .. } => {
                let listed: Vec<usize> = words(&self.part(part).read(progress)?)
                    .map(|word| word as usize)
                    .collect();
                if listed.len() < packing.cols || listed.iter().any(|&group| group >= groups) {
                    return Err(self.refuse("a column belongs to a group that is not there"));
                }
                listed
            }
            _ => Vec::new(),
        };
        Ok(Unpacked {
            packing,
            codes,
            table,
            scale,
            shift,
            listed,
        })
    }

    fn refuse(&self, problem: &str) -> Error {
        Error::from(
            Problem::input(self.path(), problem.to_owned())
                .at(format!("{} matrix", self.packing.method))
                .advice("the file is damaged: download it again"),
        )
    }

    fn part(&self, place: usize) -> &Part {
        &self.parts[place]
    }

    /// The numbers of a part.
    fn floats(&self, floats: Floats, progress: &Progress) -> Result<Vec<f32>> {
        let part = self.part(floats.part);
        let raw = part.read(progress)?;
        let dtype = match floats.reads {
            Reads::PowerOfTwo => &DType::F8E8M0,
            Reads::E4M3 => &DType::F8E4M3,
            Reads::AsStated => &part.dtype,
        };
        match dtype {
            DType::Other(name) if &**name == "I8" => {
                return Ok(raw
                    .iter()
                    .map(|byte| f32::from(byte.cast_signed()))
                    .collect());
            }
            DType::Other(name) if &**name == "U8" => {
                return Ok(raw.iter().map(|byte| f32::from(*byte)).collect());
            }
            DType::Other(name) if &**name == "I32" => {
                return Ok(words(&raw).map(|word| word.cast_signed() as f32).collect());
            }
            _ => {}
        }
        let size = dtype.size().ok_or_else(|| {
            self.refuse(&format!(
                "its factors are of type {dtype}, which is not read"
            ))
        })?;
        let mut values = vec![0.0; raw.len() / size];
        widen(dtype, &raw, &mut values);
        Ok(values.into_iter().map(|value| value as f32).collect())
    }

    fn plain(&self, part: usize, progress: &Progress) -> Result<Vec<f32>> {
        let reads = Reads::AsStated;
        self.floats(Floats { part, reads }, progress)
    }

    fn one(&self, part: usize, progress: &Progress) -> Result<f32> {
        let values = self.plain(part, progress)?;
        Ok(values.first().copied().unwrap_or(f32::NAN))
    }

    /// The numbers of all codes.
    fn table(&self, progress: &Progress) -> Result<Vec<f32>> {
        let bits = self.packing.bits.min(8);
        let range = 0..=u8::MAX >> (8 - bits);
        let half = 1_i16 << (bits - 1);
        let number = |code: u8| match self.packing.numbers {
            Numbers::Offset => f32::from(i16::from(code) - half),
            Numbers::Signed if i16::from(code) >= half => f32::from(i16::from(code) - 2 * half),
            Numbers::Unsigned | Numbers::Table(_) | Numbers::Signed => f32::from(code),
            Numbers::E2M1 => E2M1[usize::from(code & 0xf)],
            Numbers::E4M3 => fp8::E4M3[usize::from(code)] as f32,
        };
        let Numbers::Table(part) = self.packing.numbers else {
            return Ok(range.map(number).collect());
        };
        let mut table = self.plain(part, progress)?;
        table.resize(1 << bits, f32::NAN);
        Ok(table)
    }

    fn scale(&self, progress: &Progress) -> Result<Vec<f32>> {
        match self.packing.scale {
            Scale::Plain(floats) | Scale::Then(floats, _) => self.floats(floats, progress),
            Scale::Divided(floats, by) => {
                let (mut scale, by) = (self.floats(floats, progress)?, self.one(by, progress)?);
                for scale in &mut scale {
                    *scale /= by;
                }
                Ok(scale)
            }
            Scale::Multiplied(floats, by) => {
                let (mut scale, by) = (self.floats(floats, progress)?, self.one(by, progress)?);
                for scale in &mut scale {
                    *scale *= by;
                }
                Ok(scale)
            }
            Scale::Nested {
                codes,
                table,
                factors,
                block,
                offset,
            } => {
                let codes = self.part(codes).read(progress)?;
                let (table, factors) =
                    (self.plain(table, progress)?, self.plain(factors, progress)?);
                let at =
                    |values: &[f32], place: usize| values.get(place).copied().unwrap_or(f32::NAN);
                let scale = codes.iter().enumerate().map(|(place, code)| {
                    let factor = at(&factors, place / block.max(1));
                    at(&table, usize::from(*code)) * factor + f32::from_bits(offset)
                });
                Ok(scale.collect())
            }
        }
    }

    fn shift(&self, progress: &Progress) -> Result<Option<Vec<f32>>> {
        let Packing { bits, rows, .. } = *self.packing;
        let groups = self.packing.groups() / rows.max(1);
        let most = (1_u32 << bits.min(31)) - 1;
        let read = |part: usize| self.part(part).read(progress);
        Ok(Some(match self.packing.shift {
            Shift::None => return Ok(None),
            Shift::Bias(part) | Shift::Zero(part) => self.plain(part, progress)?,
            Shift::ZeroDown { part, less_one } => {
                let raw = read(part)?;
                // The addition carries from one zero into the next, as the subtraction did when
                // they were stored (GPTQModel).
                let ones = (0..32 / bits).fold(0_u32, |ones, place| ones | 1 << (place * bits));
                let whole = 32 % bits == 0;
                let raw: Vec<u8> = if less_one && whole {
                    words(&raw)
                        .flat_map(|word| word.wrapping_add(ones).to_le_bytes())
                        .collect()
                } else {
                    raw
                };
                let row_bits = (rows * bits).div_ceil(32) * 32;
                let one = u32::from(less_one && !whole);
                (0..groups * rows)
                    .map(|place| {
                        let at = place / rows * row_bits + place % rows * bits;
                        ((bits_at(&raw, at, bits) + one) & most) as f32
                    })
                    .collect()
            }
            Shift::ZeroAcross(part) => {
                let raw = read(part)?;
                let order = Order::across(bits);
                let row_words = (rows * bits).div_ceil(32);
                (0..groups * rows)
                    .map(|place| {
                        let (group, row) = (place / rows, place % rows);
                        let word = group * row_words + row / order.len();
                        let at = word * 32 + order[row % order.len()] * bits;
                        bits_at(&raw, at, bits) as f32
                    })
                    .collect()
            }
            Shift::ZeroWords(part) => {
                let raw = read(part)?;
                let per_word = 32 / bits;
                let half = 1_i32 << (bits - 1);
                (0..rows * groups)
                    .map(|place| {
                        let (row, group) = (place / groups, place % groups);
                        let word = row / per_word * groups + group;
                        let at = word * 32 + row % per_word * bits;
                        (bits_at(&raw, at, bits).cast_signed() - half) as f32
                    })
                    .collect()
            }
        }))
    }
}

/// Little-endian words of 32 bits.
fn words(raw: &[u8]) -> impl Iterator<Item = u32> {
    let (chunks, _) = raw.as_chunks::<4>();
    chunks.iter().map(|chunk| u32::from_le_bytes(*chunk))
}

/// The `bits` ≤ 8 bits from bit `at` on; zeros beyond the end.
fn bits_at(raw: &[u8], at: usize, bits: usize) -> u32 {
    let byte = |place: usize| raw.get(place).map_or(0, |byte| u32::from(*byte));
    let both = byte(at / 8) | byte(at / 8 + 1) << 8;
    both >> (at % 8) & ((1 << bits) - 1)
}

/// A packed matrix in memory. Its values are computed as they are asked for.
#[derive(Debug)]
pub(crate) struct Unpacked {
    packing: Arc<Packing>,
    codes: Vec<u8>,
    /// The number of each code.
    table: Vec<f32>,
    /// By group.
    scale: Vec<f32>,
    /// By group.
    shift: Option<Vec<f32>>,
    /// For each column its group, where they are listed.
    listed: Vec<usize>,
}

impl Unpacked {
    /// Computes the block `rows` × `cols` of the matrix as the model uses it, row by row.
    pub(crate) fn block(&self, rows: Range<usize>, cols: Range<usize>, out: &mut [f64]) {
        for (row, out) in rows.zip(out.chunks_exact_mut(cols.len().max(1))) {
            for (col, out) in cols.clone().zip(out) {
                *out = f64::from(if self.packing.transposed {
                    self.value(col, row)
                } else {
                    self.value(row, col)
                });
            }
        }
    }

    /// The value at `row` and `col` of the stored matrix.
    fn value(&self, row: usize, col: usize) -> f32 {
        let number = self.table[self.code(row, col) as usize];
        let group = self.group(row, col);
        let scale = self.scale[group];
        match (&self.shift, self.packing.shift) {
            (Some(bias), Shift::Bias(_)) => scale * number + bias[group],
            (Some(zero), _) => (number - zero[group]) * scale,
            (None, _) => match self.packing.scale {
                Scale::Then(_, factor) => number * scale * f32::from_bits(factor),
                _ => number * scale,
            },
        }
    }

    fn code(&self, row: usize, col: usize) -> u32 {
        let Packing {
            rows, cols, bits, ..
        } = *self.packing;
        let at = match self.packing.order {
            Order::Rows => (row * cols + col) * bits,
            Order::HighFirst => {
                let place = row * cols + col;
                (place ^ 1) * bits
            }
            Order::Words => {
                let per_word = 32 / bits;
                (row * cols.div_ceil(per_word) + col / per_word) * 32 + col % per_word * bits
            }
            Order::Down => {
                let first = col * bits;
                let word = |number: usize| (number * rows + row) * 32;
                if first % 32 + bits > 32 {
                    // Two words that do not lie together.
                    let low = 32 - first % 32;
                    let below = bits_at(&self.codes, word(first / 32) + first % 32, low);
                    return below | bits_at(&self.codes, word(first / 32 + 1), bits - low) << low;
                }
                word(first / 32) + first % 32
            }
            Order::Across => {
                let order = Order::across(bits);
                let words = rows / order.len();
                (col * words + row / order.len()) * 32 + order[row % order.len()] * bits
            }
        };
        bits_at(&self.codes, at, bits)
    }

    fn group(&self, row: usize, col: usize) -> usize {
        let Packing { rows, cols, .. } = *self.packing;
        match self.packing.group {
            Group::One => 0,
            Group::Row => row,
            Group::Run(length) => (row * cols + col) / length,
            Group::InRow(length) => row * cols.div_ceil(length) + col / length,
            Group::Across(length) => col / length * rows + row,
            Group::Listed { groups, across, .. } => {
                let group = self.listed[col];
                if across {
                    group * rows + row
                } else {
                    row * groups + group
                }
            }
        }
    }
}
